# SPDX-License-Identifier: Apache-2.0
"""The training loop of the generator: AdamW, EMA, the adaptive schedule, curves, and checkpoints to continue from."""

import math
import os
import sys
import time

import numpy
import torch

from ..progress import Curve, Progress
from . import schedule
from .encodings import Encodings
from .loss import losses


class Trainer:
    """Holds the whole state of a checkpoint.

    `settings` is the configuration's [generator] table.  Training ends after `steps` updates or `max_minutes`, whichever
    comes first.  The learning rate follows the larger of the two fractions, so it also decays in a run that ends by time.
    """

    def __init__(self, generator, examples, settings, seed, device, folder, max_minutes=None):
        self.generator, self.examples, self.settings = generator.to(device), examples, settings
        self.seed, self.device, self.folder, self.max_minutes = seed, device, folder, max_minutes
        os.makedirs(folder, exist_ok=True)
        named = [(n, p) for n, p in generator.named_parameters() if p.requires_grad]
        self.named = named
        self.average = {name: p.detach().clone() for name, p in named}
        plain = [p for n, p in named if p.dim() <= 1 or "token_embedding" in n or "bias" in n]
        matrices = [p for n, p in named if not any(p is q for q in plain)]
        self.optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": settings["weight_decay"]}, {"params": plain, "weight_decay": 0.0}],
            lr=settings["learning_rate"], betas=(0.9, 0.98))
        self.random = torch.Generator().manual_seed(seed)
        self.history = self.new_history()
        self.step, self.minutes = 0, 0.0
        self.encodings = Encodings(generator, examples, settings["cache_rows"], device)
        self.curve = Curve(os.path.join(folder, "curve.jsonl"))
        self.window = self.new_history()   # for the curves: error and cross-entropy by time bin and position
        self.window_cross = self.new_history()

    def new_history(self):
        return schedule.LossHistory(self.generator.timesteps, self.generator.positions, self.settings["stride"])

    # Progress

    def fraction(self):
        """The completed fraction of the run, 0 to 1."""
        by_time = self.minutes / self.max_minutes if self.max_minutes else 0.0
        return min(1.0, max(self.step / self.settings["steps"], by_time))

    def rate(self):
        """The learning rate: linear warm-up, then a cosine down to a twentieth."""
        s = self.settings
        warm = min(1.0, (self.step + 1) / s["warmup"])
        return s["learning_rate"] * warm * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * self.fraction())))

    def run(self, on_checkpoint=None):
        """Trains to the end.  `on_checkpoint(trainer)` is called after every checkpoint and at the end."""
        s, progress = self.settings, Progress("generator", self.settings["steps"], self.step)
        torch.set_flush_denormal(True)
        self.generator.train()
        started, before = time.monotonic(), self.minutes
        recent = {}
        while self.fraction() < 1:
            scalars = self.update()
            for name, value in scalars.items():
                recent[name] = value if name not in recent else 0.95 * recent[name] + 0.05 * value
            self.minutes = before + (time.monotonic() - started) / 60
            left = f"{self.max_minutes - self.minutes:.1f} min of {self.max_minutes:g} left, " if self.max_minutes else ""
            progress.update(note=left + " ".join(f"{n} {v:.3f}" for n, v in recent.items()))
            if self.step % s["log_every"] == 0:
                self.log(recent)
            if self.step % s["schedule_every"] == 0 and self.adapts():
                self.adapt()
            if self.step % s["checkpoint_every"] == 0 and self.fraction() < 1:
                self.save()
                if on_checkpoint:
                    on_checkpoint(self)
        self.save()
        if on_checkpoint:
            on_checkpoint(self)

    def update(self):
        """Trains on one batch."""
        s = self.settings
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        rows, positions = self.examples.batch_rows(self.seed, self.step, s["batch"], s["short"], s["full_share"])
        random = numpy.random.default_rng((self.seed, self.step))
        x_e, mask = self.encodings.batch(rows.tolist(), random, s)
        targets = self.examples.targets[torch.from_numpy(rows), :positions].to(self.device)
        mixed = torch.autocast("cuda", torch.bfloat16, enabled=self.device == "cuda")
        with mixed:
            total, measured = losses(self.generator, x_e, mask, targets, self.random, s)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        norm = torch.nn.utils.clip_grad_norm_([p for _, p in self.named], 1.0)
        self.optimizer.step()
        self.step += 1
        rate = min(s["average"], (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_([self.average[n] for n, _ in self.named], [p for _, p in self.named], 1 - rate)
        t, weight, error, cross = (self.wide(measured[name]) for name in ("t", "real", "error", "cross"))
        for history in (self.history, self.window):
            history.add(t, error, weight)
        self.window_cross.add(t, cross, weight)
        return measured["scalars"] | {"norm": float(norm)}

    def wide(self, values):
        """A measurement as an array over all positions.  Positions that a short batch lacks are zero and have no weight."""
        if values.dim() == 1:
            return values.numpy()
        return torch.nn.functional.pad(values, (0, self.generator.positions - values.shape[1])).numpy()

    # The schedule (Algorithm 1)

    def adapts(self):
        s = self.settings
        return (s["schedule"] in ("linear", "sigmoid") and self.step >= s["schedule_from"]
                and self.fraction() < s["schedule_until"])

    def adapt(self):
        """Computes ᾱ again from the losses since the last time."""
        table = self.generator.diffusion.alpha_bar
        new = schedule.adapt(self.settings["schedule"], table.cpu().numpy(), self.history,
                             self.settings["schedule_shared"], self.settings["schedule_count"])
        table.copy_(torch.from_numpy(new))
        quarter = new[:: max(1, (len(new) - 1) // 4)]
        self.curve.log(step=self.step, schedule={f"position {i}": quarter[:, i].round(4).tolist() for i in (0, 1, 2, 4)})
        self.history.reset()

    def log(self, recent):
        """Logs the losses by time bin (over positions) and by position (over time), which the mean would hide."""
        line = {"step": self.step, "minutes": round(self.minutes, 2), "rate": self.rate(), **recent}
        for name, history in (("error", self.window), ("cross", self.window_cross)):
            _, _, counts = history.binned(False)
            edges = numpy.append(numpy.arange(1, history.steps + 1, history.stride), history.steps + 1)
            total = numpy.add.reduceat(history.sum, edges[:-1], axis=0)
            line[name + "_by_time"] = (total.sum(1) / numpy.maximum(counts.sum(1), 1)).round(4).tolist()
            line[name + "_by_position"] = (total.sum(0) / numpy.maximum(counts.sum(0), 1)).round(4).tolist()
            history.reset()
        self.curve.log(**line)

    # Checkpoints

    def save(self):
        state = {"step": self.step, "minutes": self.minutes, "optimizer": self.optimizer.state_dict(),
                 "weights": {n: p.detach().cpu() for n, p in self.named}, "average": self.average,
                 "alpha_bar": self.generator.diffusion.alpha_bar.cpu(), "random": self.random.get_state(),
                 "history": [torch.from_numpy(self.history.sum), torch.from_numpy(self.history.count)]}
        path = os.path.join(self.folder, "checkpoint.pt")
        torch.save(state, path + ".partial")
        os.replace(path + ".partial", path)

    def restore(self):
        """Restores the folder's checkpoint, if there is one.  Returns whether there was one."""
        path = os.path.join(self.folder, "checkpoint.pt")
        if not os.path.exists(path):
            return False
        state = torch.load(path, map_location="cpu", weights_only=True)
        with torch.no_grad():
            for name, parameter in self.named:
                parameter.copy_(state["weights"][name])
                self.average[name].copy_(state["average"][name])
            self.generator.diffusion.alpha_bar.copy_(state["alpha_bar"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.random.set_state(state["random"])
        self.history.sum, self.history.count = (x.numpy().copy() for x in state["history"])
        self.step, self.minutes = state["step"], state["minutes"]
        print(f"generator: continuing from step {self.step}, {self.minutes:.1f} minutes", file=sys.stderr)
        return True

    def averaged(self):
        """Swaps in the averaged weights; returns a function that restores the trained weights."""
        kept = {n: p.detach().clone() for n, p in self.named}
        with torch.no_grad():
            for name, parameter in self.named:
                parameter.copy_(self.average[name])
        self.generator.eval()

        def back():
            with torch.no_grad():
                for name, parameter in self.named:
                    parameter.copy_(kept[name])
            self.generator.train()
        return back
