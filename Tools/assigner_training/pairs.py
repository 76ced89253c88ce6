# SPDX-License-Identifier: Apache-2.0
"""The prepared pairs as columns, and the tweets that carry each hashtag."""

import collections
import os

import numpy

from .files import read_rows
from .normal_form import hashtag_normal_form


class Pairs:
    """Columns of WORK/pairs.jsonl.  Hashtags are indices into `hashtag_names` (normal forms, in order of appearance)."""

    def __init__(self, work, without_near_dev=True):
        """Leaves out rows that almost repeat a development tweet, unless `without_near_dev` is false."""
        rows = [row for row in read_rows(os.path.join(work, "pairs.jsonl")) if not (without_near_dev and row["near_dev"])]
        self.ids = numpy.array([row["id"] for row in rows], dtype=numpy.int64)
        self.texts = [row["text"] for row in rows]
        self.inputs = [row["input"] for row in rows]
        self.groups = numpy.array([row["group"] for row in rows], dtype=numpy.int64)
        self.displays = [row["hashtags"] for row in rows]
        numbers = {}
        self.hashtags = [[numbers.setdefault(hashtag_normal_form(tag), len(numbers)) for tag in row["hashtags"]]
                         for row in rows]
        self.hashtag_names = list(numbers)
        self.hashtag_numbers = numbers
        names = {}
        self.events = numpy.array([names.setdefault(row["event"], len(names)) for row in rows], dtype=numpy.int64)
        self.carriers = [[] for _ in numbers]  # hashtag -> rows
        for row, tags in enumerate(self.hashtags):
            for tag in tags:
                self.carriers[tag].append(row)

    def __len__(self):
        return len(self.texts)

    def display_of_hashtags(self):
        """The most frequent spelling of every hashtag; the first one wins ties."""
        spellings = [collections.Counter() for _ in self.hashtag_names]
        for tags, displays in zip(self.hashtags, self.displays):
            for tag, display in zip(tags, displays):
                spellings[tag][display] += 1
        return [counter.most_common(1)[0][0] for counter in spellings]
