# SPDX-License-Identifier: Apache-2.0
"""Near-duplicate groups: tweets whose token sets have a Jaccard similarity of at least a threshold.

Exact set-similarity join by prefix filtering (Chaudhuri et al. 2006; Bayardo et al. 2007): with the tokens of every set
in one global order, rarest first, two sets with J >= t share a token among their first |x| - ceil(t |x|) + 1.
"""

import collections
import math
import re

TOKEN = re.compile(r"[^\W_]+")


def tokens(text):
    """The set of lower-case alphanumeric tokens of a normal form."""
    return frozenset(TOKEN.findall(text.lower()))


def groups(texts, threshold, progress=lambda: None):
    """One group number per text: the smallest index among the texts that are linked to it, directly or through others.

    Near-linear in practice: candidates come from inverted lists of rare tokens only.
    """
    parent = list(range(len(texts)))

    def root(i):
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    def join(i, j):
        i, j = root(i), root(j)
        if i != j:
            parent[max(i, j)] = min(i, j)

    first = {}  # merges equal token sets, so that the join sees each set once
    frequency = collections.Counter()
    for i, text in enumerate(texts):
        key = tokens(text)
        if key in first:
            join(first[key], i)
        else:
            first[key] = i
            frequency.update(key)

    lists = collections.defaultdict(list)
    for key, i in sorted(first.items(), key=lambda item: (len(item[0]), item[1])):
        size = len(key)
        ordered = sorted(key, key=lambda token: (frequency[token], token))
        prefix = ordered[:size - math.ceil(threshold * size) + 1] if size else []
        seen = set()
        for token in prefix:
            for other, j in lists[token]:
                if j in seen or len(other) < threshold * size:
                    continue
                seen.add(j)
                common = len(key & other)
                if common >= threshold * (size + len(other) - common):
                    join(i, j)
            lists[token].append((key, i))
        progress()
    return [root(i) for i in range(len(texts))]
