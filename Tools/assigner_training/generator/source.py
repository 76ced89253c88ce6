# SPDX-License-Identifier: Apache-2.0
"""The generator's input (Eq. 3): [CLS] h1 ; h2 ; … ; hp [SEP] tweet [SEP], as WordPiece numbers."""

import torch


class SourceWriter:
    """Builds source rows with one WordPiece tokenizer (a `tokenizers` or `transformers` object's `encode`).

    It caches the pieces of hashtags, because a few thousand hashtags occur again and again.
    """

    def __init__(self, encode, cls, sep, semicolon, longest):
        self.encode, self.cls, self.sep, self.semicolon, self.longest = encode, cls, sep, semicolon, longest
        self.known = {}

    @classmethod
    def load(cls, folder, longest):
        """Loads `vocab.txt` in `folder`, with BERT's normalisation (lower case, accents stripped)."""
        import os

        from tokenizers import BertWordPieceTokenizer
        tokenizer = BertWordPieceTokenizer(os.path.join(folder, "vocab.txt"), lowercase=True)
        number = tokenizer.token_to_id
        return cls(lambda text: tokenizer.encode(text, add_special_tokens=False).ids,
                   number("[CLS]"), number("[SEP]"), number(";"), longest)

    def hashtag(self, hashtag):
        """The word pieces of one hashtag normal form."""
        if hashtag not in self.known:
            self.known[hashtag] = self.encode(hashtag)
        return self.known[hashtag]

    def row(self, hashtags, tweet):
        """The source of one tweet, whose word pieces are `tweet`.  A row that is too long loses the tweet's end, not [SEP]."""
        row = [self.cls]
        for i, hashtag in enumerate(hashtags):
            row += ([self.semicolon] if i else []) + self.hashtag(hashtag)
        row = (row + [self.sep])[:self.longest - 1]
        return row + tweet[:self.longest - 1 - len(row)] + [self.sep]


def pad(rows, device="cpu"):
    """(tokens [B, S], mask bool [B, S]), where S is the longest row.  The mask makes the results independent of padding."""
    longest = max(map(len, rows))
    tokens = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[True] * len(row) + [False] * (longest - len(row)) for row in rows])
    return tokens.to(device), mask.to(device)
