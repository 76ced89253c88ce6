# SPDX-License-Identifier: Apache-2.0
"""Rows as words and batches: posts, conversations, and one hashtag as target."""

import dataclasses

import numpy
import torch
from torch.nn.utils.rnn import pad_sequence

from .vocabulary import BOS, EOS, PAD, UNK

VARIANTS = ["post", "conversation", "joined", "post-attention", "conversation-attention", "bi-attention"]


def texts(row, variant, limits):
    """The words of a row that the network of a variant reads: one text, or post and conversation."""
    post, conversation = row["text"].split()[:limits[0]], row["conversation"].split()[:limits[1]]
    one = {"post": [post], "conversation": [conversation], "joined": [post + conversation]}
    return [words or ["<unk>"] for words in one.get(variant, [post, conversation])]


@dataclasses.dataclass
class Batch:
    """sources: per text (words [B, T], lengths [B]); targets: [B, L], each <s> … </s> with padding, or None.

    copies: [B, all words of the sources], what each of them is when it is written: an output word, or, for a word that the
    output layer lacks, outputs + its place in the row's list of `extra` words.
    """
    sources: list
    targets: torch.Tensor
    copies: torch.Tensor
    extra: list

    @property
    def extras(self):
        return max(map(len, self.extra))


class Examples:
    """Pairs of a row and one of its hashtags; `rows` alone for decoding."""

    def __init__(self, rows, vocabulary, variant, limits):
        self.rows, self.vocabulary, self.variant = rows, vocabulary, variant
        self.sources = [texts(row, variant, limits) for row in rows]
        self.pairs = [(i, hashtag.split()) for i, row in enumerate(rows) for hashtag in row["hashtags"]]
        self.lengths = numpy.array([[len(text) for text in source] for source in self.sources])

    def order(self, seed, epoch, size, groups=8):
        """Batches of pair numbers, in random order.  Their texts have similar lengths, which keeps padding small: the pairs are
        sorted by the first text's length, cut into groups, and sorted by the second text's there; noise mixes the batches."""
        random = numpy.random.default_rng((seed, epoch))
        lengths = self.lengths[[row for row, _ in self.pairs]] * random.uniform(0.9, 1.1, (len(self.pairs), 1))
        by_first = numpy.argsort(lengths[:, 0])
        width = -(-len(by_first) // (groups * size)) * size
        batches = []
        for start in range(0, len(by_first), width):
            group = by_first[start:start + width]
            group = group[numpy.argsort(lengths[group, -1])]
            batches += [group[at:at + size] for at in range(0, len(group), size)]
        return [batches[i] for i in random.permutation(len(batches))]

    def batch(self, rows, hashtags=None):
        """The batch of row numbers, and of one hashtag (a list of words) for each."""
        words, outputs = self.vocabulary.ids, self.vocabulary.outputs
        sources, copies, extra = [], [], []
        for texts in zip(*(self.sources[row] for row in rows)):
            ids = [torch.tensor([words.get(word, UNK) for word in text]) for text in texts]
            sources.append((pad_sequence(ids, True, PAD), torch.tensor([len(text) for text in texts])))
        for row in rows:
            found, place = {}, []
            for text, (padded, _) in zip(self.sources[row], sources):
                for word in text:
                    known = words.get(word, outputs)
                    place.append(known if known < outputs else outputs + found.setdefault(word, len(found)))
                place += [PAD] * (padded.shape[1] - len(text))
            copies.append(torch.tensor(place))
            extra.append(list(found))
        targets = None
        if hashtags is not None:
            spelled = [[BOS] + [self.target(word, places) for word in hashtag] + [EOS] for hashtag, places in
                       zip(hashtags, extra)]
            targets = pad_sequence([torch.tensor(line) for line in spelled], True, PAD)
        return Batch(sources, targets, torch.stack(copies), extra)

    def target(self, word, extra):
        """A word of a hashtag as an output: its own, that of the same word in the sources, or unknown."""
        known = self.vocabulary.ids.get(word, self.vocabulary.outputs)
        if known < self.vocabulary.outputs:
            return known
        return self.vocabulary.outputs + extra.index(word) if word in extra else UNK

    def pairs_batch(self, numbers):
        return self.batch([self.pairs[n][0] for n in numbers], [self.pairs[n][1] for n in numbers])
