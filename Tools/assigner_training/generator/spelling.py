# SPDX-License-Identifier: Apache-2.0
"""The generation vocabulary, which writes hashtags as pieces and reads them back without loss.

Rounding (ASSIGNER, Eq. 13) compares every position with every row of the vocabulary, so the vocabulary has only the
pieces that hashtags need: three specials; every character of [0-9a-z_] as a first and as a continuation piece, to spell
every hashtag of these characters; frequent hashtags as one piece, which fill one position; and the encoder's word pieces
for the rest.

A hashtag is written by greedy longest match.  Its first piece has no "##", the others have it.  So a piece without "##"
starts a new hashtag, and a sequence of pieces reads back as the hashtags from which it was written.

The runtime's implementation is `HashtagSpelling` in Text.  Tools/fixtures/spelling.py writes the test that both are
equal.
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
        """`pieces`: the vocabulary in order of ids.  The specials come first, and all characters must be in it."""
        if pieces[:3] != SPECIALS:
            raise ValueError(f"the generation vocabulary must begin with {SPECIALS}")
        self.pieces = list(pieces)
        self.ids = {piece: i for i, piece in enumerate(pieces)}
        if len(self.ids) != len(pieces):
            raise ValueError("the generation vocabulary has a piece twice")
        odd = [p for p in pieces[3:] if not PIECE.fullmatch(p)]
        if odd:
            raise ValueError(f"the generation vocabulary has pieces that no normal form of a hashtag can have: {odd[:10]}")
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
        """The training target: whole hashtags as long as they fit, </s> if there is room, then <pad>.

        A hashtag that does not fit is left out, not cut: half a hashtag is a wrong hashtag.  Only a first hashtag that is
        longer than the whole target is cut; then no </s> follows.  A hashtag with other characters cannot be spelled.
        """
        row = []
        for hashtag in filter(PIECE.fullmatch, hashtags):
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

        Reading stops at </s> and skips <pad> and <s>.  A continuation piece without a hashtag before it begins one.
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
    """Greedy longest match of one hashtag over `pieces`, a container that must have every single character."""
    found, start = [], 0
    while start < len(hashtag):
        prefix = CONTINUATION if start else ""
        for end in range(min(len(hashtag), start + longest), start, -1):
            piece = prefix + hashtag[start:end]
            if piece in pieces:
                break
        else:
            raise ValueError(f"{hashtag!r} is not the normal form of a hashtag")
        found.append(piece)
        start = end
    return found


def build(hashtags, word_pieces, whole_minimum, piece_minimum):
    """Makes the vocabulary for `hashtags` (Counter: normal form -> tweets that carry it).

    whole_minimum: a hashtag that this many tweets carry becomes one piece.  piece_minimum: a word piece stays if the spelling
    uses it in this many tweets.  Removing pieces changes the spelling of the rest, so this repeats until nothing changes.
    """
    hashtags = Counter({hashtag: count for hashtag, count in hashtags.items() if PIECE.fullmatch(hashtag)})
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
    # Frequent pieces come first, because rounding resolves ties by the lowest id.
    rest = sorted(everything, key=lambda p: (-used[p], p))
    return SPECIALS + rest
