# SPDX-License-Identifier: Apache-2.0
"""F1@1, F1@5 and MAP@5 of ranked lists, in percent, over hashtags in normal form."""

from ..metrics import average_precision, f1
from ..normal_form import hashtag_normal_form


def normal(hashtags):
    """Normal forms in order, each once."""
    return list(dict.fromkeys(filter(None, map(hashtag_normal_form, hashtags))))


def figures(rows, lists):
    pairs = [(normal(found), normal(row["hashtags"])) for row, found in zip(rows, lists, strict=True)]
    means = {"F1@1": [f1(found, gold, 1) for found, gold in pairs], "F1@5": [f1(found, gold, 5) for found, gold in pairs],
             "MAP@5": [average_precision(found, gold) for found, gold in pairs]}
    return {name: round(100 * sum(values) / len(values), 2) for name, values in means.items()}
