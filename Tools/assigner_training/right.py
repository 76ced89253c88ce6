# SPDX-License-Identifier: Apache-2.0
"""RIGHT's hashtag ranking from retrieved tweets (section 2.2; ASSIGNER Eq. 11, 12)."""

import numpy


def scores(neighbours, similarities, hashtags, relevance=None):
    """{hashtag: score} for one query, over the hashtags of its retrieved tweets.

        s_h = (mean of s over the retrieved tweets that carry h + r(d_q, h)) * (1 + (f_h - 1) / 10)

    neighbours, similarities: row numbers and cosine similarities of the retrieved tweets; hashtags[row]: its hashtag
    numbers; relevance: a function from hashtag numbers to their r with the query (None: without r).
    """
    found = {}
    for row, similarity in zip(neighbours, similarities):
        for tag in hashtags[row]:
            found.setdefault(tag, []).append(similarity)
    tags = list(found)
    r = relevance(tags) if relevance and tags else [0.0] * len(tags)
    return {tag: (sum(found[tag]) / len(found[tag]) + float(own)) * (1 + (len(found[tag]) - 1) / 10)
            for tag, own in zip(tags, r)}


def ranked(neighbours, similarities, hashtags, relevance=None):
    """The hashtags of `scores`, best first.  Equal scores are ordered by hashtag number."""
    found = scores(neighbours, similarities, hashtags, relevance)
    return sorted(found, key=lambda tag: (-found[tag], tag))


def relevance(query, embeddings):
    """The function from hashtag numbers to r(d_q, h): dot products with the selector's hashtag embeddings [hashtags, d]."""
    return lambda tags: embeddings[numpy.asarray(tags)] @ query
