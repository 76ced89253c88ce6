# SPDX-License-Identifier: Apache-2.0
"""topic: fits the log-odds that a tweet speaks of a disaster, a linear model of its embedding.

Positives are the inputs of training tweets, at most `per_event` of each event; negatives are every second row of
WORK/talk.jsonl, and the ranking is fitted on the others. Writes WORK/ranking/topic.json: a ranking without trees, which
holds the topic alone. With it in the model, `assigner eval --features` measures the feature "topic"; the stage `ranking`
copies it into ranking.json.
"""

import json
import os
import random
import sys

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from . import encoder
from .files import read_rows, written_atomically


def add_arguments(parser):
    parser.add_argument("--talk", help="rows without a disaster (default: WORK/talk.jsonl)")


def run(args):
    settings = args.settings["topic"]
    events = {}
    for row in read_rows(os.path.join(args.work, "pairs.jsonl")):
        if row["input"] and not row["near_dev"] and not row["event"].startswith(tuple(settings["noisy"])):
            events.setdefault(row["event"], []).append(row["input"])
    chance = random.Random(args.seed)
    positive = [text for rows in events.values() for text in chance.sample(rows, min(len(rows), settings["per_event"]))]
    negative = [row["text"] for row in read_rows(args.talk or os.path.join(args.work, "talk.jsonl"))][::2]
    network = encoder.load(os.path.join(args.work, "joint", "model"))
    x = numpy.concatenate([network.encode(texts, args.settings["encoder"]["max_tokens"], 64) for texts in (positive, negative)])
    y = numpy.array([1] * len(positive) + [0] * len(negative))
    head = LogisticRegression(C=settings["strength"], class_weight="balanced", max_iter=1000)
    held_out = cross_val_predict(head, x, y, cv=5, method="decision_function")
    bound = numpy.quantile(held_out[y == 1], 0.03)
    print(f"topic: {len(positive)} tweets of disasters, {len(negative)} others; held out: where 97 % of the first pass, "
          f"{100 * numpy.mean(held_out[y == 0] >= bound):.1f} % of the others do")
    head.fit(x, y)
    ranking = {"features": ["topic"], "base": 0.0, "trees": [],
               "topic": {"weights": head.coef_[0].tolist(), "bias": float(head.intercept_[0])}}
    path = os.path.join(args.work, "ranking", "topic.json")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with written_atomically(path) as file:
        json.dump(ranking, file)
    print(f"topic: {path}", file=sys.stderr)
