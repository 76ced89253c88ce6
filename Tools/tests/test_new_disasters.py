# SPDX-License-Identifier: Apache-2.0
"""Tools/new-disasters: its counts and its figures of a stream."""

import json
import os
import sys

import pytest

TOOLS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TOOLS)
from new_disasters import bench, figures, ranking  # noqa: E402


def rows(*hashtags, taught=True):
    return [{"text": "", "hashtags": tags.split(), "learn": taught} for tags in hashtags]


def test_counting_answers_with_what_came_before():
    assert figures.counted(rows("Flood", "Flood Oslo", "Fire")) == [[], ["flood"], ["flood", "oslo"]]
    assert figures.counted(rows("Flood", "Flood", taught=False)) == [[], []]


def test_old_tweets_count_less():
    stream = rows(*["Old"] * 3, *["Quiet"] * 400, "New New2", "x")
    assert figures.counted(stream)[-1] == ["quiet", "new", "new2", "old"]


def test_figures_are_means_over_the_stream_and_its_windows():
    found = figures.figures(rows(*["A"] * 12), [["a"]] * 11 + [["b"]], [["b", "a"]] * 12)
    assert found["whole"] == [pytest.approx(91.67), pytest.approx(91.67), 50]
    assert found["windows"] == [[100, 100, 50], [50, 50, 50], None]


def test_folds_share_no_event_and_hold_enough():
    with open(os.path.join(TOOLS, "new_disasters", "folds.json"), encoding="utf-8") as file:
        events = [event for fold in json.load(file) for event in fold]
    assert len(events) == len(set(events)) >= 24


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Two events of five tweets in two folds, and a program that only notes how it was called."""
    pairs = [{"id": n, "text": f"t{n}", "input": f"i{n}", "hashtags": ["A"], "event": "ab"[n % 2], "near_dev": n == 9}
             for n in range(10)]
    bench.write(str(tmp_path / "pairs.jsonl"), pairs)
    bench.write(str(tmp_path / "talk.jsonl"), [{"text": f"chat {n}", "hashtags": []} for n in range(8)])
    (tmp_path / "ranking").mkdir()
    bench.write(str(tmp_path / "ranking" / "queries.jsonl"), [
        {"id": 0, "text": "i0", "hashtags": ["A"], "exclude": [0]}, {"id": 1, "text": "i1", "hashtags": ["A"], "exclude": [1]}])
    (tmp_path / "some.index").write_text("rows")
    found = bench.Bench(str(tmp_path), "assigner", ("some.model", str(tmp_path / "some.index")))
    found.folds, found.calls = [["a"], ["b"]], []

    def assigner(*words, converter=False):
        found.calls.append(words)
        if "--features" in words:
            bench.write(words[words.index("--features") + 1], [{"features": ["length"]}])

    monkeypatch.setattr(found, "assigner", assigner)
    return found


def test_an_index_of_a_fold_has_no_tweet_of_its_events(small):
    small.index(1)
    assert small.calls == [("index", "remove", "--index", small.calls[0][3], "--id", "1", "--id", "3", "--id", "5", "--id", "7")]


def test_a_share_of_the_stream_teaches_and_shuffles_are_seeded(small):
    assert [row["learn"] for row in small.stream("a", 1)] == [True] * 5
    assert not any(row["learn"] for row in small.stream("a", 0))
    assert small.stream("a", 0.3, 1) == small.stream("a", 0.3, 1) != small.stream("a", 0.3, 2)


def test_the_ranking_of_a_half_sees_no_event_of_that_half(small, monkeypatch, tmp_path):
    stages = []

    def stage(name, work, *options):
        stages.append(options)
        (tmp_path / "ranking.json.partial").write_text("{}")

    monkeypatch.setattr(small, "stage", stage)
    ranking.fit(small, "m", "i", str(tmp_path / "ranking.json"), half=1)
    files = [os.path.basename(word) for word in stages[0] if word.endswith(".jsonl")]
    assert "talk.jsonl" in files and "a@new.jsonl" in files and "a@known-stream.jsonl" in files
    assert not [name for name in files if name.startswith("b@")]
