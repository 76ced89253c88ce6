# SPDX-License-Identifier: Apache-2.0
"""Byte-level BPE with as many pieces as RoBERTa's: 25,000 random strings and their tokens by `tokenizers`."""

import json
import os

from common import write_byte_level_bpe

NAMES = ["byte-level-bpe"]
COUNT = 25000


def options(name, folder):
    """None: nothing is converted."""
    return None


def make(name, folder):
    import byte_level_bpe as fixtures
    checkpoint = os.path.join(folder, "checkpoint")
    os.makedirs(checkpoint, exist_ok=True)
    write_byte_level_bpe(checkpoint)
    plain, spaced = (fixtures.roberta(checkpoint, prefix_space=space) for space in (False, True))
    encode, encode_spaced, encode_text = fixtures.encoder(plain), fixtures.encoder(spaced), fixtures.as_text(plain)
    seed = int(os.environ.get("SEED", "1"))
    with open(os.path.join(folder, "rows.jsonl"), "w", encoding="utf-8") as file:
        for text in fixtures.random_strings(COUNT, seed):
            file.write(json.dumps([text, encode(text), encode_spaced(text), encode_text(text)]) + "\n")
