# SPDX-License-Identifier: Apache-2.0
"""corpus: writes the program's input for the default index, the generator's sources and the ranking.

WORK/corpus.jsonl has {"id", "text", "hashtags"} for `assigner index build`. WORK/queries.jsonl has every tweet as a
query, {"id", "text": the input, "hashtags": gold, "exclude": [id, …]}.  It excludes the query's near-duplicate group,
so that nothing fitted on the answers sees the query itself. WORK/ranking/queries.jsonl has one tweet from each group of
a seeded sample.  The ranking is fitted on these tweets, and no network trains on them. All rows come from `pairs.Pairs`
(without near_dev).
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
    chosen = [int(generator.choice(members[int(group)])) for group in groups]

    def query(row):
        return {"id": int(pairs.ids[row]), "text": pairs.inputs[row], "hashtags": pairs.displays[row],
                "exclude": [int(pairs.ids[other]) for other in members[int(pairs.groups[row])]]}

    write_rows(os.path.join(args.work, "queries.jsonl"), map(query, range(len(pairs))))
    write_rows(os.path.join(args.work, "ranking", "queries.jsonl"), map(query, chosen))
    print(f"corpus: {len(pairs)} tweets, {len(chosen)} queries for the ranking", file=sys.stderr)
