# SPDX-License-Identifier: Apache-2.0
"""The fixture of the Swift implementation agrees with this package."""

import json
import os

from assigner_training.normal_form import hashtag_normal_form, is_hashtag, normal_form

FIXTURE = os.path.join(os.path.dirname(__file__), "..", "..", "Tests", "TextTests", "Fixtures", "normal_form.jsonl")


def test_fixture():
    with open(FIXTURE, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    assert len(rows) > 500
    for row in rows:
        if "tag" in row:
            assert hashtag_normal_form(row["tag"]) == row["normal"]
        else:
            text, hashtags = normal_form(row["input"])
            assert (text, hashtags) == (row["text"], row["hashtags"]), row["input"]


def test_no_output_has_spaces_or_controls_to_cut():
    with open(FIXTURE, encoding="utf-8") as file:
        for line in file:
            text = json.loads(line).get("text", "")
            assert text == " ".join(text.split())


def test_hashtags_of_every_script():
    with open(os.path.join(os.path.dirname(FIXTURE), "hashtag_normal_form.jsonl"), encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    assert len(rows) > 1000
    for tag, normal in rows:
        assert hashtag_normal_form(tag) == normal
    assert is_hashtag(hashtag_normal_form("熊本地震")) and not is_hashtag(hashtag_normal_form("9_11"))
