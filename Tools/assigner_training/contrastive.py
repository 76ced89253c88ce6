# SPDX-License-Identifier: Apache-2.0
"""The training loop of retriever, selector and joint: AdamW, linear warm-up and decay, resumable."""

import os
import random
import sys

import numpy
import torch

from .progress import Curve, Progress


def seed_everything(seed):
    random.seed(seed)
    numpy.random.seed(seed % 2**32)
    torch.manual_seed(seed)


def similarity_mask_loss(similarities, positive, allowed, temperature):
    """InfoNCE over the rows of `similarities` [n, m] (SimCSE Eq. 5; RIGHT section 2.2).

    The positive of row i is column positive[i].  Columns where `allowed` is false (false negatives) do not count.
    """
    logits = (similarities / temperature).masked_fill(~allowed, float("-inf"))
    return torch.nn.functional.cross_entropy(logits, positive)


def add_arguments(parser):
    parser.add_argument("--stop-after", type=int, metavar="STEPS", help="stop after this step; the next run continues")


def train(model, settings, folder, args, batch_loss, label, watch=None):
    """Runs `settings["steps"]` updates; `batch_loss(step) -> loss tensor` must draw its batch from the step number alone.

    `folder`/checkpoint.pt keeps the progress (weights, optimizer, random states).  It is written atomically, and a stopped
    stage continues from it.  Curves go to `folder`/curve.jsonl.  `watch(step)` is called at every checkpoint.
    A model may define `parameter_groups(settings)`.  Returns True when all updates are done.
    """
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "checkpoint.pt")
    seed_everything(args.seed)
    model.to(args.device).train()
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    groups = model.parameter_groups(settings) if hasattr(model, "parameter_groups") else [
        {"params": [p for _, p in named if p.dim() > 1], "weight_decay": settings["weight_decay"]},
        {"params": [p for _, p in named if p.dim() <= 1], "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=settings["learning_rate"])
    steps, warmup = settings["steps"], max(1, round(settings["warmup"] * settings["steps"]))
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warmup, max(0.0, (steps - step) / max(1, steps - warmup))))
    first = 0
    if os.path.exists(path):
        first = restore(path, named, optimizer, scheduler)
        print(f"{label}: continuing from step {first}", file=sys.stderr)
    progress, curve = Progress(label, steps, first), Curve(os.path.join(folder, "curve.jsonl"))
    mean = None
    for step in range(first, steps):
        loss = batch_loss(step)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_([p for _, p in named], 1.0)
        optimizer.step()
        scheduler.step()
        value = loss.item()
        mean = value if mean is None else 0.95 * mean + 0.05 * value
        curve.log(step=step + 1, loss=value, gradient_norm=norm.item(), learning_rate=scheduler.get_last_lr()[0])
        progress.update(note=f"loss {mean:.3f}")
        stop = step + 1 in (steps, args.stop_after)
        if stop or (step + 1) % settings["checkpoint_every"] == 0:
            store(path, named, optimizer, scheduler, step + 1)
            if watch:
                watch(step + 1)
                model.train()
        if stop:
            break
    model.eval()
    return first >= steps or step + 1 == steps


def store(path, named, optimizer, scheduler, step):
    state = {"step": step, "weights": {name: p.detach().cpu() for name, p in named}, "optimizer": optimizer.state_dict(),
             "scheduler": scheduler.state_dict(), "torch": torch.get_rng_state(),
             "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []}
    torch.save(state, path + ".partial")
    os.replace(path + ".partial", path)


def restore(path, named, optimizer, scheduler):
    state = torch.load(path, map_location="cpu", weights_only=True)
    with torch.no_grad():
        for name, parameter in named:
            parameter.copy_(state["weights"][name])
    optimizer.load_state_dict(state["optimizer"])
    scheduler.load_state_dict(state["scheduler"])
    torch.set_rng_state(state["torch"])
    if state["cuda"]:
        torch.cuda.set_rng_state_all(state["cuda"])
    return state["step"]
