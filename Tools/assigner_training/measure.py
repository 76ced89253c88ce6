# SPDX-License-Identifier: Apache-2.0
"""measure: measures an encoder on a development split, as the retriever and as the selector.

Searches the training pairs (without near_dev) exactly, in floats.  This is the reference for int8 and the product
quantiser. Prints the share of gold hashtags that the N = 10, 30, 100 nearest tweets carry, and F1@1, F1@2, F1@5, MAP@5
of RIGHT's ranking over N = 30, without and with the selector's r.  Queries are the rows' "text" in normal form.
--fraction and --queries measure only a part, which is faster.  --bfloat16 multiplies in bfloat16, which is several
times faster on a processor that supports it.  Encodings are kept in WORK/measure.
"""

import os

import faiss
import numpy
import torch

from . import encoder, joint, right
from .files import read_rows
from .metrics import average_precision, f1
from .normal_form import normal_form
from .pairs import Pairs


def add_arguments(parser):
    parser.add_argument("--dev", required=True, help="rows with text and gold hashtags (normal forms)")
    parser.add_argument("--model", help="a stage's name, or 'start' for the untrained encoder (default: joint)", default="joint")
    parser.add_argument("--fraction", type=float, default=1.0, help="share of the tweets (default: all)")
    parser.add_argument("--bfloat16", action="store_true", help="matrix products of the network in bfloat16")
    parser.add_argument("--queries", type=int, help="this many queries, drawn at random (default: all)")


def run(args):
    if args.threads:
        torch.set_num_threads(args.threads)
        faiss.omp_set_num_threads(args.threads)
    pairs = Pairs(args.work)
    random = numpy.random.default_rng(1)
    rows = numpy.sort(random.permutation(len(pairs))[:max(1, round(args.fraction * len(pairs)))])
    dev = list(read_rows(args.dev))
    dev = [dev[i] for i in numpy.sort(random.permutation(len(dev))[:args.queries])]
    queries = [normal_form(row["text"])[0] for row in dev]
    gold = [row["hashtags"] for row in dev]

    model = (encoder.start(args.settings, args.work) if args.model == "start"
             else encoder.load(os.path.join(args.work, args.model, "model"))).to(args.device)
    settings, kept = args.settings["measure"], os.path.join(args.work, "measure", f"{args.model}-{args.fraction:g}")
    kept += "-bfloat16" if args.bfloat16 else ""

    def encoded(texts, name):
        with torch.autocast(args.device, torch.bfloat16, enabled=args.bfloat16):
            return model.encode_in_blocks(texts, settings["max_tokens"], settings["batch"], f"{kept}-{name}")

    corpus = encoded([pairs.texts[row] for row in rows], "corpus")
    near_to = encoded(queries, f"queries-{len(dev)}")
    similarities, found = faiss.knn(near_to, corpus, min(100, len(rows)), metric=faiss.METRIC_INNER_PRODUCT)
    near = rows[found]

    print(f"{len(rows)} tweets, {len(dev)} queries")
    for count in (10, 30, 100):
        pools = [{pairs.hashtag_names[tag] for row in one[:count] for tag in pairs.hashtags[row]} for one in near]
        hits = sum(len(pool & set(tags)) for pool, tags in zip(pools, gold))
        print(f"pool recall N={count:<4} {100 * hits / sum(map(len, gold)):.2f}", flush=True)
    report("RIGHT, N=30, without r", pairs, near[:, :30], similarities[:, :30], gold)

    hashtags = encoded(pairs.hashtag_names, "hashtags")
    for name, vector in joint.hashtag_vectors(os.path.join(args.work, args.model, "model")).items():
        hashtags[pairs.hashtag_numbers[name]] = vector
    report("RIGHT, N=30, with r", pairs, near[:, :30], similarities[:, :30], gold, near_to, hashtags)


def report(label, pairs, near, similarities, gold, queries=None, hashtags=None):
    """Prints one line of F1@k and MAP@5, in percent."""
    totals = dict.fromkeys(("F1@1", "F1@2", "F1@5", "MAP@5"), 0.0)
    for i, tags in enumerate(gold):
        relevance = right.relevance(queries[i], hashtags) if queries is not None else None
        best = [pairs.hashtag_names[tag] for tag in right.ranked(near[i], similarities[i], pairs.hashtags, relevance)[:5]]
        for k in (1, 2, 5):
            totals[f"F1@{k}"] += f1(best, tags, k)
        totals["MAP@5"] += average_precision(best, tags)
    print(f"{label}: " + "  ".join(f"{name} {100 * value / len(gold):.2f}" for name, value in totals.items()), flush=True)
