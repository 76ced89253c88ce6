# SPDX-License-Identifier: Apache-2.0
"""agreement: measures how well the hashtags of near-duplicates in the training pairs predict a tweet's hashtags.

No recommender can know which of the fitting hashtags an author chose.  Here the answer to a tweet is the list of
hashtags of the other tweets in its group, the most frequent first; these tweets say the same in nearly the same words.
The figures have the form of `assigner eval`, and show how much of its errors a model could learn to avoid.
"""

import collections

from .metrics import average_precision, f1
from .pairs import Pairs


def add_arguments(parser):
    pass


def run(args):
    pairs = Pairs(args.work)
    members = collections.defaultdict(list)
    for row, group in enumerate(pairs.groups):
        members[int(group)].append(set(pairs.hashtags[row]))
    frequency = [len(rows) for rows in pairs.carriers]

    totals, asked = collections.Counter(), 0
    for tweets in members.values():
        carried = collections.Counter(tag for tags in tweets for tag in tags)
        for gold in tweets if len(tweets) > 1 else []:
            others = {tag: count - (tag in gold) for tag, count in carried.items()}
            best = sorted((tag for tag, count in others.items() if count), key=lambda tag: (-others[tag], -frequency[tag], tag))
            asked += 1
            totals.update({f"F1@{k}": f1(best, gold, k) for k in (1, 2, 5)})
            totals["MAP@5"] += average_precision(best, gold)
    print(f"{asked} tweets with near-duplicates: "
          + "  ".join(f"{name} {100 * value / max(1, asked):.1f}" for name, value in totals.items()))
