"""The training loop that the retriever and the selector share: AdamW, linear warm-up and decay, resumable."""

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

    Row i's positive is column positive[i]; columns where `allowed` is false (false negatives) do not count.
    """
    logits = (similarities / temperature).masked_fill(~allowed, float("-inf"))
    return torch.nn.functional.cross_entropy(logits, positive)


def train(encoder, settings, folder, seed, device, batch_loss, label):
    """Runs `settings["steps"]` updates; `batch_loss(step) -> loss tensor` must depend on the step number alone.

    Progress is kept in `folder`/checkpoint.pt (weights, optimizer, random states), written atomically, and a stage that
    was stopped goes on from there.  Curves go to `folder`/curve.jsonl.
    """
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "checkpoint.pt")
    seed_everything(seed)
    encoder.to(device).train()
    named = [(name, p) for name, p in encoder.named_parameters() if p.requires_grad]
    decayed = [p for _, p in named if p.dim() > 1]
    plain = [p for _, p in named if p.dim() <= 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": settings["weight_decay"]},
                                   {"params": plain, "weight_decay": 0.0}], lr=settings["learning_rate"])
    steps, warmup = settings["steps"], max(1, round(settings["warmup"] * settings["steps"]))
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warmup, max(0.0, (steps - step) / max(1, steps - warmup))))
    first = 0
    if os.path.exists(path):
        first = restore(path, named, optimizer, scheduler)
        print(f"{label}: going on from step {first}", file=sys.stderr)
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
        if (step + 1) % settings["checkpoint_every"] == 0 or step + 1 == steps:
            store(path, named, optimizer, scheduler, step + 1)
    encoder.eval()


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
