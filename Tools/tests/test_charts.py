# SPDX-License-Identifier: Apache-2.0
"""Charts: every number is drawn at its place, and the labels of an axis do not overlap."""

import json
import pathlib
import subprocess
import sys
from xml.etree import ElementTree

import pytest

PICTURES = pathlib.Path(__file__).parents[1] / "pictures"
sys.path.insert(0, str(PICTURES))
import charts  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"


def labels(text, axis):
    """The labels of an axis' ticks, with their positions."""
    group = next(group for group in ElementTree.fromstring(text).iter(SVG + "g") if group.get("id") == f"matplotlib.axis_{axis}")
    found = []
    for tick in (part for part in group if "tick" in part.get("id", "")):
        for words in tick.iter(SVG + "text"):
            found.append((words.text, float(words.get("xy"[axis - 1]))))
    return found


def test_zero_is_zero_on_a_logarithmic_axis_and_no_label_hides_another():
    points = [(0, 20), (10, 30), (439, 31), (1000, 40), (2802, 41), (3000, 42), (3614, 43), (5378, 44)]
    found = labels(charts.line_chart("Title", "tweets added", "F1@5", {"one": points}, True), 1)
    assert [name for name, _ in found] == ["0", "10", "30", "100", "300", "1,000", "3,000"]
    places = [place for _, place in found]
    assert min(after - before for before, after in zip(places, places[1:])) > 25


@pytest.mark.parametrize("log_x, names", [(True, ["1", "2", "5", "10", "20", "50", "100", "200"]), (False, None)])
def test_curves_have_their_names(log_x, names):
    text = charts.line_chart("T & t", "steps", "F1", {"a <b>": [(1, 40.5), (3, 33), (200, 41)], "c": [(1, 40), (200, 40)]}, log_x)
    for words in ("T &amp; t", "a &lt;b&gt;", ">c<", ">steps<", ">F1<"):
        assert words in text
    assert names is None or [name for name, _ in labels(text, 1)] == names


def test_bars_say_whether_the_target_is_met():
    text = charts.bar_chart("Title", [("fast", 3.0, 2.0), ("slow", 0.5, 1.3)], "×")
    assert text.count(f"fill: {charts.MET}") == 1 and text.count(f"fill: {charts.MISSED}") == 1
    assert ">3×<" in text and ">0.5×<" in text
    assert "target-0" in text and "target-1" in text
    assert [name for name, _ in labels(text, 2)] == ["fast", "slow"]


def test_the_same_numbers_give_the_same_bytes_and_can_be_drawn_again(tmp_path):
    picture = tmp_path / "chart.svg"
    charts.save(picture, "lines", title="T", x="x", y="y", series={"a": [(1, 2), (2, 3)]}, log_x=False)
    first = picture.read_bytes()
    picture.unlink()
    subprocess.run([sys.executable, PICTURES / "charts.py", tmp_path / "chart.json"], check=True)
    assert picture.read_bytes() == first


@pytest.mark.parametrize("path", [*sorted(PICTURES.glob("*.json")), PICTURES.parent / "peers" / "RESULTS.json"],
                         ids=lambda path: path.stem)
def test_committed_pictures_show_their_numbers(path):
    chart = json.loads(path.read_text())
    names = [bar[0] for bar in chart["bars"]] if chart["kind"] == "bars" else chart["series"]
    text = path.with_suffix(".svg").read_text()
    for name in (chart["title"], *names):
        assert f">{name}<" in text
