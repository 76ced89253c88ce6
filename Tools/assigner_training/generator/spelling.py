# SPDX-License-Identifier: Apache-2.0
"""The generation vocabulary, and hashtags written with it and read back without loss.

Rounding (ASSIGNER, Eq. 13) compares every position with every row of the vocabulary, so the vocabulary holds only what
hashtags need: three specials, every character of [0-9a-z_] as a first and as a continuation piece (so that every hashtag
can be spelled), frequent hashtags whole (so that they are one position long), and the encoder's word pieces for the rest.

A hashtag is written by greedy longest match: its first piece has no "##", the following ones have it.  So a piece without
"##" starts a new hashtag, and a sequence of pieces reads back as the hashtags it was written from.

The runtime's twin is `HashtagSpelling` in Text; Tools/fixtures/spelling.py holds the two equal.
"""

import re
from collections import Counter

BOS, PAD, EOS = 0, 1, 2
SPECIALS = ["<s>", "<pad>", "</s>"]
CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz_"
CONTINUATION = "##"
PIECE = re.compile("(##)?[0-9a-z_]+")


class Spelling:
    """Writes hashtags (normal forms) as piece numbers and reads them back."""

    def __init__(self, pieces):
        """`pieces`: the vocabulary, ids are list positions; the specials come first, all characters must be there."""
        if pieces[:3] != SPECIALS:
            raise ValueError(f"the generation vocabulary must begin with {SPECIALS}")
        self.pieces = list(pieces)
        self.ids = {piece: i for i, piece in enumerate(pieces)}
        if len(self.ids) != len(pieces):
            raise ValueError("the generation vocabulary has a piece twice")
        odd = [p for p in pieces[3:] if not PIECE.fullmatch(p)]
        if odd:
            raise ValueError(f"the generation vocabulary has pieces that no hashtag's normal form has: {odd[:10]}")
        missing = [p for c in CHARACTERS for p in (c, CONTINUATION + c) if p not in self.ids]
        if missing:
            raise ValueError(f"the generation vocabulary lacks the characters {missing}")
        self.longest = max(len(piece) for piece in pieces)

    @classmethod
    def load(cls, path):
        """Reads `generation_vocab.txt`: one piece a line."""
        with open(path, encoding="utf-8") as file:
            return cls(file.read().splitlines())

    def save(self, path):
        """Writes `generation_vocab.txt`."""
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(piece + "\n" for piece in self.pieces)

    def __len__(self):
        return len(self.pieces)

    def spell_one(self, hashtag):
        """The piece numbers of one hashtag normal form, by greedy longest match."""
        return [self.ids[piece] for piece in match(hashtag, self.ids, self.longest)]

    def spell(self, hashtags):
        """The piece numbers of several hashtags in order, without specials."""
        return [i for hashtag in hashtags for i in self.spell_one(hashtag)]

    def target(self, hashtags, positions):
        """The training target: whole hashtags while they fit, </s> where there is room, then <pad>.

        A hashtag that no longer fits is left out rather than cut: half a hashtag is a wrong hashtag.  Only a first
        hashtag longer than the whole target is cut, and then no </s> follows.
        """
        row = []
        for hashtag in hashtags:
            ids = self.spell_one(hashtag)
            if row and len(row) + len(ids) > positions:
                break
            row += ids
        row = row[:positions]
        if len(row) < positions:
            row.append(EOS)
        return row + [PAD] * (positions - len(row))

    def read(self, ids):
        """The hashtags of a sequence with the positions each one covers: [(hashtag, [position, …]), …].

        Reading stops at </s>; <pad> and <s> are skipped; a continuation piece with no hashtag before it begins one.
        """
        hashtags = []
        for position, i in enumerate(ids):
            if i == EOS:
                break
            if i in (BOS, PAD):
                continue
            piece = self.pieces[i]
            if piece.startswith(CONTINUATION) and hashtags:
                text, places = hashtags[-1]
                hashtags[-1] = (text + piece[2:], places + [position])
            else:
                hashtags.append((piece.removeprefix(CONTINUATION), [position]))
        return hashtags


def match(hashtag, pieces, longest):
    """Greedy longest match of one hashtag over `pieces` (any container); every single character must be in it."""
    found, start = [], 0
    while start < len(hashtag):
        prefix = CONTINUATION if start else ""
        for end in range(min(len(hashtag), start + longest), start, -1):
            piece = prefix + hashtag[start:end]
            if piece in pieces:
                break
        else:
            raise ValueError(f"{hashtag!r} is no hashtag normal form")
        found.append(piece)
        start = end
    return found


def build(hashtags, word_pieces, whole_minimum, piece_minimum):
    """Makes the vocabulary for `hashtags` (Counter: normal form -> tweets that carry it).

    whole_minimum: a hashtag that this many tweets carry becomes one piece.  piece_minimum: a word piece stays when the
    spelling uses it in this many tweets; dropping pieces changes how the rest is cut, so this repeats until it is stable.
    """
    characters = {prefix + c for prefix in ("", CONTINUATION) for c in CHARACTERS}
    whole = {h for h, count in hashtags.items() if count >= whole_minimum and h}
    allowed = set(CHARACTERS)
    pieces = {p for p in word_pieces if p.removeprefix(CONTINUATION) and set(p.removeprefix(CONTINUATION)) <= allowed}
    while True:
        everything = pieces | whole | characters
        longest = max(map(len, everything))
        used = Counter()
        for hashtag, count in hashtags.items():
            for piece in match(hashtag, everything, longest):
                used[piece] += count
        kept = {p for p in pieces if used[p] >= piece_minimum}
        if kept == pieces:
            break
        pieces = kept
    # Frequent pieces first: the ties of rounding go to the lowest id.
    rest = sorted(everything, key=lambda p: (-used[p], p))
    return SPECIALS + rest
