# SPDX-License-Identifier: Apache-2.0
"""Training: Adam, a rate that is halved when the loss on the development rows rises, and checkpoints to continue from."""

import os
import sys
import time

import torch

from ..progress import Curve, Progress


class Trainer:
    """One epoch at a time; its whole state is in checkpoint.pt, the weights of the least development loss in best.pt.

    `settings` is the configuration's [bi_attention] table.
    """

    def __init__(self, network, examples, dev, settings, seed, folder):
        self.network, self.examples, self.dev, self.settings = network, examples, dev, settings
        self.seed, self.folder = seed, folder
        self.epoch, self.minutes, self.best, self.worse, self.last = 0, 0.0, float("inf"), 0, float("inf")
        self.optimizer = torch.optim.Adam(network.parameters(), lr=settings["learning_rate"])
        self.curve = Curve(os.path.join(folder, "curve.jsonl"))

    @property
    def rate(self):
        return self.optimizer.param_groups[0]["lr"]

    def over(self):
        s = self.settings
        return self.epoch >= s["epochs"] or self.rate < s["least_rate"] or self.worse >= s["patience"]

    def run(self):
        torch.set_flush_denormal(True)
        while not self.over():
            started = time.monotonic()
            loss = self.train_epoch()
            dev = self.dev_loss()
            self.epoch += 1
            self.worse = 0 if dev < self.best else self.worse + 1
            if dev >= self.last:
                self.optimizer.param_groups[0]["lr"] *= self.settings["decay"]
            self.last = dev
            if dev < self.best:
                self.best = dev
                self.write(self.network.state_dict(), "best.pt")
            self.minutes += (time.monotonic() - started) / 60
            self.curve.log(epoch=self.epoch, minutes=round(self.minutes, 2), loss=loss, dev_loss=dev, rate=self.rate)
            print(f"bi-attention: epoch {self.epoch}: loss {loss:.3f}, dev {dev:.3f}, rate {self.rate:g}", file=sys.stderr,
                  flush=True)
            self.save()
        self.network.load_state_dict(torch.load(os.path.join(self.folder, "best.pt"), weights_only=True))
        self.network.eval()

    def train_epoch(self):
        """The mean loss of a word.  The order of the pairs and dropout depend on seed and epoch alone."""
        s = self.settings
        torch.manual_seed(self.seed * 1000 + self.epoch)
        self.network.train()
        batches = self.examples.order(self.seed, self.epoch, s["batch"])
        progress = Progress(f"bi-attention: epoch {self.epoch + 1}", len(batches))
        total = words = 0
        for numbers in batches:
            with torch.autocast("cpu", torch.bfloat16, enabled=s["bfloat16"]):
                loss, count = self.network(self.examples.pairs_batch(numbers))
            self.optimizer.zero_grad(set_to_none=True)
            (loss / len(numbers)).backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), s["gradient_norm"])
            self.optimizer.step()
            total, words = total + loss.item(), words + count
            progress.update(note=f"loss {total / words:.3f}")
        return total / words

    @torch.no_grad()
    def dev_loss(self):
        self.network.eval()
        total = words = 0
        for start in range(0, len(self.dev.pairs), 64):
            loss, count = self.network(self.dev.pairs_batch(range(start, min(start + 64, len(self.dev.pairs)))))
            total, words = total + loss.item(), words + count
        return total / words

    def write(self, state, name):
        path = os.path.join(self.folder, name)
        torch.save(state, path + ".partial")
        os.replace(path + ".partial", path)

    def save(self):
        self.write({"network": self.network.state_dict(), "optimizer": self.optimizer.state_dict(), "epoch": self.epoch,
                    "minutes": self.minutes, "best": self.best, "worse": self.worse, "last": self.last}, "checkpoint.pt")

    def restore(self):
        """Continues from the folder's checkpoint, if there is one."""
        path = os.path.join(self.folder, "checkpoint.pt")
        if not os.path.exists(path):
            return
        state = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        for name in ("epoch", "minutes", "best", "worse", "last"):
            setattr(self, name, state[name])
        print(f"bi-attention: continuing from epoch {self.epoch}", file=sys.stderr)
