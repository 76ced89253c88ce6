# SPDX-License-Identifier: Apache-2.0
"""The table, the page and the picture of Tools/peers.  These tests need no peer."""

import os
import sys

import pytest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
sys.path[:0] = [os.path.join(ROOT, "peers"), os.path.join(ROOT, "pictures")]
import charts  # noqa: E402
import report  # noqa: E402
from rounds import Fact, Part, Row, alternate, timed  # noqa: E402

FAST = Row("fast work", "a peer", [0.001, 0.002, 0.001], [0.003, 0.002, 0.004], 2.0, multiply_adds=10 ** 8, notes="as is")
SLOW = Row("slow <work>", "another", [0.2, 0.2], [0.1, 0.1], 1.3)


def test_ratio_is_the_median_of_the_rounds():
    assert FAST.ratios == [3.0, 1.0, 4.0]
    assert FAST.ratio == 3.0
    assert SLOW.ratio == 0.5


def test_contenders_take_turns():
    turns = []
    ours, theirs = alternate(lambda: turns.append("a") or len(turns), lambda: turns.append("b") or len(turns), 3)
    assert turns == ["a", "b"] * 3
    assert (ours, theirs) == ([1, 3, 5], [2, 4, 6])


def test_rounds_before_the_first_do_not_count():
    calls = []
    assert timed(lambda: calls.append(1), 3, 2) >= 0
    assert len(calls) == 5


def test_table_says_what_is_missed():
    lines = report.table([FAST, SLOW])
    assert lines[2] == "| fast work | a peer | 1.00 | 3.00 | **3.00×** | 1.00–4.00 | 2× | 100, 33 |"
    assert lines[3] == "| slow <work> | another | 200 | 100 | 0.50×, missed | 0.50–0.50 | 1.3× |  |"


@pytest.mark.parametrize("value, bound, met", [(29, 30, True), (31, 30, False), (61, -60, True), (59, -60, False)])
def test_facts_keep_bounds_on_either_side(value, bound, met):
    line = report.facts_table([Fact("work", value, bound, "ms")])[2]
    assert ("missed" not in line) is met
    assert ("at least 60" if bound < 0 else "at most 30") in line


def test_page_and_what_is_kept_between_runs():
    part = Part([FAST, SLOW], [Fact("alone", 1, 2, "ms")], {"profile": "  1 ms  somewhere"})
    assert Part.from_json(part.to_json()) == part
    page = report.markdown([part], "some command", "scalar", ["- some machine"])
    for text in ("`some command`", "- some machine", "- kernels: scalar", "- fast work: as is", "| alone |", "  1 ms  somewhere"):
        assert text in page
    assert "\n\n\n" not in page


def test_picture_has_each_row(tmp_path):
    chart = report.picture([Part([FAST, SLOW], [], {})])
    assert chart["bars"] == [("fast work", 3.0, 2.0), ("slow <work>", 0.5, 1.3)]
    charts.save(tmp_path / "ratios.svg", **chart)
    assert "slow &lt;work&gt;" in (tmp_path / "ratios.svg").read_text()
