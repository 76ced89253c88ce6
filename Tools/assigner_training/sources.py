# SPDX-License-Identifier: Apache-2.0
"""sources: writes the generator's sources: the text of each tweet, and the hashtags that the runtime retrieves for it.

Joins rows {"text", "hashtags", "id"?} with the program's answers to them,

    assigner eval --input ROWS --rank right --generator none --predictions ANSWERS

so that training sees the retrieved hashtags of run time: with the int8 encoder and product-quantised search, and
without the tweet's near-duplicates ("exclude").  Writes OUTPUT: {"id", "text": normal form, "retrieved": [normal form,
…] best first, "hashtags": [gold normal forms]}.
"""

import sys

from .files import read_rows, write_rows
from .normal_form import hashtag_normal_form, normal_form


def add_arguments(parser):
    parser.add_argument("--rows", required=True, help="the queries, such as WORK/queries.jsonl")
    parser.add_argument("--answers", required=True, help="the program's answers to them")
    parser.add_argument("--output", required=True)


def run(args):
    rows, answers = read_rows(args.rows), read_rows(args.answers)
    count = write_rows(args.output, (
        {"id": row.get("id", number), "text": normal_form(row["text"])[0],
         "retrieved": [hashtag_normal_form(hashtag["tag"]) for hashtag in answer["hashtags"]],
         "hashtags": [hashtag_normal_form(tag) for tag in row["hashtags"]]}
        for number, (row, answer) in enumerate(zip(rows, answers, strict=True))))
    print(f"sources: {count} rows in {args.output}", file=sys.stderr)
