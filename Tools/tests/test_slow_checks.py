# SPDX-License-Identifier: Apache-2.0
"""Tools/slow-checks: the outcomes that it keeps, and the table of the page."""

import importlib.machinery
import importlib.util
import json
import pathlib

import pytest

PATH = str(pathlib.Path(__file__).parents[1] / "slow-checks")
LOADER = importlib.machinery.SourceFileLoader("slow_checks", PATH)
checks = importlib.util.module_from_spec(importlib.util.spec_from_loader("slow_checks", LOADER))
LOADER.exec_module(checks)

KEPT = {"when": "2026-11-29 01:02 UTC", "commit": "abc1234", "outcome": "passed", "seconds": 3725}


@pytest.fixture
def page(tmp_path, monkeypatch):
    """A separate page and outcomes, and two checks, one of which fails."""
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    monkeypatch.setattr(checks, "CHECKS", {"good": ("echo fine", "that echo runs"), "bad": ("false", "nothing")})
    monkeypatch.setattr(checks, "commit", lambda: "abc1234")
    (tmp_path / "README.md").write_text(f"before\n\n{checks.BEGIN}\nold\n{checks.END}\n\nafter\n")

    def run(*words):
        monkeypatch.setattr("sys.argv", ["slow-checks", "--outcomes", str(tmp_path / "o.json"), "--page",
                                         str(tmp_path / "README.md"), *words])
        with pytest.raises(SystemExit) as ended:
            checks.main()
        return ended.value.code, (tmp_path / "README.md").read_text()
    return run


def test_a_row_says_what_ran_when_where_and_how_it_ended():
    rows = checks.table({"arm": KEPT}).splitlines()
    assert len(rows) == 2 + len(checks.CHECKS)
    assert rows[2].startswith("| `Cross/test` | every test on three emulated ARM processors")
    assert rows[2].endswith("| 2026-11-29 01:02 UTC | abc1234 | passed | 1 h 2 min |")
    assert rows[3].endswith("| never |  | not run |  |")


@pytest.mark.parametrize("seconds, words", [(0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3599, "59 min 59 s"),
                                            (7200, "2 h 0 min")])
def test_durations(seconds, words):
    assert checks.duration(seconds) == words


def test_only_the_lines_between_the_markers_change(page):
    code, text = page("--table")
    assert code == 0
    assert text.startswith(f"before\n\n{checks.BEGIN}\n| check |") and text.endswith(f"|\n{checks.END}\n\nafter\n")
    assert "old" not in text and text.count("| never |") == 2
    assert page("--table") == (code, text), "a second run gives the same page"


def test_outcomes_are_kept_for_each_check(page, tmp_path):
    code, text = page("good")
    assert code == 0 and "| abc1234 | passed | 0 s |" in text and text.count("| never |") == 1
    code, text = page()
    assert code == 1 and "| abc1234 | failed (1) | 0 s |" in text and "| never |" not in text
    assert json.loads((tmp_path / "o.json").read_text())["bad"]["outcome"] == "failed (1)"
    assert (tmp_path / "build" / "slow-checks" / "good.log").read_text() == "fine\n"


def test_an_unknown_name_and_a_page_without_markers_are_refused(page, tmp_path):
    assert page("other")[0] == 2
    (tmp_path / "README.md").write_text("no markers\n")
    assert "needs one line" in page("--table")[0]


def test_a_command_with_an_unset_variable_does_not_run(page, monkeypatch):
    monkeypatch.setattr(checks, "CHECKS", {"training": ("false $NOT_SET_ANYWHERE", "nothing")})
    assert "set these environment variables" in page("training")[0]


def test_readme_has_the_table_of_the_kept_outcomes():
    root = pathlib.Path(PATH).parents[1]
    text = (root / "README.md").read_text()
    kept = root / "Tools" / "slow-checks.json"
    assert checks.replaced(text, checks.table(json.loads(kept.read_text()) if kept.exists() else {})) == text
