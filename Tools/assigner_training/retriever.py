# SPDX-License-Identifier: Apache-2.0
"""retriever: supervised SimCSE over tweets that share hashtags (ASSIGNER section 3.1, RIGHT section 2.1).

A pair is two tweets of different near-duplicate groups that share a hashtag; rare hashtags are preferred.  A tweet
without a partner is paired with itself, and dropout makes the second view (SimCSE).  Loss: InfoNCE in both directions,

    L = -log exp(sim(a_i, b_i) / tau) / sum_j exp(sim(a_i, b_j) / tau),

over the batch, part of which comes from a single event (same-event tweets are the hard negatives).  Two tweets of a
batch that share a hashtag or are near-duplicates are not negatives of one another.

Writes WORK/retriever/ (checkpoint.pt, curve.jsonl) and WORK/retriever/model in Hugging Face layout.
"""

import os
import sys

import numpy
import torch

from . import contrastive, encoder
from .pairs import Pairs


def add_arguments(parser):
    contrastive.add_arguments(parser)


def run(args):
    if args.threads:
        torch.set_num_threads(args.threads)
    pairs = Pairs(args.work)
    settings = args.settings["retriever"]
    model = encoder.start(args.settings, args.work, pairs.texts)
    model.freeze(args.settings["encoder"]["frozen"])
    ids = model.tokenize(pairs.texts, args.settings["encoder"]["max_tokens"])
    sampler = Sampler(pairs, settings, args.seed)

    def batch_loss(step):
        left, right = sampler.batch(step)
        vectors = model.forward_sorted([ids[i] for i in left] + [ids[i] for i in right], parts=4)
        similarities = vectors[:len(left)] @ vectors[len(left):].T
        allowed = torch.from_numpy(sampler.allowed(left, right)).to(similarities.device)
        target = torch.arange(len(left), device=similarities.device)
        temperature = settings["temperature"]
        return 0.5 * (contrastive.similarity_mask_loss(similarities, target, allowed, temperature)
                      + contrastive.similarity_mask_loss(similarities.T, target, allowed.T, temperature))

    folder = os.path.join(args.work, "retriever")
    if contrastive.train(model, settings, folder, args, batch_loss, "retriever"):
        model.save(os.path.join(folder, "model"))
        print(f"retriever: {os.path.join(folder, 'model')}", file=sys.stderr)


class Sampler:
    """Draws batches of tweet pairs.  Batch `step` depends only on the seed and the step."""

    def __init__(self, pairs, settings, seed, kept=None):
        """`kept`: booleans by row: whether it may be a partner (default: all)."""
        self.pairs, self.settings, self.seed = pairs, settings, seed
        self.kept = numpy.ones(len(pairs), dtype=bool) if kept is None else kept
        self.by_event = [numpy.flatnonzero(pairs.events == event) for event in range(pairs.events.max() + 1)]
        sizes = numpy.array([len(rows) for rows in self.by_event], dtype=numpy.float64)
        self.event_weights = numpy.sqrt(sizes) / numpy.sqrt(sizes).sum()
        self.usable = [1 < len(rows) <= settings["largest_hashtag"] for rows in pairs.carriers]

    def batch(self, step):
        """Two lists of rows, the anchors and their partners."""
        random = numpy.random.default_rng((self.seed, step))
        count = self.settings["batch"]
        event = self.by_event[random.choice(len(self.by_event), p=self.event_weights)]
        same = min(round(count * self.settings["event_batches"]), len(event))
        left = list(random.choice(event, same, replace=False))
        left += list(random.choice(len(self.pairs), count - same, replace=False))
        return left, [self.partner(row, random) for row in left]

    def partner(self, row, random):
        """A tweet of another group that shares a hashtag with `row`, or `row` itself if none is found."""
        tags = [tag for tag in self.pairs.hashtags[row] if self.usable[tag]]
        if tags:
            weights = numpy.array([len(self.pairs.carriers[tag]) ** -self.settings["rarity"] for tag in tags])
            for _ in range(4):
                carriers = self.pairs.carriers[random.choice(tags, p=weights / weights.sum())]
                other = carriers[random.integers(len(carriers))]
                if self.kept[other] and self.pairs.groups[other] != self.pairs.groups[row]:
                    return other
        return row

    def allowed(self, left, right):
        """[n, n] booleans: true on the diagonal and for true negatives."""
        tags = [set(self.pairs.hashtags[row]) for row in right]
        out = numpy.empty((len(left), len(right)), dtype=bool)
        for i, row in enumerate(left):
            own = set(self.pairs.hashtags[row])
            for j, other in enumerate(right):
                out[i, j] = i == j or (own.isdisjoint(tags[j]) and self.pairs.groups[row] != self.pairs.groups[other])
        return out
