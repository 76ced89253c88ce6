"""measure: how good the retriever and the selector are on a development split.

Exact search over the training pairs (near_dev left out).  Prints the share of gold hashtags among those of the N = 10,
30, 100 nearest tweets, and F1@1, F1@2, F1@5, MAP@5 of RIGHT's ranking over N = 30 without and with the selector's r.
Queries are the rows' "text" in normal form.  --fraction and --queries measure on a part, for a quick look.
"""

import os
import sys

import faiss
import numpy
import torch

from . import encoder, right
from .files import read_rows
from .metrics import average_precision, f1
from .normal_form import normal_form
from .neighbours import is_current
from .pairs import Pairs


def add_arguments(parser):
    parser.add_argument("--dev", required=True, help="rows with text and gold hashtags (normal forms)")
    parser.add_argument("--retriever", help="model folder, or 'start' for the untrained one (default: WORK/retriever/model)")
    parser.add_argument("--selector", help="model folder, or 'none' (default: WORK/selector/model where there is one)")
    parser.add_argument("--fraction", type=float, default=1.0, help="share of the tweets (default: all)")
    parser.add_argument("--queries", type=int, help="this many queries, drawn at random (default: all)")


def run(args):
    if args.threads:
        torch.set_num_threads(args.threads)
        faiss.omp_set_num_threads(args.threads)
    pairs = Pairs(args.work)
    random = numpy.random.default_rng(1)
    rows = numpy.sort(random.permutation(len(pairs))[:max(1, round(args.fraction * len(pairs)))])
    dev = list(read_rows(args.dev))
    total = len(dev)
    chosen = numpy.sort(random.permutation(total)[:args.queries])
    dev = [dev[i] for i in chosen]
    queries = [normal_form(row["text"])[0] for row in dev]
    gold = [row["hashtags"] for row in dev]

    retriever = args.retriever or os.path.join(args.work, "retriever", "model")
    corpus = vectors(args, retriever, [pairs.texts[row] for row in rows], "corpus", len(pairs), rows)
    near_to = vectors(args, retriever, queries, "dev-retriever", total, chosen)
    similarities, found = faiss.knn(near_to, corpus, min(100, len(rows)), metric=faiss.METRIC_INNER_PRODUCT)
    near = rows[found]

    print(f"{len(rows)} tweets, {len(dev)} queries")
    for count in (10, 30, 100):
        pools = [{pairs.hashtag_names[tag] for row in one[:count] for tag in pairs.hashtags[row]} for one in near]
        hits = sum(len(pool & set(tags)) for pool, tags in zip(pools, gold))
        print(f"pool recall N={count:<4} {100 * hits / sum(map(len, gold)):.2f}", flush=True)
    report("RIGHT, N=30, without r", pairs, near[:, :30], similarities[:, :30], gold)

    folder = args.selector or os.path.join(args.work, "selector", "model")
    if folder != "none" and (args.selector or os.path.exists(folder)):
        every = numpy.arange(len(pairs.hashtag_names))
        report("RIGHT, N=30, with r", pairs, near[:, :30], similarities[:, :30], gold,
               vectors(args, folder, queries, "dev-selector", total, chosen),
               vectors(args, folder, pairs.hashtag_names, "hashtags", len(every), every))


def vectors(args, folder, texts, name, total, rows):
    """The texts through the model in `folder`; what the stage `neighbours` has of it is not made again."""
    stored = os.path.join(args.work, "neighbours", name + ".npy")
    own = folder in (os.path.join(args.work, network, "model") for network in ("retriever", "selector"))
    if own and is_current(stored, folder, total):
        return numpy.ascontiguousarray(numpy.load(stored)[rows])
    settings = args.settings["neighbours"]
    model = encoder.start(args.settings, args.work) if folder == "start" else encoder.load(folder)
    return model.to(args.device).encode(texts, settings["max_tokens"], settings["batch"], name)


def report(label, pairs, near, similarities, gold, queries=None, hashtags=None):
    """One line of F1@k and MAP@5, in percent."""
    totals = dict.fromkeys(("F1@1", "F1@2", "F1@5", "MAP@5"), 0.0)
    for i, tags in enumerate(gold):
        relevance = right.relevance(queries[i], hashtags) if queries is not None else None
        best = [pairs.hashtag_names[tag] for tag in right.ranked(near[i], similarities[i], pairs.hashtags, relevance)[:5]]
        for k in (1, 2, 5):
            totals[f"F1@{k}"] += f1(best, tags, k)
        totals["MAP@5"] += average_precision(best, tags)
    print(f"{label}: " + "  ".join(f"{name} {100 * value / len(gold):.2f}" for name, value in totals.items()), flush=True)
