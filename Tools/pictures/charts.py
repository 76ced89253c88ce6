#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws charts with matplotlib.

The numbers of each picture lie beside it as JSON, so it can be drawn again without measuring.

    Tools/.venv/bin/python Tools/pictures/charts.py FILE.json…      draws FILE.svg from each

The same numbers give the same bytes.
"""

import io
import json
import os
import sys

COLOURS = ["#2f6fb0", "#c7532b", "#3d8f5f", "#8a5fb5", "#b08a1e", "#5d6b78", "#c04f86", "#2e9aa6"]
MARKERS = "os^Dvp<>"
MET, MISSED, TARGET = "#3d8f5f", "#c7532b", "#222222"


def pyplot():
    """matplotlib, set up to write reproducible SVG files. Ends the program if it is missing."""
    try:
        import matplotlib
    except ImportError:
        sys.exit("matplotlib is missing: run Tools/venv, and use Tools/.venv/bin/python")
    matplotlib.use("svg")
    # Text stays text, which can be searched. The names inside the file do not depend on the date.
    matplotlib.rcParams.update({
        "svg.fonttype": "none", "svg.hashsalt": "assigner", "font.family": "sans-serif", "font.size": 10,
        "axes.spines.top": False, "axes.spines.right": False, "axes.titleweight": "bold", "axes.titlelocation": "left",
    })
    import matplotlib.pyplot
    return matplotlib.pyplot


def svg(figure) -> str:
    """The figure as SVG text, without the date."""
    text = io.StringIO()
    figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    pyplot().close(figure)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def line_chart(title: str, x: str, y: str, series: dict[str, list[tuple[float, float]]], log_x: bool = False) -> str:
    """Curves: name -> points. With `log_x` the axis is logarithmic; if an x is 0, it is linear below 10, to show the 0."""
    plot = pyplot()
    from matplotlib.ticker import FuncFormatter, MaxNLocator
    figure, axes = plot.subplots(figsize=(6.2, 4.1))
    for number, (name, points) in enumerate(series.items()):
        # Every second curve is dashed and drawn last, so that two equal curves are both visible.
        odd = number % 2
        axes.plot(*zip(*points), label=name, color=COLOURS[number % len(COLOURS)], marker=MARKERS[number % len(MARKERS)],
                  markersize=4.5, linewidth=1.8, linestyle=("-", "--")[odd], zorder=2 + odd)
    places = [place for points in series.values() for place, _ in points]
    if log_x and min(places) > 0:
        axes.set_xscale("log")
        axes.set_xticks([digit * 10 ** power for power in range(9) for digit in (1, 2, 5)
                         if min(places) <= digit * 10 ** power <= max(places)])
    elif log_x:
        axes.set_xscale("symlog", linthresh=10, linscale=0.6)
        axes.set_xticks([0, *(digit * 10 ** power for power in range(1, 9) for digit in (1, 3)
                              if digit * 10 ** power <= max(places))])
    else:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.grid(axis="y", color="#e2e2e2")
    axes.set_axisbelow(True)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
    return svg(figure)


def bar_chart(title: str, bars: list[tuple[str, float, float]], unit: str = "") -> str:
    """Bars over a logarithmic x: (name, value, target), all above 0. A mark shows the target of each bar."""
    plot = pyplot()
    from matplotlib.ticker import FuncFormatter, LogLocator
    figure, axes = plot.subplots(figsize=(6.2, 0.6 + 0.38 * len(bars)))
    names, values, targets = zip(*bars)
    rows = range(len(bars))
    axes.set_xscale("log")
    low, high = 0.75 * min(1.0, *values, *targets), 1.8 * max(1.0, *values, *targets)
    axes.barh(rows, [value - low for value in values], left=low, height=0.62,
              color=[MET if value >= target else MISSED for value, target in zip(values, targets)])
    for row, value, target in zip(rows, values, targets):
        axes.plot([target, target], [row - 0.4, row + 0.4], color=TARGET, linewidth=2, gid=f"target-{row}")
        axes.text(max(value, target) * 1.06, row, f"{value:.3g}{unit}", va="center")
    axes.axvline(1, color="#888888", linewidth=1)
    axes.set(title=title, xlim=(low, high))
    axes.set_yticks(rows, names)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}{unit}"))
    axes.minorticks_off()
    axes.tick_params(axis="y", length=0)
    return svg(figure)


KINDS = {"lines": line_chart, "bars": bar_chart}


def save(path: str, kind: str, **chart) -> None:
    """Draws a chart into `path`, and writes its numbers beside it, as .json."""
    with open(os.path.splitext(path)[0] + ".json", "w", encoding="utf-8") as file:
        json.dump({"kind": kind, **chart}, file, ensure_ascii=False, indent=1)
        file.write("\n")
    draw(path, kind, chart)


def draw(path: str, kind: str, chart: dict) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(KINDS[kind](**chart))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as source:
            kept = json.load(source)
        draw(os.path.splitext(name)[0] + ".svg", kept.pop("kind"), kept)
