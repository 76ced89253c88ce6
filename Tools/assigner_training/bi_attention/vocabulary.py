# SPDX-License-Identifier: Apache-2.0
"""The words that posts, conversations and hashtags share: one a line, with how often the training rows have it."""

import collections

from ..files import written_atomically

SPECIALS = ["<pad>", "<unk>", "<s>", "</s>"]
PAD, UNK, BOS, EOS = range(len(SPECIALS))


class Vocabulary:
    """Words and their counts.  The first `outputs` of them are the special words and those of the training hashtags.

    Only these have a row in the output layer: a word that no training hashtag has could only learn never to be written.
    """

    def __init__(self, words, counts, outputs):
        self.words, self.counts, self.outputs = words, counts, outputs
        self.ids = {word: i for i, word in enumerate(words)}

    @classmethod
    def build(cls, rows, minimum, most):
        """The words of hashtags, then the words of at least `minimum` uses; each by falling count, `most` words at most."""
        counts, written = collections.Counter(), set()
        for row in rows:
            counts.update(row["text"].split() + row["conversation"].split())
            for hashtag in row["hashtags"]:
                counts.update(hashtag.split())
                written.update(hashtag.split())
        order = sorted(counts, key=lambda word: (word not in written, -counts[word], word))
        kept = [word for word in order if word in written or counts[word] >= minimum][:most]
        outputs = sum(word in written for word in kept)
        return cls(SPECIALS + kept, [0] * len(SPECIALS) + [counts[word] for word in kept], len(SPECIALS) + outputs)

    def __len__(self):
        return len(self.words)

    def save(self, path):
        """Writes a line `word TAB count` for each word, after a line with the number of outputs."""
        with written_atomically(path) as file:
            file.write(f"{self.outputs}\n")
            file.writelines(f"{word}\t{count}\n" for word, count in zip(self.words, self.counts))

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8", newline="\n") as file:
            outputs, *lines = file.read().removesuffix("\n").split("\n")
        words, counts = zip(*(line.split("\t") for line in lines))
        return cls(list(words), [int(count) for count in counts], int(outputs))
