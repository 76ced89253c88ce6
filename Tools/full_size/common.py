# SPDX-License-Identifier: Apache-2.0
"""Shared by the families: measuring a command, a tokenizer of real size, weights at the scale of trained ones."""

import json
import os
import random
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", "fixtures"))

TEXTS = [
    "", "flood", "Water is rising fast near the old bridge, families on rooftops need boats. Please share!",
    "We're safe; they'll open a shelter at the north school tonight #RivertownFlood", "Überschwemmung 洪水 🌊🌊 5:30",
    "evacuate the lower streets now, take medicine and warm clothes, " * 12,
]


def root():
    """The root folder of the project."""
    return os.path.abspath(os.path.join(HERE, "..", ".."))


def measured(command, quiet=False, environment=None, only=None):
    """Runs a command, and returns (seconds, peak memory of its process in MiB).  Ends the program if the command fails.

    Prints the command's output: nothing with `quiet`, only lines that begin with `only` if it is given, everything after a
    failure.
    """
    start = time.monotonic()
    captured = quiet or only is not None
    process = subprocess.Popen(command, stdout=subprocess.PIPE if captured else None,
                               stderr=subprocess.STDOUT if captured else None, text=True,
                               env={**os.environ, **(environment or {})})
    written = process.stdout.read() if captured else ""
    _, status, usage = os.wait4(process.pid, 0)
    for line in written.splitlines():
        if only is not None and line.startswith(only + ":"):
            print(line, flush=True)
    if status:
        sys.exit(f"{written}\nfailed: {' '.join(command)}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def scale_weights(model, spread=1.0):
    """Scales the weights like trained ones: the attention of a random start would be flat, and its biases zero."""
    import torch
    for name, parameter in model.named_parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=spread / parameter.shape[1] ** 0.5)
        elif name.endswith("bias"):
            torch.nn.init.normal_(parameter, std=0.1)
        else:
            torch.nn.init.normal_(parameter, mean=1, std=0.1)


def write_unigram(path, family="e5", count=250002):
    """Writes a tokenizer.json, as large as XLM-R's: the fixtures' pieces, then random words of every script."""
    import unigram
    from scripts import RANGES, word
    from tokenizers import Tokenizer
    generator = random.Random(1)
    tokenizer = unigram.make(family)
    pieces = unigram.vocabulary(byte_fallback=False)
    known, ranges = {piece for piece, _ in pieces}, [RANGES[name] for name in sorted(RANGES)]
    while len(pieces) < count:
        piece = generator.choice(("▁", "")) + word(generator, generator.choice(ranges))[: generator.choice((1, 2, 2, 3, 3, 4, 6))]
        if piece not in known:
            known.add(piece)
            pieces.append((piece, -8 - len(pieces) / 20000))
    made = json.loads(tokenizer.to_str())
    made["model"]["vocab"] = pieces
    made["added_tokens"] = [token for token in made["added_tokens"] if token["special"]]
    with open(path, "w", encoding="utf-8") as file:
        json.dump(made, file, ensure_ascii=False)
    return Tokenizer.from_file(path)


def write_byte_level_bpe(folder, count=50265):
    """Writes vocab.json and merges.txt, as large as RoBERTa's: the fixtures' pieces, then merges of random pairs."""
    fixtures = os.path.join(root(), "Tests", "TextTests", "Fixtures", "bpe")
    with open(os.path.join(fixtures, "vocab.json"), encoding="utf-8") as file:
        numbers = json.load(file)
    with open(os.path.join(fixtures, "merges.txt"), encoding="utf-8") as file:
        merges = file.read().splitlines()
    pieces = [piece for piece in sorted(numbers, key=numbers.get) if piece != "<mask>"]
    known, parts = set(pieces), pieces[4:]
    generator = random.Random(1)
    while len(pieces) < count - 1:
        left, right = generator.choice(parts), generator.choice(parts)
        if left + right not in known and len(left + right) <= 12:
            known.add(left + right)
            pieces.append(left + right)
            merges.append(f"{left} {right}")
    pieces.append("<mask>")
    with open(os.path.join(folder, "vocab.json"), "w", encoding="utf-8") as file:
        json.dump({piece: i for i, piece in enumerate(pieces)}, file, ensure_ascii=False)
    with open(os.path.join(folder, "merges.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(merges) + "\n")
