# SPDX-License-Identifier: Apache-2.0
"""prepare: turns raw tweets into (text, hashtags) pairs.

Reads rows {"text", "event"?, "rt"?, "near_dev"?} and writes WORK/pairs.jsonl, one row per tweet that has a text and at
least one hashtag in normal form: {"id": row number in the input, "text": normal form, "input": normal form of the text
that ASSIGNER's split would give a model (normal_form.published_input), "hashtags": [display form, …], "event", "rt",
"near_dev", "group": near-duplicate group}.  Two rows of one group must never be examples for each other: the stages
leave out a tweet's group when they look for its neighbours or positives.

With --check DEV it compares the normal form with a published split that has "raw", "text" and "hashtags".
"""

import collections
import os
import sys

from . import near_duplicates
from .files import read_rows, write_rows
from .normal_form import hashtag_normal_form, normal_form, published_input
from .progress import Progress


def add_arguments(parser):
    parser.add_argument("--input", help="raw tweets, .jsonl or .jsonl.gz")
    parser.add_argument("--check", help="a split with raw and processed texts to compare the normal form with")


def run(args):
    if args.check:
        check(args.check)
    if args.input:
        rows = list(pairs(read_rows(args.input)))
        progress = Progress("near-duplicates", len(rows))
        found = near_duplicates.groups([row["text"] for row in rows], args.settings["prepare"]["jaccard"], progress.update)
        for row, group in zip(rows, found):
            row["group"] = group
        path = os.path.join(args.work, "pairs.jsonl")
        write_rows(path, rows)
        sizes = collections.Counter(found)
        tags = collections.Counter(hashtag_normal_form(tag) for row in rows for tag in row["hashtags"])
        print(f"{path}: {len(rows)} tweets, {len(tags)} hashtags, {sum(tags.values()) / max(len(rows), 1):.2f} a tweet, "
              f"{len(sizes)} groups, the largest of {max(sizes.values(), default=0)}", file=sys.stderr)


def pairs(raw_rows):
    """The training pairs of raw rows, in their order, still without groups."""
    for number, raw in enumerate(raw_rows):
        tweet = raw["text"].encode("utf-8", "replace").decode("utf-8")
        text, hashtags = normal_form(tweet)
        if text and hashtags:
            yield {"id": number, "text": text, "input": normal_form(published_input(tweet))[0] or text,
                   "hashtags": hashtags,
                   "event": raw.get("event", ""), "rt": bool(raw.get("rt")), "near_dev": bool(raw.get("near_dev"))}


def check(path):
    """Prints how often the normal form of `raw` agrees with a split's text and hashtags."""
    rows = list(read_rows(path))
    same_input = same_text = same_tags = missing = extra = total = 0
    for row in rows:
        text, hashtags = normal_form(row["raw"])
        same_input += normal_form(published_input(row["raw"])) == normal_form(row["text"])
        same_text += text == normal_form(row["text"])[0]
        ours, theirs = {hashtag_normal_form(tag) for tag in hashtags}, set(row["hashtags"])
        same_tags += ours == theirs
        missing += len(theirs - ours)
        extra += len(ours - theirs)
        total += len(theirs)
    print(f"{path}: {len(rows)} rows; same normal text {100 * same_text / len(rows):.1f} %, "
          f"same published input {100 * same_input / len(rows):.1f} %, "
          f"same hashtags {100 * same_tags / len(rows):.1f} %; of {total} hashtags, {missing} missed and {extra} added",
          file=sys.stderr)
