# SPDX-License-Identifier: Apache-2.0
"""The agreement stage on a few tweets with known figures."""

import json
import types

from assigner_training import agreement


def test_a_tweet_is_answered_by_the_others_of_its_group_alone(tmp_path, capsys):
    groups = [(1, ["Flood", "River"]), (1, ["flood"]), (2, ["Flood"]), (3, ["fire"]), (3, ["smoke"])]
    (tmp_path / "pairs.jsonl").write_text("".join(
        json.dumps({"id": i, "text": "t", "input": "t", "hashtags": tags, "event": "e", "near_dev": False, "group": group}) + "\n"
        for i, (group, tags) in enumerate(groups)))
    agreement.run(types.SimpleNamespace(work=str(tmp_path)))
    # Tweet 0: "flood" is half of its gold, F1 2/3 and AP 1/2.  Tweet 1: flood, river: F1@1 1, F1@2 2/3, AP 1.  3 and 4: nothing.
    assert capsys.readouterr().out == "4 tweets with near-duplicates: F1@1 41.7  F1@2 33.3  F1@5 33.3  MAP@5 37.5\n"
