"""corpus: what the runtime reads to make the default index and to learn the ranking.

Writes WORK/corpus.jsonl, {"id", "text", "hashtags"} for `assigner index build`, and WORK/ranking/queries.jsonl,
{"text": the input, "hashtags": gold, "exclude": [id, …]} for `assigner eval --features`: a seeded sample with one tweet
of every near-duplicate group, whose own group is excluded, so that the ranking never sees its own answer.
Rows are those of `pairs.Pairs` (near_dev left out).
"""

import os
import sys

import numpy

from .files import write_rows
from .pairs import Pairs


def add_arguments(parser):
    pass


def run(args):
    pairs = Pairs(args.work)
    write_rows(os.path.join(args.work, "corpus.jsonl"),
               ({"id": int(pairs.ids[row]), "text": pairs.texts[row], "hashtags": pairs.displays[row]}
                for row in range(len(pairs))))

    members = {}
    for row, group in enumerate(pairs.groups):
        members.setdefault(int(group), []).append(row)
    generator = numpy.random.default_rng(args.seed)
    groups = generator.permutation(sorted(members))[:args.settings["ranking"]["queries"]]
    queries = [(int(generator.choice(members[int(group)])), members[int(group)]) for group in groups]
    path = os.path.join(args.work, "ranking", "queries.jsonl")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write_rows(path, ({"text": pairs.inputs[row], "hashtags": pairs.displays[row],
                       "exclude": [int(pairs.ids[other]) for other in group]} for row, group in queries))
    print(f"corpus: {len(pairs)} tweets, {len(queries)} queries for the ranking", file=sys.stderr)
