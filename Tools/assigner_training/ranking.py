# SPDX-License-Identifier: Apache-2.0
"""ranking: fits the learned ranking of candidates, which consists of shallow boosted trees and a calibration.

Reads --features FILE.jsonl (or .gz), which the runtime writes for training tweets: a header line {"features": [name,
…]}, then one row per candidate, {"query": int, "label": 0 or 1, "features": [number, …]} and, if known, "gold": the
number of the query's gold hashtags (candidates or not).  Fits LightGBM (binary objective) on all rows, and the
calibration on out-of-fold scores, with folds by query.  Writes ranking.json:

    {"features": […], "base": number, "trees": [{"feature", "threshold", "left", "right", "value"} …],
     "calibration": {"x": […], "y": […]}}

Node i of a tree goes left if x[feature] <= threshold; feature -1 is a leaf.  The probability is a piecewise linear
function of sigmoid(base + sum of leaves) through the calibration's knots.
"""

import collections
import json
import os
import sys

import lightgbm
import numpy
from sklearn.isotonic import IsotonicRegression

from .files import read_rows, written_atomically
from .metrics import average_precision, f1


def add_arguments(parser):
    parser.add_argument("--features", required=True, help="candidates of training tweets, written by the runtime")
    parser.add_argument("--output", help="path of ranking.json (default: WORK/ranking/ranking.json)")


def run(args):
    settings = args.settings["ranking"]
    names, x, y, query, gold = read(args.features)
    parameters = {"objective": "binary", "num_leaves": settings["leaves"], "learning_rate": settings["learning_rate"],
                  "min_data_in_leaf": settings["min_child"], "seed": args.seed, "deterministic": True, "verbosity": -1,
                  "use_missing": False, "num_threads": args.threads or 0, "force_row_wise": True}
    fit = lambda rows: lightgbm.train(parameters, lightgbm.Dataset(x[rows], y[rows]), settings["trees"])

    order = numpy.random.default_rng(args.seed).permutation(numpy.unique(query))
    fold = {int(q): i % settings["folds"] for i, q in enumerate(order)}
    folds = numpy.array([fold[int(q)] for q in query])
    held_out = numpy.empty(len(y))
    for number in range(settings["folds"]):
        rows = folds == number
        held_out[rows] = fit(~rows).predict(x[rows])
        print(f"ranking: fold {number + 1}/{settings['folds']}", file=sys.stderr, flush=True)
    knots_x, knots_y = calibrate(held_out, y, settings["knots"])

    model = fit(numpy.ones(len(y), dtype=bool))
    ranking = {"features": names, "base": 0.0, "trees": trees(model), "calibration": {"x": knots_x, "y": knots_y}}
    difference = numpy.abs(raw_score(ranking, x[:2000]) - model.predict(x[:2000], raw_score=True)).max()
    if difference > 1e-6:
        raise SystemExit(f"the written trees differ from LightGBM's by {difference}")
    path = args.output or os.path.join(args.work, "ranking", "ranking.json")
    with written_atomically(path) as file:
        json.dump(ranking, file)
    report(held_out, numpy.interp(held_out, knots_x, knots_y), y, query, gold)
    gains = model.feature_importance("gain")
    print("gain: " + "  ".join(f"{names[i]} {100 * gains[i] / max(gains.sum(), 1e-9):.1f}" for i in numpy.argsort(-gains)))
    print(f"ranking: {path}", file=sys.stderr)


def read(path):
    """(names, features [n, k], labels [n], query numbers [n], gold count by query or {})."""
    rows = read_rows(path)
    names = next(rows)["features"]
    x, y, query, gold = [], [], [], {}
    for number, row in enumerate(rows, 2):
        if len(row["features"]) != len(names):
            raise SystemExit(f"{path}:{number}: {len(row['features'])} features, but the header names {len(names)}")
        x.append(row["features"])
        y.append(row["label"])
        query.append(row["query"])
        if "gold" in row:
            gold[row["query"]] = row["gold"]
    return names, numpy.array(x, dtype=numpy.float64), numpy.array(y), numpy.array(query), gold


def trees(model):
    """LightGBM's trees as flat arrays, with children after their parents."""
    out = []
    for tree in model.dump_model()["tree_info"]:
        flat = {"feature": [], "threshold": [], "left": [], "right": [], "value": []}

        def add(node):
            index = len(flat["feature"])
            leaf = "leaf_value" in node
            flat["feature"].append(-1 if leaf else node["split_feature"])
            flat["threshold"].append(0.0 if leaf else node["threshold"])
            flat["value"].append(node["leaf_value"] if leaf else 0.0)
            flat["left"].append(-1)
            flat["right"].append(-1)
            if not leaf:
                flat["left"][index] = add(node["left_child"])
                flat["right"][index] = add(node["right_child"])
            return index

        add(tree["tree_structure"])
        out.append(flat)
    return out


def raw_score(ranking, x):
    """The score of every row of `x` as the runtime computes it."""
    scores = numpy.full(len(x), ranking["base"])
    for tree in ranking["trees"]:
        for row in range(len(x)):
            node = 0
            while tree["feature"][node] >= 0:
                left = x[row, tree["feature"][node]] <= tree["threshold"][node]
                node = tree["left"][node] if left else tree["right"][node]
            scores[row] += tree["value"][node]
    return scores


def calibrate(predicted, labels, count):
    """At most `count` knots (x, y) of a non-decreasing piecewise-linear map from predicted to true probability.

    Isotonic regression over the means of bins with equal numbers of positives: so the knots are dense where relevant
    candidates are.
    """
    positives = numpy.sort(predicted[labels > 0])
    if len(positives) < count:
        return [0.0, 1.0], [0.0, 1.0]
    edges = numpy.unique(numpy.quantile(positives, numpy.linspace(0, 1, count - 1)[1:-1]))
    bins = numpy.searchsorted(edges, predicted)
    weights = numpy.bincount(bins, minlength=len(edges) + 1)
    used = weights > 0
    x = numpy.bincount(bins, predicted, len(edges) + 1)[used] / weights[used]
    y = numpy.bincount(bins, labels, len(edges) + 1)[used] / weights[used]
    y = IsotonicRegression(y_min=0, y_max=1).fit(x, y, weights[used]).predict(x)
    x, y = [0.0, *x.tolist(), 1.0], [0.0, *y.tolist(), float(y[-1])]
    return x, y


def report(predicted, calibrated, labels, query, gold):
    """Prints out-of-fold figures: log loss and Brier score before and after calibration, and those of the ranking."""
    for name, p in (("raw", predicted), ("calibrated", calibrated)):
        clipped = numpy.clip(p, 1e-6, 1 - 1e-6)
        loss = -numpy.mean(labels * numpy.log(clipped) + (1 - labels) * numpy.log(1 - clipped))
        print(f"{name}: log loss {loss:.4f}  Brier {numpy.mean((p - labels) ** 2):.4f}")
    rows = collections.defaultdict(list)
    for i in numpy.argsort(-predicted, kind="stable").tolist():
        rows[int(query[i])].append(i)
    totals = collections.Counter()
    for q, ranked in rows.items():
        right = [i for i in ranked if labels[i]]
        # Gold hashtags that are not candidates count as missed: they are names that no candidate has.
        wanted = right + [("missing", i) for i in range(gold.get(q, len(right)) - len(right))]
        for k in (1, 2, 5):
            totals[f"F1@{k}"] += f1(ranked, wanted, k)
        totals["MAP@5"] += average_precision(ranked, wanted)
    known = "" if gold else " (gold among the candidates only)"
    print(f"{len(rows)} queries, out of fold{known}: "
          + "  ".join(f"{name} {100 * value / len(rows):.2f}" for name, value in totals.items()))
