# SPDX-License-Identifier: Apache-2.0
"""Training rows of the generator: tweets as word pieces, their retrieved hashtags, and the gold hashtags as targets."""

import numpy
import torch

from ..files import read_rows
from .source import pad
from .spelling import PAD


class Examples:
    """Rows {"text": normal form, "retrieved": [normal form, …] best first, "hashtags": [normal form, …] as written}."""

    def __init__(self, rows, writer, spelling, positions):
        self.writer, self.retrieved, self.hashtags = writer, [], []
        self.tweets, targets = [], []
        for row in rows:
            self.tweets.append(writer.encode(row["text"]))
            self.retrieved.append(row["retrieved"])
            self.hashtags.append(row["hashtags"])
            targets.append(spelling.target(row["hashtags"], positions))
        self.targets = torch.tensor(targets)
        self.lengths = (self.targets != PAD).sum(1).numpy()

    @classmethod
    def load(cls, path, writer, spelling, positions, limit=None, without=frozenset()):
        """Reads a .jsonl file of such rows, at most `limit` of them, without the rows whose "id" is in `without`."""
        rows = []
        for row in read_rows(path):
            if row.get("id") in without:
                continue
            rows.append(row)
            if limit and len(rows) == limit:
                break
        return cls(rows, writer, spelling, positions)

    def __len__(self):
        return len(self.tweets)

    def batch_rows(self, seed, step, size, short, full_share, block=16):
        """(row numbers, positions) of batch `step`.

        An epoch is a permutation, cut into blocks.  In a block, most rows with at most `short` pieces share batches, which
        need only `short` positions.  The other rows use all positions; so does `full_share` of the short rows, so that the
        network learns <pad> at every position.  Batches are sorted by source length, which keeps padding small.  The result
        depends only on the arguments, so a resumed run continues with the same batches.
        """
        size = min(size, len(self))
        per_epoch = max(1, len(self) // size)
        epoch, index = divmod(step, per_epoch)
        order = numpy.random.default_rng((seed, epoch)).permutation(len(self))[:per_epoch * size]
        start = index // block * block * size
        chunk = order[start:start + block * size]
        random = numpy.random.default_rng((seed, epoch, start))
        full = (self.lengths[chunk] > short) | (random.random(len(chunk)) < full_share)
        # Short rows come first, then full rows, each by source length. Only the batch between them is mixed.
        widths = numpy.array([len(self.tweets[i]) for i in chunk])
        chunk = chunk[numpy.lexsort((widths, full))]
        which = random.permutation(len(chunk) // size)[index % block]
        rows = chunk[which * size:(which + 1) * size]
        mixed = (which + 1) * size > len(chunk) - full.sum()
        return rows, self.targets.shape[1] if mixed else min(short, self.targets.shape[1])

    def sources(self, rows, random=None, noise=None, device="cpu"):
        """(tokens, mask) of the rows.  With `random` (numpy Generator) the retrieved hashtags are disturbed.

        noise: the probabilities {"drop_all", "drop_one", "shuffle"}.  Sources without hashtags, or with wrong ones first,
        teach the generator to read the tweet and not only to copy.
        """
        built = []
        for i in rows:
            hashtags = self.retrieved[i]
            if random is not None:
                hashtags = disturb(hashtags, random, noise)
            built.append(self.writer.row(hashtags, self.tweets[i]))
        return pad(built, device)


def disturb(hashtags, random, noise):
    """A noisy copy of the retrieved hashtags."""
    if random.random() < noise["drop_all"]:
        return []
    kept = [h for h in hashtags if random.random() >= noise["drop_one"]]
    if random.random() < noise["shuffle"]:
        random.shuffle(kept)
    return kept
