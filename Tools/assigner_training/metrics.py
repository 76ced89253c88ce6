# SPDX-License-Identifier: Apache-2.0
"""F1@k and MAP@5 of one ranked list, defined as in the runtime's evaluation."""


def f1(predicted, gold, k):
    """The harmonic mean of precision over min(k, predicted) and recall over all gold hashtags."""
    top = predicted[:k]
    hits = len(set(top) & set(gold))
    if not hits:
        return 0.0
    precision, recall = hits / len(top), hits / len(gold)
    return 2 * precision * recall / (precision + recall)


def average_precision(predicted, gold, k=5):
    """Average precision over the top k, divided by min(gold, k)."""
    hits, total = 0, 0.0
    for place, tag in enumerate(predicted[:k], 1):
        if tag in gold:
            hits += 1
            total += hits / place
    return total / min(len(gold), k) if gold else 0.0
