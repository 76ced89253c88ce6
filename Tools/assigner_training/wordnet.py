# SPDX-License-Identifier: Apache-2.0
"""Synonyms from WordNet's dictionary files (Debian's `wordnet-base`), read directly (format: wndb(5WN))."""

import os

FOLDER = "/usr/share/wordnet"


def synonyms(folder=FOLDER):
    """A dictionary: word -> sorted list of the single words that share a synset with it, in lower-case letters.

    A missing folder is an error: without synonyms the selector would train on other negatives.
    """
    found = {}
    for part in ("noun", "verb", "adj", "adv"):
        path = os.path.join(folder, "data." + part)
        if not os.path.exists(path):
            raise SystemExit(f"{path} is missing: install Debian's 'wordnet', or name its dictionary folder with --wordnet")
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith("  "):  # the licence at the head of every file
                    continue
                fields = line.split()
                # offset, lexicographer file, type, number of words (hexadecimal), then word and lexical id in turn
                words = [fields[4 + 2 * i].lower().split("(")[0] for i in range(int(fields[3], 16))]
                words = [word for word in words if word.isascii() and word.isalpha()]
                for word in words:
                    found.setdefault(word, set()).update(words)
    return {word: sorted(others - {word}) for word, others in found.items() if len(others) > 1}


def of(word, table):
    """The synonyms of a word.  If it has none, those of its singular, in the plural."""
    if word in table:
        return table[word]
    if word.endswith("s") and word[:-1] in table:
        return [other + "s" for other in table[word[:-1]]]
    return []
