# SPDX-License-Identifier: Apache-2.0
"""Unigram tokenizers: 100,000 random strings in the scripts of the world and their tokens by `tokenizers`.

Half of them go through 250,002 pieces, the others through the small vocabularies of the fixtures, one for each kind of
normaliser and pre-tokenizer. TOKENIZER=FILE names a tokenizer.json to be used instead of the random pieces.
"""

import json
import os
import random

from common import write_unigram

NAMES = ["unigram"]
COUNT = 100_000


def options(name, folder):
    """None: nothing is converted."""
    return None


def make(name, folder):
    import unigram as fixtures
    from scripts import strings
    from tokenizers import Tokenizer
    seed = int(os.environ.get("SEED", "1"))
    checkpoint = os.path.join(folder, "checkpoint")
    os.makedirs(checkpoint, exist_ok=True)
    path = os.path.join(checkpoint, "tokenizer.json")
    if "TOKENIZER" in os.environ:
        large = Tokenizer.from_file(os.environ["TOKENIZER"])
        large.save(path, pretty=False)
    else:
        large = write_unigram(path)
    small = {family: fixtures.make(family) for family in fixtures.FAMILIES}
    for family, tokenizer in small.items():
        tokenizer.save(os.path.join(checkpoint, family + ".json"), pretty=False)
    pieces = random.Random(seed).sample(sorted(large.get_vocab()), 2000)
    extras = fixtures.EXTRAS + [piece.replace("▁", " ") for piece in pieces]
    for family, tokenizer in {"tokenizer": large, **small}.items():
        count = COUNT // 2 if family == "tokenizer" else COUNT // 2 // len(small) + 1
        with open(os.path.join(folder, family + ".unigram.jsonl"), "w", encoding="utf-8") as file:
            for row in fixtures.rows(tokenizer, strings(count, seed, extras)):
                file.write(json.dumps(row) + "\n")
