# SPDX-License-Identifier: Apache-2.0
"""selector: the bi-encoder r(d_q, h) = cos(E(d_q), E(h)) with RIGHT's hard negatives (ASSIGNER Eq. 2).

A tweet's hashtag is the positive t+; the hard negative t- is that hashtag with one of its words disturbed (RIGHT
section 2.2): replaced by a synonym (70 %), deleted (10 %), swapped with its neighbour (10 %), a synonym inserted after
it (10 %).  Loss over a batch of L tweets:

    L_S = -log exp(sim(t_i, t_i+) / tau) / sum_j (exp(sim(t_i, t_j+) / tau) + exp(sim(t_i, t_j-) / tau)),

where the tweet's own hashtags are not negatives.  Hashtags are encoded in normal form.  Starts from the trained
retriever. Writes WORK/selector/ and WORK/selector/model in Hugging Face layout.
"""

import os
import random
import sys

import numpy
import torch

from . import contrastive, encoder, wordnet
from .hashtag_words import HashtagWords
from .normal_form import hashtag_normal_form
from .pairs import Pairs


def add_arguments(parser):
    contrastive.add_arguments(parser)
    parser.add_argument("--wordnet", default=wordnet.FOLDER, help="WordNet's dictionary folder (default: %(default)s)")


def run(args):
    if args.threads:
        torch.set_num_threads(args.threads)
    pairs = Pairs(args.work)
    settings = args.settings["selector"]
    model = encoder.load(os.path.join(args.work, "retriever", "model"), args.settings)
    model.freeze(args.settings["encoder"]["frozen"])
    max_tokens = args.settings["encoder"]["max_tokens"]
    ids = model.tokenize(pairs.texts, max_tokens)
    sampler = Sampler(pairs, settings, args.seed, wordnet.synonyms(args.wordnet))

    def batch_loss(step):
        rows, positives, negatives = sampler.batch(step)
        hashtags = model.tokenize(positives + negatives, max_tokens)
        tweets = model.forward_sorted([ids[row] for row in rows], parts=2)
        similarities = tweets @ model.forward_sorted(hashtags, parts=2).T
        allowed = torch.from_numpy(sampler.allowed(rows, positives + negatives)).to(similarities.device)
        target = torch.arange(len(rows), device=similarities.device)
        return contrastive.similarity_mask_loss(similarities, target, allowed, settings["temperature"])

    folder = os.path.join(args.work, "selector")
    if contrastive.train(model, settings, folder, args, batch_loss, "selector"):
        model.save(os.path.join(folder, "model"))
        print(f"selector: {os.path.join(folder, 'model')}", file=sys.stderr)


class Sampler:
    """Draws (tweet, hashtag, disturbed hashtag).  Batch `step` depends only on the seed and the step."""

    def __init__(self, pairs, settings, seed, synonyms):
        self.pairs, self.settings, self.seed = pairs, settings, seed
        self.own = [{pairs.hashtag_names[tag] for tag in tags} for tags in pairs.hashtags]  # normal forms by row
        self.disturb = Disturber(synonyms, HashtagWords(pairs.texts, self.own))

    def batch(self, step):
        """(rows, positives, negatives): row numbers, and hashtags in normal form."""
        choice = random.Random(f"{self.seed} {step}")
        rows = choice.sample(range(len(self.pairs)), min(self.settings["batch"], len(self.pairs)))
        return rows, *self.hashtags(rows, choice)

    def hashtags(self, rows, choice):
        """(positives, negatives): a hashtag of every row, and its disturbed form, both in normal form."""
        positives, negatives = [], []
        for row in rows:
            display = choice.choice(self.pairs.displays[row])
            positives.append(hashtag_normal_form(display))
            negatives.append(self.disturb(display, choice))
        return positives, negatives

    def allowed(self, rows, hashtags):
        """[tweets, hashtags] booleans: true for the tweet's positive, and for hashtags that it does not carry."""
        out = numpy.empty((len(rows), len(hashtags)), dtype=bool)
        for i, row in enumerate(rows):
            out[i] = [i == j or hashtag not in self.own[row] for j, hashtag in enumerate(hashtags)]
        return out


class Disturber:
    """Makes RIGHT's hard negatives: disturbs one word of a hashtag and keeps the meaning."""

    def __init__(self, synonyms, words):
        self.synonyms, self.words = synonyms, words
        self.any_word = sorted(word for word in words.cost if word in synonyms)

    def __call__(self, display, choice):
        """A disturbed hashtag in normal form, never the hashtag itself.

        A word without synonyms, such as a place name, is replaced by a random word of the tweets' vocabulary (the paper
        does not say what to do).  Deleting and swapping need two words; with one word, the synonym is used instead.
        """
        words = self.words.split(display) or [hashtag_normal_form(display)]
        positive = hashtag_normal_form(display)
        draw = choice.random()
        if draw >= 0.7 and len(words) > 1:
            at = choice.randrange(len(words))
            if draw < 0.8:
                changed = words[:at] + words[at + 1:]
            elif draw < 0.9:
                at = min(at, len(words) - 2)
                changed = words[:at] + [words[at + 1], words[at]] + words[at + 2:]
            else:
                changed = words[:at + 1] + [self.synonym(words[at], choice)] + words[at + 1:]
        else:
            known = [i for i, word in enumerate(words) if wordnet.of(word, self.synonyms)]
            at = choice.choice(known) if known else choice.randrange(len(words))
            keep = 1 if draw >= 0.9 or not known else 0  # insert after it; a word without synonyms is never replaced
            changed = words[:at + keep] + [self.synonym(words[at], choice)] + words[at + 1:]
        negative = hashtag_normal_form("".join(changed))
        return negative if negative and negative != positive else positive + self.synonym("", choice)

    def synonym(self, word, choice):
        found = wordnet.of(word, self.synonyms) or self.any_word or ["x"]
        return choice.choice(found)
