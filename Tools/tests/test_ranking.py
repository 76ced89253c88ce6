# SPDX-License-Identifier: Apache-2.0
"""The ranking stage: the written trees equal LightGBM's, and the calibration is monotone and accurate."""

import itertools
import json

import numpy
import pytest
from assigner_training import ranking
from assigner_training.__main__ import main


def test_ranking(tmp_path):
    random = numpy.random.default_rng(5)
    path = tmp_path / "features.jsonl"
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps({"features": ["similarity", "count", "noise"]}) + "\n")
        for query in range(300):
            for _ in range(8):
                similarity, count, noise = random.random(), int(random.integers(1, 6)), random.random()
                label = int(random.random() < 1 / (1 + numpy.exp(-(6 * similarity + count - 7))))
                file.write(json.dumps({"query": query, "label": label, "gold": 2,
                                       "features": [similarity, count, noise]}) + "\n")
    output = tmp_path / "ranking.json"
    assert main(["ranking", "--work", str(tmp_path), "--config", "tiny", "--features", str(path),
                 "--output", str(output)]) == 0
    ranking = json.loads(output.read_text())
    assert ranking["features"] == ["similarity", "count", "noise"]
    assert 1 <= len(ranking["trees"]) <= 150
    for tree in ranking["trees"]:
        leaves = [node for node, feature in enumerate(tree["feature"]) if feature < 0]
        assert len(leaves) <= 63
        for node, feature in enumerate(tree["feature"]):
            if feature >= 0:
                assert node < tree["left"][node] < len(tree["feature"])
                assert node < tree["right"][node] < len(tree["feature"])
    x, y = ranking["calibration"]["x"], ranking["calibration"]["y"]
    assert len(x) == len(y) <= 20 and x[0] == 0 and x[-1] == 1
    assert all(a < b for a, b in zip(x, x[1:])) and all(a <= b for a, b in zip(y, y[1:]))


def write_features(path, names, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps({"features": names}) + "\n")
        for query, label, features in rows:
            file.write(json.dumps({"query": query, "label": label, "gold": 1, "features": features}) + "\n")


def test_files_of_an_event_share_a_fold_and_missing_features_are_zero(tmp_path):
    names = ["storm@new.jsonl", "storm@stream-1.jsonl", "fire@new.jsonl", "talk.jsonl"]
    for name in names:
        own = ["length", "streamShare"] if "stream" in name else ["length"]
        write_features(tmp_path / name, own, [(q, q % 2, [q + 1.0] * len(own)) for q in range(6)])
    data = ranking.Candidates([str(tmp_path / name) for name in names], without=["pieces"])
    assert [data.names[column] for column in data.used] == ["length", "streamShare"]
    assert data.x[data.file == 0][:, 1].tolist() == [0] * 6 and data.x[data.file == 1][:, 1].tolist() == [1, 2, 3, 4, 5, 6]
    folds = data.folds(2, seed=1)
    assert len(set(folds[data.file <= 1])) == 1 and set(folds[data.file <= 1]) != set(folds[data.file == 2])
    assert set(folds[data.file == 3]) == {0, 1}
    assert [query for query, _ in data.queries(1)] == list(range(6)) and data.kind(1) == "stream-1"


def test_expected_f1_counts_every_outcome():
    probabilities = [0.9, 0.4, 0.3]
    def exact(length):
        total = 0
        for outcome in itertools.product([0, 1], repeat=3):
            chance = numpy.prod([p if hit else 1 - p for p, hit in zip(probabilities, outcome)])
            total += chance * 2 * sum(outcome[:length]) / (length + sum(outcome)) if sum(outcome) else 0
        return total
    value, length = ranking.expected_f1(numpy.array(probabilities), 5)
    assert value == pytest.approx(max(exact(n) for n in (1, 2, 3))) and value == pytest.approx(exact(length))
    assert ranking.expected_f1(numpy.array([]), 5) == (0.0, 0)
