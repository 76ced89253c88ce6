# SPDX-License-Identifier: Apache-2.0
"""What the ranking is fitted on: the candidates of known events, of new events with and without a stream, and of small talk.

Every file is named EVENT@KIND. The kinds: `known` and `known-stream` (the default model's networks and its whole index), `new`
and `stream-SHARE` (files that were made without the event), `card` and `card-stream` (the same, with an event card). The file
`talk` has small talk, which also stands among the tweets of the streams.
"""

import collections
import os
import random
import sys

from .bench import Bench, card, once, read, write

SHARES = (0, 0.1, 0.3, 1)
LIMIT = 150         # tweets of a new event's stream
KNOWN_WEIGHT = 8    # of the known events' tweets: most of what people write is about them
KNOWN_STREAM = 0.3  # share that teaches in the stream of a known event
CARD_STREAM = 0.1   # share that teaches in the stream of a new event whose name was told
TALK = 0.12         # small talk in a stream, for each of its tweets


def fit(bench: Bench, model: str, index: str, output: str, half: int | None = None) -> str:
    """Fits a ranking; `half`: without that half's events. `model` holds the topic, `index` all events."""
    files = known(bench, model, index) + new(bench)
    if half is not None:
        left_out = set(bench.events_of_half(half))
        files = [path for path in files if os.path.basename(path).split("@")[0] not in left_out]
    topic = os.path.join(bench.training if half is None else bench.half(half), "ranking", "topic.json")

    def make(path):
        bench.stage("ranking", bench.training, "--features", *files, "--known", "known",
                    "--weight", f"known={KNOWN_WEIGHT}", "--without", "topic", "--topic", topic, "--output", path)

    return once(output, make)


def ranked(bench: Bench, fold: int, model: str, index: str) -> str:
    """The model of a fold: networks, topic and ranking without the events of its half."""
    half = fold % 2
    ranking = fit(bench, model, index, os.path.join(bench.half(half), "ranking.json"), half)
    return once(os.path.join(bench.half(half), "ranked.model"), lambda output: bench.assigner(
        "--from", bench.networks(fold), "--ranking", ranking, "--output", output, converter=True))


def talk(bench: Bench) -> list[dict]:
    """The small talk that the topic was not fitted on."""
    return read(os.path.join(bench.training, "talk.jsonl"))[1::2]


def known(bench: Bench, model: str, index: str) -> list[str]:
    event_of = {row["id"]: row["event"] for row in bench.pairs}
    queries = collections.defaultdict(list)
    for row in read(os.path.join(bench.training, "ranking", "queries.jsonl")):
        queries[event_of[row["id"]]].append(row)
    files = [features(bench, model, index, "talk", talk(bench))]
    for event, rows in queries.items():
        chance = random.Random(event)
        stream = [{**row, "learn": chance.random() < KNOWN_STREAM} for row in rows[:LIMIT]]
        files += [features(bench, model, index, f"{event}@known", rows),
                  features(bench, model, index, f"{event}@known-stream", stream, "--learn")]
    return files


def new(bench: Bench) -> list[str]:
    files, chatter = [], talk(bench)
    for fold, events in enumerate(bench.folds):
        for event in events:
            chance = random.Random(event)
            model, index = bench.networks(fold), bench.index(fold)
            files.append(features(bench, model, index, f"{event}@new", bench.stream(event, 0, limit=LIMIT)))
            for share in SHARES:
                rows = []
                for row in bench.stream(event, share, limit=LIMIT):
                    rows += [row] + ([chance.choice(chatter)] if chance.random() < TALK else [])
                files.append(features(bench, model, index, f"{event}@stream-{share:g}", rows, "--learn"))
            told = ["--event", card(event)]
            files.append(features(bench, model, index, f"{event}@card", bench.stream(event, 0, limit=LIMIT), *told))
            rows = bench.stream(event, CARD_STREAM, limit=LIMIT)
            files.append(features(bench, model, index, f"{event}@card-stream", rows, "--learn", *told))
        print(f"new-disasters: features of fold {fold}", file=sys.stderr, flush=True)
    return files


def features(bench: Bench, model: str, index: str, name: str, rows: list[dict], *options: str) -> str:
    folder = os.path.join(bench.folder, "features")

    def measure(output):
        asked = write(os.path.join(folder, "rows.jsonl"), rows)
        bench.assigner("eval", "--model", model, "--index", index, "--generator", "none", "--input", asked,
                       "--features", output, *options)

    os.makedirs(folder, exist_ok=True)
    return once(os.path.join(folder, f"{name}.jsonl"), measure)
