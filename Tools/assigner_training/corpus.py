# SPDX-License-Identifier: Apache-2.0
"""corpus: what the runtime reads to make the default index, the generator's sources and the ranking.

Writes WORK/corpus.jsonl, {"id", "text", "hashtags"} for `assigner index build`; WORK/queries.jsonl, every tweet as a question,
{"id", "text": the input, "hashtags": gold, "exclude": [id, …]}, whose own near-duplicate group is excluded, so that nothing
fitted on the answers sees itself; and WORK/ranking/queries.jsonl, one tweet each of a seeded sample of the groups, which the
ranking is fitted on and no network is trained on.
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
    chosen = [int(generator.choice(members[int(group)])) for group in groups]

    def query(row):
        return {"id": int(pairs.ids[row]), "text": pairs.inputs[row], "hashtags": pairs.displays[row],
                "exclude": [int(pairs.ids[other]) for other in members[int(pairs.groups[row])]]}

    write_rows(os.path.join(args.work, "queries.jsonl"), map(query, range(len(pairs))))
    write_rows(os.path.join(args.work, "ranking", "queries.jsonl"), map(query, chosen))
    print(f"corpus: {len(pairs)} tweets, {len(chosen)} queries for the ranking", file=sys.stderr)
