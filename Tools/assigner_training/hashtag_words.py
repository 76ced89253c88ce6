# SPDX-License-Identifier: Apache-2.0
"""Splits hashtags into words: at capitals, or by the most probable segmentation into known words."""

import collections
import math
import re
import unicodedata

# HTML5Parser -> HTML 5 Parser; NYCFire -> NYC Fire
PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
WORD = re.compile(r"[a-z]+")


def letter_class(character):
    """"A" for a capital, "a" for another letter or a mark, "0" for a digit, of any script; else "_"."""
    category = unicodedata.category(character)
    return "A" if category in ("Lu", "Lt") else "a" if category[0] in "LM" else "0" if category == "Nd" else "_"


class HashtagWords:
    """Splits hashtags with the unigram frequencies of the tweets.

    A tweet's own hashtags (`hashtags`: a set of normal forms per text) do not count as words of its text: "keralafloods"
    is not a word.
    """

    def __init__(self, texts, hashtags, least=3, longest=20):
        counts = collections.Counter(word for text, own in zip(texts, hashtags) for word in WORD.findall(text.lower())
                                     if word not in own)
        # Only the single letters that are English words count: otherwise every unknown hashtag would split into letters.
        counts = {w: c for w, c in counts.items() if c >= least and (len(w) > 1 or w in "ai")}
        total = sum(counts.values()) or 1
        self.cost = {word: -math.log(count / total) for word, count in counts.items()}
        self.longest = longest

    def split(self, display):
        """The lower-case words of a hashtag in its display form."""
        classes = "".join(map(letter_class, display))
        parts = [display[match.start():match.end()] for match in PARTS.finditer(classes)]
        words = []
        for part in parts:
            part = part.lower()
            # If all letters have one case, it does not show the words.
            words += self.cut(part) if len(parts) == 1 and part.isalpha() else [part]
        return words

    def cut(self, letters):
        """The cheapest segmentation into known words (Viterbi over unigram costs), or the whole text if there is none."""
        if not letters.isascii():
            return [letters]
        best = [(0.0, 0)] + [(math.inf, 0)] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self.longest), end):
                cost = self.cost.get(letters[start:end])
                if cost is not None and best[start][0] + cost < best[end][0]:
                    best[end] = (best[start][0] + cost, start)
        if math.isinf(best[-1][0]):
            return [letters]
        words, end = [], len(letters)
        while end:
            start = best[end][1]
            words.append(letters[start:end])
            end = start
        return words[::-1]
