# SPDX-License-Identifier: Apache-2.0
"""Keeps the encoder outputs of training rows in half precision.

The encoder is frozen, and takes half of an update's time.

A row is encoded with the noise on its retrieved hashtags from its first draw.  Later epochs see the same source with
new time steps and new diffusion noise.  At most `keep` rows are kept; the oldest is removed first.  Runs over the same
sources, with the same encoder and seed, can share a file of outputs.
"""

import collections
import os

import torch

from ..files import written_atomically


class Encodings:
    """The encoder outputs x_e by row number."""

    def __init__(self, generator, examples, keep, device):
        self.generator, self.examples, self.keep, self.device = generator, examples, keep, device
        self.known = collections.OrderedDict()

    def load(self, path):
        """Loads the file that `save` wrote, if it exists."""
        if os.path.exists(path):
            found = torch.load(path, map_location=self.device, weights_only=True)
            self.known.update(zip(found["rows"].tolist(), found["values"].split(found["lengths"].tolist())))

    def save(self, path):
        with written_atomically(path, "wb") as file:
            torch.save({"rows": torch.tensor(list(self.known)), "lengths": torch.tensor([len(x) for x in self.known.values()]),
                        "values": torch.cat(list(self.known.values()))}, file)

    @torch.no_grad()
    def batch(self, rows, random, noise):
        """(x_e [B, S, d], mask bool [B, S]) of the rows."""
        missing = [i for i in rows if i not in self.known]
        if missing:
            tokens, mask = self.examples.sources(missing, random, noise, self.device)
            fresh = self.generator.encode(tokens, mask)
            if not self.keep and len(missing) == len(rows):
                return fresh, mask
            lengths = mask.sum(1).tolist()
            for i, x, length in zip(missing, fresh, lengths):
                self.known[i] = x[:length].half().clone()
        found = [self.known[i] for i in rows]
        longest = max(map(len, found))
        x_e = torch.zeros((len(found), longest, found[0].shape[1]), device=self.device)
        mask = torch.zeros((len(found), longest), dtype=torch.bool, device=self.device)
        for row, x in enumerate(found):
            x_e[row, :len(x)] = x
            mask[row, :len(x)] = True
        while len(self.known) > self.keep:
            self.known.popitem(last=False)
        return x_e, mask
