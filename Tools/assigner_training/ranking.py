# SPDX-License-Identifier: Apache-2.0
"""ranking: fits the learned ranking of candidates: shallow boosted trees, a calibration, and the bound of silence.

Reads --features FILE.jsonl (or .gz) …, which the runtime writes for training tweets: a header line {"features": [name,
…]}, then one row per candidate, {"query": int, "label": 0 or 1, "features": [number, …]} and, if known, "gold": the
number of the query's gold hashtags (candidates or not).  A feature that a file does not have is 0 there.  A file named
EVENT@KIND.jsonl has the tweets of one event: all files of an event are in one fold, so held-out figures are those of events
that the ranking has not seen.  Of other files, the queries are distributed.

Fits LightGBM (binary objective), with the weight of --weight KIND=NUMBER for the files of a kind, and on a share of the wrong
candidates, which weigh more for it. Fits the calibration on out-of-fold scores.  With --known KIND, it fits the silence,
too: what tells the queries of such files from those of a file that is no event's and have no gold hashtag.  The share
`answered` of the former gets an answer.  Writes ranking.json:

    {"features": […], "base": number, "trees": [{"feature", "threshold", "left", "right", "value"} …],
     "calibration": {"x": […], "y": […]}, "topic": …, "silence": {"bias", "expected", "topic", "nearest"}}

Node i of a tree goes left if x[feature] <= threshold; feature -1 is a leaf.  The probability is a piecewise linear
function of sigmoid(base + sum of leaves) through the calibration's knots.
"""

import array
import collections
import json
import os
import sys

import lightgbm
import numpy
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from .files import read_rows, written_atomically
from .metrics import average_precision, f1


def add_arguments(parser):
    parser.add_argument("--features", required=True, nargs="+", help="candidates of training tweets, written by the runtime")
    parser.add_argument("--known", help="the kind of files whose queries are nearly all answered")
    parser.add_argument("--weight", action="append", default=[], metavar="KIND=NUMBER", help="weight of the files of a kind")
    parser.add_argument("--topic", help="topic.json of the stage `topic`, whose part goes into the ranking")
    parser.add_argument("--without", nargs="*", default=[], help="features to leave out")
    parser.add_argument("--output", help="path of ranking.json (default: WORK/ranking/ranking.json)")


def run(args):
    settings = args.settings["ranking"]
    data = Candidates(args.features, args.without)
    parameters = {"objective": "binary", "num_leaves": settings["leaves"], "learning_rate": settings["learning_rate"],
                  "min_data_in_leaf": settings["min_child"], "seed": args.seed, "deterministic": True, "verbosity": -1,
                  "use_missing": False, "num_threads": args.threads or 0, "force_row_wise": True}
    of_kinds = data.weights({kind: float(number) for kind, number in (text.split("=") for text in args.weight)})
    sampled = (data.y > 0) | (numpy.random.default_rng(args.seed).random(len(data.y)) < settings["negatives"])
    weights = numpy.where(data.y > 0, of_kinds, of_kinds / settings["negatives"])

    def fit(rows):
        chosen = rows & sampled
        return lightgbm.train(parameters, lightgbm.Dataset(data.x[chosen][:, data.used], data.y[chosen], weight=weights[chosen]),
                              settings["trees"])

    folds = data.folds(settings["folds"], args.seed)
    held_out = numpy.empty(len(data.y))
    for number in range(settings["folds"]):
        rows = folds == number
        held_out[rows] = fit(~rows).predict(data.x[rows][:, data.used])
        print(f"ranking: fold {number + 1}/{settings['folds']}", file=sys.stderr, flush=True)
    knots_x, knots_y = calibrate(held_out, data.y, settings["knots"], of_kinds)
    calibrated = numpy.interp(held_out, knots_x, knots_y)

    model = fit(numpy.ones(len(data.y), dtype=bool))
    names = [data.names[column] for column in data.used]
    ranking = {"features": names, "base": 0.0, "trees": trees(model), "calibration": {"x": knots_x, "y": knots_y}}
    some = data.x[:2000][:, data.used]
    difference = numpy.abs(raw_score(ranking, some) - model.predict(some, raw_score=True)).max()
    if difference > 1e-3:  # the numbers are rounded
        raise SystemExit(f"the written trees differ from LightGBM's by {difference}")
    if args.topic:
        with open(args.topic, encoding="utf-8") as file:
            ranking["topic"] = json.load(file)["topic"]
    if args.known:
        ranking["silence"] = silence(data, calibrated, args.known, settings)
    path = args.output or os.path.join(args.work, "ranking", "ranking.json")
    with written_atomically(path) as file:
        json.dump(ranking, file, separators=(",", ":"))
    for name, p in (("raw", held_out), ("calibrated", calibrated)):
        clipped = numpy.clip(p, 1e-6, 1 - 1e-6)
        loss = -numpy.mean(data.y * numpy.log(clipped) + (1 - data.y) * numpy.log(1 - clipped))
        print(f"{name}: log loss {loss:.4f}  Brier {numpy.mean((p - data.y) ** 2):.4f}")
    report(data, calibrated, ranking.get("silence"))
    gains = model.feature_importance("gain")
    print("gain: " + "  ".join(f"{names[i]} {100 * gains[i] / max(gains.sum(), 1e-9):.1f}" for i in numpy.argsort(-gains)))
    print(f"ranking: {path}", file=sys.stderr)


class Candidates:
    """The candidates of all files: features x [n, k], labels y [n], and for each its file and its query [n].

    The trees get the columns `used`: not those of `without`, and none that never changes.
    """

    def __init__(self, paths, without=()):
        tables = [read(path) for path in paths]
        names = list(dict.fromkeys(name for table in tables for name in table[0]))
        self.y = numpy.concatenate([table[2] for table in tables])
        x = numpy.zeros((len(self.y), len(names)))
        start = 0
        for own, values, labels, _, _ in tables:
            for column, name in enumerate(names):
                if name in own:
                    x[start:start + len(labels), column] = values[:, own.index(name)]
            start += len(labels)
        self.names, self.x = names, x
        self.used = [column for column, name in enumerate(names)
                     if name not in without and x[:, column].min() < x[:, column].max()]
        self.file = numpy.concatenate([numpy.full(len(table[2]), number) for number, table in enumerate(tables)])
        self.query = numpy.concatenate([table[3] for table in tables])
        self.gold = [table[4] for table in tables]
        self.labels = [os.path.basename(path) for path in paths]

    def folds(self, count, seed):
        """The fold of each candidate: an event, or a query of a file that is no event's, is in one fold."""
        groups, numbers = {}, numpy.empty(len(self.y), dtype=numpy.int64)
        for i, (file, query) in enumerate(zip(self.file.tolist(), self.query.tolist())):
            label = self.labels[file]
            key = label.split("@")[0] if "@" in label else (file, query)
            numbers[i] = groups.setdefault(key, len(groups))
        fold = numpy.empty(len(groups), dtype=numpy.int64)
        chance = numpy.random.default_rng(seed)
        # Events are far larger than queries, so each kind is dealt out by itself.
        for kind in (str, tuple):
            chosen = numpy.array([number for key, number in groups.items() if isinstance(key, kind)], dtype=numpy.int64)
            fold[chance.permutation(chosen)] = numpy.arange(len(chosen)) % count
        return fold[numbers]

    def weights(self, of_kinds):
        """The weight of each candidate, by the kind of its file; 1 if `of_kinds` does not name it."""
        return numpy.array([of_kinds.get(self.kind(file), 1.0) for file in range(len(self.labels))])[self.file]

    def column(self, name):
        """The values of a feature; zeros if no file has it."""
        return self.x[:, self.names.index(name)] if name in self.names else numpy.zeros(len(self.y))

    def kind(self, file):
        return self.labels[file].split("@")[-1].split(".json")[0]

    def queries(self, file):
        """(query, its candidates' numbers) of a file."""
        rows = numpy.flatnonzero(self.file == file)
        order = rows[numpy.argsort(self.query[rows], kind="stable")]
        starts = numpy.flatnonzero(numpy.diff(self.query[order], prepend=-1))
        return [(int(self.query[part[0]]), part) for part in numpy.split(order, starts[1:]) if len(part)]

    def best_answers(self, probability, file, count=5):
        """(expected F1, candidates best first) of the answer with the largest expected F1 for every query of a file."""
        for _, rows in self.queries(file):
            ranked = rows[numpy.argsort(-probability[rows], kind="stable")]
            value, length = expected_f1(probability[ranked], count)
            yield value, ranked[:length]


def read(path):
    """(names, features [n, k], labels [n], query numbers [n], gold count by query or {})."""
    rows = read_rows(path)
    names = next(rows)["features"]
    x, y, query, gold = array.array("d"), [], [], {}
    for number, row in enumerate(rows, 2):
        if len(row["features"]) != len(names):
            raise SystemExit(f"{path}:{number}: {len(row['features'])} features, but the header names {len(names)}")
        x.extend(row["features"])
        y.append(row["label"])
        query.append(row["query"])
        if "gold" in row:
            gold[row["query"]] = row["gold"]
    values = numpy.frombuffer(x) if x else numpy.empty(0)
    return names, values.reshape(-1, len(names)), numpy.array(y, dtype=numpy.int64), numpy.array(query, dtype=numpy.int64), gold


def expected_f1(probabilities, count, rest_count=16):
    """(the largest expected F1 of the first 1 … count, their number), as the runtime's ExpectedF1 chooses."""
    best = (0.0, 0)
    hits = numpy.ones(1)
    for length in range(1, min(count, len(probabilities)) + 1):
        hits = numpy.convolve(hits, [1 - probabilities[length - 1], probabilities[length - 1]])
        rest = numpy.ones(1)
        for p in probabilities[length:length + 60]:
            rest = numpy.convolve(rest, [1 - p, p])
            if len(rest) > rest_count + 1:
                rest = numpy.append(rest[:rest_count], rest[rest_count:].sum())
        h, m = numpy.arange(len(hits))[:, None], numpy.arange(len(rest))[None, :]
        value = float((hits[:, None] * rest[None, :] * 2 * h / (length + h + m)).sum())
        if value > best[0] or not best[1]:
            best = (value, length)
    return best


def trees(model):
    """LightGBM's trees as flat arrays, with children after their parents."""
    out = []
    for tree in model.dump_model()["tree_info"]:
        flat = {"feature": [], "threshold": [], "left": [], "right": [], "value": []}

        def add(node):
            index = len(flat["feature"])
            leaf = "leaf_value" in node
            flat["feature"].append(-1 if leaf else node["split_feature"])
            flat["threshold"].append(0 if leaf else float(f"{node['threshold']:.9g}"))
            flat["value"].append(round(node["leaf_value"], 6) if leaf else 0)
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


def calibrate(predicted, labels, count, each=None):
    """At most `count` knots (x, y) of a non-decreasing piecewise-linear map from predicted to true probability.

    Isotonic regression over the means of bins with equal numbers of positives: so the knots are dense where relevant
    candidates are.  `each`: the weight of every candidate (default: 1).
    """
    positives = numpy.sort(predicted[labels > 0])
    if len(positives) < count:
        return [0.0, 1.0], [0.0, 1.0]
    edges = numpy.unique(numpy.quantile(positives, numpy.linspace(0, 1, count - 1)[1:-1]))
    bins = numpy.searchsorted(edges, predicted)
    each = numpy.ones(len(labels)) if each is None else each
    weights = numpy.bincount(bins, each, minlength=len(edges) + 1)
    used = weights > 0
    x = numpy.bincount(bins, predicted * each, len(edges) + 1)[used] / weights[used]
    y = numpy.bincount(bins, labels * each, len(edges) + 1)[used] / weights[used]
    y = IsotonicRegression(y_min=0, y_max=1).fit(x, y, weights[used]).predict(x)
    x, y = [0.0, *x.tolist(), 1.0], [0.0, *y.tolist(), float(y[-1])]
    return x, y


def silence(data, probability, known, settings):
    """The weights of the runtime's `Silence`: a logistic regression of the known kind against small talk, which is no event's."""
    x, y, chance = [], [], numpy.random.default_rng(0)
    for file in range(len(data.labels)):
        if data.kind(file) == known:
            noisy = data.labels[file].startswith(tuple(settings["noisy"]))
            x += [] if noisy else silence_inputs(data, probability, file, lambda gold: gold and chance.random() < 0.3)
            y += [1] * (len(x) - len(y))
        elif "@" not in data.labels[file]:
            x += silence_inputs(data, probability, file, lambda gold: not gold)
            y += [0] * (len(x) - len(y))
    x, y = numpy.array(x), numpy.array(y)
    head = LogisticRegression(C=10, class_weight="balanced").fit(x, y)
    scores = x @ head.coef_[0]
    bound = numpy.quantile(scores[y == 1], 1 - settings["answered"])
    print(f"silence: {100 * numpy.mean(scores[y == 1] >= bound):.1f} % of {sum(y == 1)} known tweets and "
          f"{100 * numpy.mean(scores[y == 0] >= bound):.1f} % of {sum(y == 0)} others get an answer")
    expected, topic, nearest = head.coef_[0].tolist()
    return {"bias": float(-bound), "expected": expected, "topic": topic, "nearest": nearest}


def silence_inputs(data, probability, file, wanted):
    """[√ expected F1, topic, similarity of the nearest tweet] of a file's queries with a wanted number of gold hashtags."""
    topic, index, live = (data.column(name) for name in ("topic", "nearestSimilarity", "streamNearest"))
    chosen = []
    for query, rows in data.queries(file):
        if wanted(data.gold[file].get(query, int(data.y[rows].sum()))):
            value, _ = expected_f1(-numpy.sort(-probability[rows]), 5)
            chosen.append([value ** 0.5, topic[rows[0]], max(index[rows[0]], live[rows[0]])])
    return chosen


def report(data, probability, silence):
    """Prints held-out figures of every kind of file: the share of answered queries, and of those with gold hashtags F1@k of the
    default answers and MAP@5 of the ranking."""
    kinds = collections.defaultdict(list)
    for file in range(len(data.labels)):
        kinds[data.kind(file)].append(file)
    for kind, files in kinds.items():
        by_file = []
        for file in files:
            totals, queries = collections.Counter(), data.queries(file)
            for (query, rows), (value, answer) in zip(queries, data.best_answers(probability, file)):
                ranked = rows[numpy.argsort(-probability[rows], kind="stable")].tolist()
                right = [i for i in ranked if data.y[i]]
                # Gold hashtags that are not candidates count as missed: they are names that no candidate has.
                wanted = right + [("missing", i) for i in range(data.gold[file].get(query, len(right)) - len(right))]
                answer = [] if silence and is_silent(data, silence, value, rows[0]) else answer.tolist()
                totals.update({"answered": bool(answer)})
                if wanted:
                    totals.update({"gold": 1, "F1@1": f1(answer, wanted, 1), "F1@5": f1(answer, wanted, 5),
                                   "MAP@5": average_precision(ranked, wanted)})
            asked = {"answered": len(queries)}
            by_file.append({name: 100 * value / asked.get(name, totals["gold"]) for name, value in totals.items()})
        names = [name for name in dict.fromkeys(name for figures in by_file for name in figures) if name != "gold"]
        print(f"{kind}, {len(files)} files, held out: " + "  ".join(
            f"{name} {sum(figures.get(name, 0) for figures in by_file) / len(by_file):.2f}" for name in names))


def is_silent(data, silence, value, row):
    nearest = max(data.column("nearestSimilarity")[row], data.column("streamNearest")[row])
    return (silence["bias"] + silence["expected"] * value ** 0.5 + silence["topic"] * data.column("topic")[row]
            + silence["nearest"] * nearest < 0)
