# SPDX-License-Identifier: Apache-2.0
"""Progress on stderr with rate and remaining time, and curves in a JSONL file."""

import json
import sys
import time


class Progress:
    """Counts to `total`, and writes a line at most every `interval` seconds.

    On a terminal it rewrites the line in place.  In a log file every line stays.
    """

    def __init__(self, label, total, done=0, interval=None):
        self.label, self.total, self.start_count, self.done = label, total, done, done
        self.terminal = sys.stderr.isatty()
        self.interval = interval if interval is not None else (0.2 if self.terminal else 15.0)
        self.start = self.last = time.monotonic()

    def update(self, count=1, note=""):
        self.done += count
        now = time.monotonic()
        if now - self.last < self.interval and self.done < self.total:
            return
        self.last = now
        rate = (self.done - self.start_count) / max(now - self.start, 1e-9)
        left = (self.total - self.done) / rate if rate else 0
        end = "\r" if self.terminal and self.done < self.total else "\n"
        print(f"{self.label}: {self.done}/{self.total}  {rate:.1f}/s  {clock(left)} left  {note}", file=sys.stderr, end=end,
              flush=True)


def clock(seconds):
    """Seconds as m:ss."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class Curve:
    """Appends JSON objects to a file, one a line: the curves of a training run."""

    def __init__(self, path):
        self.path = path

    def log(self, **values):
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")
