# SPDX-License-Identifier: Apache-2.0
"""Measures the generator alone: F1@1 and F1@5 of samples, of the final pass, and of the causal decoder."""

import torch

from . import sampler


def f1(predicted, gold, k):
    """F1@k of one tweet: precision over min(k, predicted), recall over all gold hashtags."""
    top = list(dict.fromkeys(predicted))[:k]
    hits = len(set(top) & set(gold))
    if not hits:
        return 0.0
    precision, recall = hits / len(top), hits / len(set(gold))
    return 2 * precision * recall / (precision + recall)


def scores(predicted, gold):
    """Mean F1@1 and F1@5 in percent, and the mean number of hashtags a tweet."""
    count = max(1, len(gold))
    return {"f1@1": 100 * sum(f1(p, g, 1) for p, g in zip(predicted, gold)) / count,
            "f1@5": 100 * sum(f1(p, g, 5) for p, g in zip(predicted, gold)) / count,
            "tags": sum(map(len, predicted)) / count}


@torch.no_grad()
def measure(generator, spelling, examples, steps=10, seed=0, batch=64, causal=True, device="cpu"):
    """The scores by output ("sample", "final", "greedy"), and the hashtags."""
    generator.eval()
    random = torch.Generator().manual_seed(seed)
    found = {"sample": [], "final": []} | ({"greedy": []} if causal else {})
    order = sorted(range(len(examples)), key=lambda i: len(examples.tweets[i]))
    for start in range(0, len(order), batch):
        rows = order[start:start + batch]
        tokens, mask = examples.sources(rows, device=device)
        x_e = generator.encode(tokens, mask)
        width = generator.config["diffusion"]["embedding_dim"]
        noise = torch.randn((len(rows), generator.positions, width), generator=random).to(device)
        x0 = sampler.sample(generator, x_e, mask, noise, steps)
        drawn = sampler.rounded(generator, x0)
        outputs = {"sample": drawn, "final": sampler.final_pass(generator, drawn, x_e, mask)[0]}
        if causal:
            outputs["greedy"] = sampler.greedy(generator, x_e, mask)
        for name, pieces in outputs.items():
            found[name] += [[h for h, _ in spelling.read(row)] for row in pieces.tolist()]
    gold = [examples.hashtags[i] for i in order]
    return {name: scores(predicted, gold) for name, predicted in found.items()}, found, gold
