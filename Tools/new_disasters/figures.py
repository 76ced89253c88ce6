# SPDX-License-Identifier: Apache-2.0
"""The figures of a stream, their table and their picture; and counting, the baseline without a model."""

import collections
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "pictures"))
from assigner_training.metrics import average_precision, f1  # noqa: E402
from assigner_training.normal_form import hashtag_normal_form  # noqa: E402
from charts import save  # noqa: E402

COUNTING = "counting alone"
WINDOWS = [(0, 10), (10, 100), (100, 1000)]  # tweets of the stream
HALF_LIFE = 200


def counted(rows: list[dict]) -> list[list[str]]:
    """The five hashtags with the highest counts before each row."""
    counts, answers = collections.Counter(), []
    for row in rows:
        answers.append([tag for tag, _ in counts.most_common(5)])
        if row["learn"]:
            for tag in counts:
                counts[tag] *= 0.5 ** (1 / HALF_LIFE)
            counts.update(dict.fromkeys(map(hashtag_normal_form, row["hashtags"]), 1))
    return answers


def figures(rows: list[dict], answers: list[list[str]], five: list[list[str]]) -> dict:
    """Mean figures of the whole stream and of its windows: F1@1, F1@5 and MAP@5 (of `five`)."""
    gold = [list(dict.fromkeys(filter(None, map(hashtag_normal_form, row["hashtags"])))) for row in rows]

    def means(start, end):
        chosen = range(start, min(end, len(rows)))
        sums = [sum(values) for values in zip(*(
            (f1(answers[i], gold[i], 1), f1(answers[i], gold[i], 5), average_precision(five[i], gold[i])) for i in chosen))]
        return [round(100 * value / len(chosen), 2) for value in sums]

    whole = means(0, len(rows))
    return {"whole": whole, "windows": [means(*window) if window[0] < len(rows) else None for window in WINDOWS]}


def mean(values: list[list[float]]) -> list[float]:
    return [sum(column) / len(values) for column in zip(*values)]


def show(results: dict, names: list[str], shares: list[float], picture: str | None = None) -> None:
    """The table, means over the events of means over the orders; and the picture.

    `results`: by (event, share, order, name).
    """
    print("| taught | row | F1@1 | F1@5 | MAP@5 | F1@5, tweets 1-10 | 11-100 | 101-1000 |\n| --- | --- |" + " ---: |" * 6)
    series = {}
    for share in shares:
        for name in names:
            events = collections.defaultdict(list)
            for key, result in results.items():
                if key[1] == share and key[3] == name:
                    events[key[0]].append(result)
            if not events:
                continue
            whole = mean([mean([run["whole"] for run in runs]) for runs in events.values()])
            windows = []
            for place in range(len(WINDOWS)):
                long_enough = [runs for runs in events.values() if runs[0]["windows"][place]]
                means = [mean([run["windows"][place] for run in runs]) for runs in long_enough]
                windows.append(mean(means)[1] if means else 0)
            cells = [f"{value:.1f}" for value in [*whole, *windows]]
            print(f"| {share:g} | {name} | " + " | ".join(cells) + " |", flush=True)
            if name in ("learning", COUNTING) and share:
                series[f"{name}, {share:g} taught"] = [[10, windows[0]], [100, windows[1]], [1000, windows[2]]]
    if picture:
        save(picture, "lines", title="A new disaster: F1@5 up to this tweet of the stream", x="tweet", y="F1@5",
             series=series, log_x=True)
