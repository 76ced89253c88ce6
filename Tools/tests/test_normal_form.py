# SPDX-License-Identifier: Apache-2.0
"""The fixture of the Swift implementation agrees with this package."""

import json
import os

from assigner_training.normal_form import hashtag_normal_form, normal_form

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
