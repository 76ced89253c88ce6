# SPDX-License-Identifier: Apache-2.0
"""The training objective: ASSIGNER, Eq. 10, with an anchor cross-entropy, and the causal pass of Eq. 14."""

import torch
from torch.nn import functional as F

from .sampler import ddim_step
from .spelling import PAD


def losses(generator, x_e, mask, targets, random, settings):
    """The losses of one batch: (total, measurements).

    x_e, mask: the encoded source [B, S, d], [B, S] (by the frozen encoder of the retriever); targets [B, l]; random: a
    torch.Generator on the CPU, the source of all draws.
    measurements: t [B], error [B, l] (Eq. 5: |x0 - v0|^2 / r^2), weight [B, l] (1 for real pieces), cross [n] with its
    positions, and scalars by name.
    """
    device = targets.device
    sources = generator.sources(x_e)
    embeddings = generator.embeddings()
    v0 = embeddings[targets]
    rows, positions = targets.shape
    t = torch.randint(1, generator.timesteps + 1, (rows,), generator=random).to(device)
    noise = torch.randn(v0.shape, generator=random).to(device)
    # Drifting rows reach t as in a sampler: from a noisier step `before`, by the network's prediction.  Without them v_t
    # always contains the true pieces, and the decoder learns to trust it more than the source.
    drift = torch.rand((rows,), generator=random) < settings["drift"]
    ahead = (torch.rand((rows,), generator=random) * (generator.timesteps - t.cpu() + 1)).long()
    before = t + torch.where(drift, ahead, 0).to(device)
    level, level_before = (generator.diffusion.alpha_bar[u][:, :positions, None] for u in (t, before))
    previous = None
    if torch.rand((), generator=random) < settings["self_conditioning"]:
        with torch.no_grad():
            v = level_before.sqrt() * v0 + (1 - level_before).sqrt() * noise
            previous = generator.decode(v, None, before, [(k.detach(), w.detach()) for k, w in sources], mask)
            v = ddim_step(v, previous, level_before, level)  # if before is t, the result is v
    else:
        v = level.sqrt() * v0 + (1 - level).sqrt() * noise
    x0 = generator.decode(v, previous, t, sources, mask)

    # Real pieces and </s> have full weight. <pad> is easy and frequent, so only some positions count, with little weight.
    real = (targets != PAD).to(device)
    scored = real | (torch.rand(targets.shape, generator=random) < settings["pad_share"]).to(device)
    weight = torch.where(real, 1.0, settings["pad_weight"])[scored]
    weight = weight / weight.sum()
    error = (x0 - v0).square().sum(-1) / generator.norm ** 2
    mse = (error[scored] * weight).sum()
    logits = generator.logits(x0[scored], embeddings)
    cross = F.cross_entropy(logits, targets[scored], reduction="none")
    anchor = (cross * weight).sum()

    # Eq. 14 with teacher forcing. In some rows, rounded noisy predictions replace pieces.
    read = targets
    if settings["corrupt_rows"] > 0:
        with torch.no_grad():
            guess = targets.clone()
            guess[scored] = logits.argmax(-1)
            swap = torch.rand((rows, 1), generator=random) < settings["corrupt_rows"]
            swap = swap & (torch.rand(targets.shape, generator=random) < torch.rand((rows, 1), generator=random))
            read = torch.where(swap.to(device), guess, targets)
    part = torch.randperm(rows, generator=random)[:max(1, round(settings["causal_share"] * rows))].to(device)
    causal_scored = real[part]
    causal_x0 = causal_decode(generator, read[part], [(k[part], w[part]) for k, w in sources], mask[part], embeddings)
    causal_logits = generator.logits(causal_x0[causal_scored], embeddings)
    causal_targets = targets[part][causal_scored]
    causal = F.cross_entropy(causal_logits, causal_targets)

    # The rounding term -log p(y | v0) depends only on the pieces, so each piece of the batch is scored once.
    pieces = targets.unique()
    rounding = F.cross_entropy(generator.logits(embeddings[pieces], embeddings), pieces)
    prior = (generator.diffusion.alpha_bar[-1][:positions, None] * v0.square()).mean()   # |mu(v_T, v_0)|^2: the v_T term

    total = (settings["mse_weight"] * mse + settings["anchor_weight"] * anchor + settings["causal_weight"] * causal
             + settings["rounding_weight"] * rounding + prior)
    with torch.no_grad():
        hit = (logits.argmax(-1) == targets[scored]) & real[scored]
        causal_hit = causal_logits.argmax(-1) == causal_targets
        count = real.sum()
        per_place = torch.zeros(targets.shape, device=device)
        per_place[scored] = cross
    measured = {"t": t.cpu(), "error": error.detach().cpu(), "cross": per_place.cpu(), "real": real.float().cpu(),
                "scalars": {"loss": total.item(), "mse": mse.item(), "anchor": anchor.item(), "causal": causal.item(),
                            "rounding": rounding.item(), "right": (hit.sum() / count).item(),
                            "causal_right": causal_hit.float().mean().item()}}
    return total, measured


def causal_decode(generator, read, sources, mask, embeddings):
    """x0 of the causal pass.  `read` [B, l] has the pieces; this function shifts them by one position."""
    before = torch.cat([torch.zeros_like(read[:, :1]), read[:, :-1]], dim=1)
    t = torch.zeros(len(read), device=read.device)
    return generator.decode(embeddings[before], None, t, sources, mask, causal=True)
