# SPDX-License-Identifier: Apache-2.0
"""The reverse process with injected noise: DDIM, DPM-Solver++(2M), ancestral steps and re-noising.

The samplers visit a stride of the steps of the per-position table.

The runtime's samplers are tested against this definition, so noise is an argument and never drawn here.
"""

import torch


def visited(timesteps, steps):
    """t_0 = T > … > t_n = 0: t_k = T (1 - k/n), rounded half up, in integers."""
    return [(2 * timesteps * (steps - k) + steps) // (2 * steps) for k in range(steps + 1)]


def ddim_step(v, x0, a, b):
    """DDIM with eta 0 from ᾱ = a to ᾱ = b of the next visited step (Song et al., Eq. 12); a, b [l, 1]."""
    noise = (v - a.sqrt() * x0) / (1 - a).sqrt()
    return b.sqrt() * x0 + (1 - b).sqrt() * noise


def ancestral_step(v, x0, a, b, noise):
    """A draw from q(v_b | v_a, x0) (ASSIGNER, Eq. 9, for any two visited steps): beta = 1 - a / b."""
    beta = 1 - a / b
    mean = b.sqrt() * beta / (1 - a) * x0 + (a / b).sqrt() * (1 - b) / (1 - a) * v
    return mean + (beta * (1 - b) / (1 - a)).sqrt() * noise


def dpm_step(v, x0, last_x0, a, b, last_a):
    """A step of DPM-Solver++(2M) from ᾱ = a to b (Lu et al., 2022, Algorithm 2).

    `last_x0` is the prediction of the previous step, at ᾱ = last_a.  Without it (None) the step has first order, and equals
    DDIM.  lambda = log(sqrt(ᾱ) / sqrt(1 - ᾱ)).
    """
    ratio = ((1 - b) / (1 - a)).sqrt()
    if last_x0 is not None:
        half_log = lambda level: 0.5 * (level / (1 - level)).log()
        r = (half_log(a) - half_log(last_a)) / (half_log(b) - half_log(a))
        x0 = x0 + (x0 - last_x0) / (2 * r)
    return ratio * v + (b.sqrt() - a.sqrt() * ratio) * x0


def renoise_step(x0, b, noise):
    """A draw from q(v_b | x0): adds new noise to the prediction (SeqDiffuSeq's generate_by_q)."""
    return b.sqrt() * x0 + (1 - b).sqrt() * noise


SAMPLERS = ("ddim", "dpm", "ancestral", "renoise")
STOCHASTIC = ("ancestral", "renoise")


@torch.no_grad()
def sample(generator, x_e, mask, noise, steps, sampler="ddim", trace=None, clamp=False):
    """The final x0 [B, l, m] from noise v_T.

    noise: [B, l, m]; for a stochastic sampler [n, B, l, m], where noise[0] is v_T and noise[k] is the noise of step k (the
    last step has none).  For a lower temperature, multiply the noise by a number below 1.  trace: a list that receives
    (t, v, x0) of every step.  clamp: continue from the embedding of the nearest piece instead of x0 (Diffusion-LM's clamping
    trick), also in the next step's self-conditioning.
    """
    sources = generator.sources(x_e)
    times = visited(generator.timesteps, steps)
    table = generator.diffusion.alpha_bar[:, :, None]
    v = noise[0] if sampler in STOCHASTIC else noise
    previous = torch.zeros_like(v)
    for k in range(steps):
        t = torch.full((len(v),), times[k], device=v.device)
        x0 = generator.decode(v, previous, t, sources, mask)
        if trace is not None:
            trace.append((times[k], v, x0))
        if clamp:
            x0 = generator.embeddings()[rounded(generator, x0)]
        a, b = table[times[k]], table[times[k + 1]]
        if k + 1 == steps:
            v = x0
        elif sampler == "ddim":
            v = ddim_step(v, x0, a, b)
        elif sampler == "dpm":
            v = dpm_step(v, x0, previous if k else None, a, b, table[times[k - 1]] if k else None)
        elif sampler == "ancestral":
            v = ancestral_step(v, x0, a, b, noise[k + 1])
        else:
            v = renoise_step(x0, b, noise[k + 1])
        previous = x0
    return v


def rounded(generator, x0):
    """Eq. 13: the piece [B, l] with the nearest embedding.  All have one length, so it has the largest product."""
    return (x0 @ generator.embeddings().T).argmax(-1)


@torch.no_grad()
def final_pass(generator, tokens, x_e, mask):
    """Eq. 14: (pieces [B, l] after the causal decoder's last correction, their probabilities [B, l])."""
    probabilities = generator.causal_logits(tokens, generator.sources(x_e), mask).softmax(-1)
    best = probabilities.max(-1)
    return best.indices, best.values


@torch.no_grad()
def greedy(generator, x_e, mask):
    """The pieces [B, l] of the causal decoder alone, one after the other (the generator without diffusion)."""
    sources = generator.sources(x_e)
    tokens = torch.zeros(len(x_e), generator.positions, dtype=torch.long, device=x_e.device)
    for i in range(generator.positions):
        tokens[:, i] = generator.causal_logits(tokens, sources, mask)[:, i].argmax(-1)
    return tokens
