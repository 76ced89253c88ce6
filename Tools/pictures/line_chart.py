# SPDX-License-Identifier: Apache-2.0
"""A line chart as SVG text: series of points over a logarithmic or linear x, with a legend; readable in light and dark."""

import math
from xml.sax.saxutils import escape

COLOURS = ["#2f6fb0", "#c7532b", "#3d8f5f", "#8a5fb5", "#b08a1e", "#5d6b78", "#c04f86", "#2e9aa6"]
WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 60, 200, 40, 50


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers from just below `low` to just above `high`."""
    raw = max(high - low, 1e-9) / count
    unit = 10 ** math.floor(math.log10(raw))
    step = next(unit * m for m in (1, 2, 5, 10) if unit * m >= raw)
    first = math.floor(low / step)
    return [step * i for i in range(first, math.ceil(high / step) + 1)]


def line_chart(title: str, x_name: str, y_name: str, series: dict[str, list[tuple[float, float]]], log_x: bool = False) -> str:
    """The picture of `series`: name -> points (x, y), x ascending; with `log_x` every x is above 0."""
    points = [point for line in series.values() for point in line]
    scale = math.log if log_x else float
    xs = sorted({x for x, _ in points})
    levels = ticks(min(y for _, y in points), max(y for _, y in points))
    span_x = (scale(xs[-1]) - scale(xs[0])) or 1
    span_y = (levels[-1] - levels[0]) or 1
    plot_width, plot_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(x: float, y: float) -> tuple[float, float]:
        return (LEFT + plot_width * (scale(x) - scale(xs[0])) / span_x,
                TOP + plot_height * (levels[-1] - y) / span_y)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
           f'<text x="{LEFT}" y="22" font-size="15" font-weight="bold">{escape(title)}</text>']
    for level in levels:
        _, y = place(xs[0], level)
        out.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{level:g}</text>')
    for x in xs:
        out.append(f'<text x="{place(x, levels[0])[0]:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:g}</text>')
    out.append(f'<text x="{LEFT + plot_width / 2:.0f}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x_name)}</text>')
    out.append(f'<text transform="translate(16 {TOP + plot_height / 2:.0f}) rotate(-90)" text-anchor="middle">{escape(y_name)}</text>')
    for number, (name, line) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        places = [place(x, y) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        y = TOP + 14 + 20 * number
        out.append(f'<line x1="{WIDTH - RIGHT + 14}" y1="{y - 4}" x2="{WIDTH - RIGHT + 34}" y2="{y - 4}" stroke="{colour}" stroke-width="3"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 40}" y="{y}">{escape(name)}</text>')
    return "\n".join(out + ["</svg>", ""])
