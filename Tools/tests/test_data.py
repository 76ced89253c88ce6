# SPDX-License-Identifier: Apache-2.0
"""Near-duplicate groups, hashtag words, disturbed hashtags, RIGHT's formula."""

import random

import pytest
from assigner_training import near_duplicates, right, wordnet
from assigner_training.hashtag_words import HashtagWords
from assigner_training.selector import Disturber


def test_groups_equal_the_exhaustive_join():
    choice = random.Random(3)
    texts = [" ".join(choice.choice("abcdefghij") for _ in range(choice.randint(1, 7))) for _ in range(200)]
    sets = [near_duplicates.tokens(text) for text in texts]
    expected = list(range(len(texts)))
    for _ in range(len(texts)):  # spread the lowest number until nothing changes
        changed = False
        for i in range(len(texts)):
            for j in range(i):
                if len(sets[i] & sets[j]) >= 0.8 * len(sets[i] | sets[j]) and expected[i] != expected[j]:
                    expected[i] = expected[j] = min(expected[i], expected[j])
                    changed = True
        if not changed:
            break
    assert near_duplicates.groups(texts, 0.8) == expected


def test_hashtag_words():
    texts = ["pray for the river town"] * 5 + ["rivertown again"] * 5
    words = HashtagWords(texts, [set()] * 5 + [{"rivertown"}] * 5)
    assert words.split("PrayForRiverTown") == ["pray", "for", "river", "town"]
    assert words.split("NYCFire2019") == ["nyc", "fire", "2019"]
    assert words.split("rivertown") == ["river", "town"]
    assert words.split("qqzx") == ["qqzx"]
    assert words.split("HochwasserImÖlbachtal24") == ["hochwasser", "im", "ölbachtal", "24"]
    assert words.split("熊本地震_2016") == ["熊本地震", "2016"]


def test_disturbed_hashtags_follow_the_four_ways():
    words = HashtagWords(["help river"] * 5, [set()] * 5)
    disturb = Disturber({"help": ["aid"], "river": ["stream"]}, words)
    choice = random.Random(1)
    seen = [disturb("HelpRiver", choice) for _ in range(4000)]
    share = lambda *forms: sum(form in forms for form in seen) / len(seen)
    assert share("aidriver", "helpstream") == pytest.approx(0.7, abs=0.03)
    assert share("help", "river") == pytest.approx(0.1, abs=0.02)
    assert share("riverhelp") == pytest.approx(0.1, abs=0.02)
    assert share("helpaidriver", "helpriverstream") == pytest.approx(0.1, abs=0.02)
    assert disturb("Xyzzy", choice) != "xyzzy"


def test_wordnet_is_read(tmp_path):
    for part in ("noun", "verb", "adj", "adv"):
        (tmp_path / f"data.{part}").write_text("  1 licence\n")
    (tmp_path / "data.noun").write_text("  1 licence\n00001740 03 n 02 flood 0 inundation 0 000 | water\n")
    table = wordnet.synonyms(str(tmp_path))
    assert table == {"flood": ["inundation"], "inundation": ["flood"]}
    assert wordnet.of("floods", table) == ["inundations"]
    with pytest.raises(SystemExit):
        wordnet.synonyms(str(tmp_path / "nowhere"))


def test_right_formula():
    hashtags = [[0], [0, 1], [1], [2]]
    found = right.scores([0, 1, 3], [0.9, 0.7, 0.6], hashtags, lambda tags: [{0: 0.5, 1: 0.1, 2: 0.0}[t] for t in tags])
    assert found[0] == pytest.approx((0.8 + 0.5) * 1.1)
    assert found[1] == pytest.approx(0.8)
    assert found[2] == pytest.approx(0.6)
