# SPDX-License-Identifier: Apache-2.0
"""The generator's input (Eq. 3): the hashtags told, separated by ";", then the tweet, in the tokenizer's frame of a pair.

With WordPiece: [CLS] h1 ; h2 ; … ; hp [SEP] tweet [SEP].
"""

import torch

from ..encoder import load_tokenizer


class SourceWriter:
    """Builds source rows with one tokenizer.

    It caches the pieces of hashtags, because a few thousand hashtags occur again and again.
    """

    def __init__(self, tokenizer, longest):
        self.encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
        self.begin, *self.between, self.end = tokenizer.encode("", "").ids
        self.separator, self.longest = self.encode(";"), longest
        self.known = {}

    @classmethod
    def load(cls, folder, longest):
        """With the tokenizer of a folder in Hugging Face layout."""
        return cls(load_tokenizer(folder), longest)

    def hashtag(self, hashtag):
        """The pieces of one hashtag normal form."""
        if hashtag not in self.known:
            self.known[hashtag] = self.encode(hashtag)
        return self.known[hashtag]

    def row(self, hashtags, tweet):
        """The source of one tweet, whose pieces are `tweet`.  A row that is too long loses the end of the tweet."""
        row = [self.begin]
        for i, hashtag in enumerate(hashtags):
            row += (self.separator if i else []) + self.hashtag(hashtag)
        row = (row + self.between)[:self.longest - 1]
        return row + tweet[:self.longest - 1 - len(row)] + [self.end]


def pad(rows, device="cpu"):
    """(tokens [B, S], mask bool [B, S]), where S is the longest row.  The mask makes the results independent of padding."""
    longest = max(map(len, rows))
    tokens = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[True] * len(row) + [False] * (longest - len(row)) for row in rows])
    return tokens.to(device), mask.to(device)
