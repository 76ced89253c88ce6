# SPDX-License-Identifier: Apache-2.0
"""Tools/new-disasters: its counts and its figures of a stream."""

import importlib.machinery
import importlib.util
import json
import os

import pytest

TOOLS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


@pytest.fixture(scope="module")
def tool():
    loader = importlib.machinery.SourceFileLoader("new_disasters", os.path.join(TOOLS, "new-disasters"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def rows(*hashtags, taught=True):
    return [{"text": "", "hashtags": tags.split(), "learn": taught} for tags in hashtags]


def test_counting_answers_with_what_came_before(tool):
    assert tool.counted(rows("Flood", "Flood Oslo", "Fire")) == [[], ["flood"], ["flood", "oslo"]]
    assert tool.counted(rows("Flood", "Flood", taught=False)) == [[], []]


def test_old_tweets_count_less(tool):
    stream = rows(*["Old"] * 3, *["Quiet"] * 400, "New New2", "x")
    assert tool.counted(stream)[-1] == ["quiet", "new", "new2", "old"]


def test_figures_are_means_over_the_stream_and_its_windows(tool):
    found = tool.figures(rows(*["A"] * 12), [["a"]] * 11 + [["b"]], [["b", "a"]] * 12)
    assert found["whole"] == [pytest.approx(91.67), pytest.approx(91.67), 50]
    assert found["windows"] == [[100, 100, 50], [50, 50, 50], None]


def test_folds_share_no_event_and_hold_enough(tool):
    with open(os.path.join(TOOLS, "new_disasters", "folds.json"), encoding="utf-8") as file:
        events = [event for fold in json.load(file) for event in fold]
    assert len(events) == len(set(events)) >= 24
