#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws pipeline.svg: the steps from a tweet to its hashtags.

    Tools/.venv/bin/python Tools/pictures/pipeline.py
"""

import os

from charts import pyplot, svg

# Title, folder of Sources, description. Read the left column downwards and the right one upwards.
LEFT = [
    ("a line", "stdin", "one tweet, or a JSON object"),
    ("normal form", "Text", "links, mentions and closing hashtags off"),
    ("query embedding", "Transformer", "sentence encoder, 6 layers, int8 (Eq. 1)"),
    ("30 nearest tweets", "Retrieval", "scan of product-quantised codes"),
    ("top hashtags", "Retrieval", "similarity, selector, frequency (Eq. 11, 12)"),
]
RIGHT = [
    ("a line", "stdout", "hashtags, best first"),
    ("ranking", "Ranking", "all candidates: trees, calibration, expected F1"),
    ("rounding, final pass", "Diffusion", "nearest pieces, then the decoder (Eq. 13, 14)"),
    ("denoising, 3 steps", "Diffusion", "DDIM, self-conditioning (Eq. 5-10)"),
    ("source encoding", "Transformer", "hashtags and tweet through the encoder (Eq. 3, 4)"),
]
WIDTH, HEIGHT, GAP, BETWEEN = 3.6, 0.62, 0.28, 0.9
FILLS = {"stdin": "#e8f0e4", "stdout": "#e8f0e4"}


def main():
    plot = pyplot()
    from matplotlib.patches import FancyBboxPatch
    rows = len(LEFT)
    total = 2 * WIDTH + BETWEEN, rows * HEIGHT + (rows - 1) * GAP
    figure = plot.figure(figsize=total)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-0.05, total[0] + 0.05), ylim=(-0.05, total[1] + 0.05))
    axes.axis("off")

    def arrow(start, end, style="-|>"):
        axes.annotate("", end, start, arrowprops={"arrowstyle": style, "color": "#555555", "shrinkA": 0, "shrinkB": 0, "lw": 1.3})

    for column, (boxes, fill) in enumerate(((LEFT, "#eaf1fb"), (RIGHT, "#fdf1e3"))):
        x = column * (WIDTH + BETWEEN)
        for row, (title, room, text) in enumerate(boxes):
            y = total[1] - HEIGHT - row * (HEIGHT + GAP)
            axes.add_patch(FancyBboxPatch((x + 0.06, y + 0.06), WIDTH - 0.12, HEIGHT - 0.12, boxstyle="round,pad=0.06",
                                          facecolor=FILLS.get(room, fill), edgecolor="#888888"))
            axes.text(x + 0.14, y + HEIGHT - 0.21, title, weight="bold", size=11, va="center")
            axes.text(x + WIDTH - 0.14, y + HEIGHT - 0.21, room, size=8.5, color="#555555", ha="right", va="center")
            axes.text(x + 0.14, y + 0.18, text, size=9, va="center")
            if row + 1 < rows:
                ends = (x + WIDTH / 2, y), (x + WIDTH / 2, y - GAP)
                arrow(*(ends if column == 0 else reversed(ends)))
    arrow((WIDTH, HEIGHT / 2), (WIDTH + BETWEEN, HEIGHT / 2))
    # Words of the tweet and its neighbours' hashtags are candidates too, besides those of the generator.
    ranking = total[1] - 1.5 * HEIGHT - GAP
    middle = WIDTH + BETWEEN / 2
    axes.plot([middle, middle], [HEIGHT / 2, ranking], color="#555555", lw=1.3)
    arrow((middle, ranking), (WIDTH + BETWEEN, ranking))
    axes.text(middle - 0.06, (ranking + HEIGHT / 2) / 2, "candidates", size=8.5, color="#555555", rotation=90, ha="right",
              va="center")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pipeline.svg"), "w", encoding="utf-8") as file:
        file.write(svg(figure))


if __name__ == "__main__":
    main()
