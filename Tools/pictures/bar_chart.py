# SPDX-License-Identifier: Apache-2.0
"""A horizontal bar chart as SVG text: a bar for each value over a logarithmic x, and a mark where it should at least be."""

import math
from xml.sax.saxutils import escape

BAR, GAP, LEFT, WIDTH, TOP, BOTTOM = 18, 10, 330, 760, 44, 34
MET, MISSED, MARK = "#3d8f5f", "#c7532b", "#222222"


def bar_chart(title: str, bars: list[tuple[str, float, float]], unit: str = "") -> str:
    """The picture of `bars`: (name, value, target), all values and targets above 0."""
    numbers = [number for _, value, target in bars for number in (value, target)] + [1.0]
    low, high = min(numbers) / 1.3, max(numbers) * 1.5
    height = TOP + len(bars) * (BAR + GAP) + BOTTOM

    def place(number: float) -> float:
        return LEFT + (WIDTH - LEFT - 20) * math.log(number / low) / math.log(high / low)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
           f'<text x="12" y="24" font-size="15" font-weight="bold">{escape(title)}</text>']
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        for digit in (1, 2, 5):
            number = digit * 10.0 ** power
            if low <= number <= high:
                x = place(number)
                colour = "#888888" if number == 1 else "#e2e2e2"
                out.append(f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{height - BOTTOM}" stroke="{colour}"/>')
                out.append(f'<text x="{x:.1f}" y="{height - BOTTOM + 16}" text-anchor="middle">{number:g}{escape(unit)}</text>')
    for row, (name, value, target) in enumerate(bars):
        y = TOP + row * (BAR + GAP)
        start, end = place(low), place(value)
        colour = MET if value >= target else MISSED
        out.append(f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>')
        out.append(f'<rect x="{start:.1f}" y="{y}" width="{max(1.0, end - start):.1f}" height="{BAR}" fill="{colour}"/>')
        out.append(f'<text x="{end + 5:.1f}" y="{y + 13}">{value:.3g}{escape(unit)}</text>')
        x = place(target)
        out.append(f'<line x1="{x:.1f}" y1="{y - 3}" x2="{x:.1f}" y2="{y + BAR + 3}" stroke="{MARK}" stroke-width="2"/>')
    return "\n".join(out + ["</svg>", ""])
