# SPDX-License-Identifier: Apache-2.0
"""Alternating rounds of two programs, and their results."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field


@dataclass
class Row:
    """One comparison: the seconds of every round, ours and theirs, in order."""
    work: str
    peer: str
    ours: list
    theirs: list
    target: float = 1.0           # smallest accepted ratio of their time to ours
    multiply_adds: int = 0        # of one call; 0 if not counted
    notes: str = ""

    @property
    def ratios(self):
        """Their time over ours for each round: a disturbance that is longer than a round affects both."""
        return [theirs / ours for ours, theirs in zip(self.ours, self.theirs)]

    @property
    def ratio(self):
        return statistics.median(self.ratios)

    def to_json(self):
        return asdict(self)


@dataclass
class Fact:
    """One of our own figures, with a bound."""
    work: str
    value: float
    bound: float
    unit: str
    notes: str = ""

    def to_json(self):
        return asdict(self)


@dataclass
class Part:
    """The results of one part of the comparison."""
    rows: list = field(default_factory=list)
    facts: list = field(default_factory=list)
    profile: dict = field(default_factory=dict)   # title -> text that explains missed ratios

    def to_json(self):
        return {"rows": [row.to_json() for row in self.rows], "facts": [fact.to_json() for fact in self.facts],
                "profile": self.profile}

    @classmethod
    def from_json(cls, value):
        return cls([Row(**row) for row in value["rows"]], [Fact(**fact) for fact in value["facts"]], value["profile"])


def alternate(ours, theirs, rounds):
    """Runs both in turn (A B A B …), `rounds` times, and returns the seconds that each reports."""
    a, b = [], []
    for number in range(rounds):
        a.append(ours())
        b.append(theirs())
        print(f"  round {number + 1}: {1000 * a[-1]:.2f} ms, {1000 * b[-1]:.2f} ms", file=sys.stderr, flush=True)
    return a, b


def timed(work, repetitions, warm_up, wall=False):
    """The median seconds of calls of `work`: processor time of all threads, or wall time."""
    clock = time.perf_counter if wall else time.process_time
    for _ in range(warm_up):
        work()
    seconds = []
    for _ in range(repetitions):
        start = clock()
        work()
        seconds.append(clock() - start)
    return statistics.median(seconds)


def bench(program, *options):
    """The report of `assigner bench`."""
    run = subprocess.run([program, "bench", "--format", "json", *map(str, options)], capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"assigner bench {' '.join(map(str, options))}: {run.stderr}")
    return json.loads(run.stdout)


def median(report, row=0):
    """The median seconds of a row of a report."""
    return report["rows"][row]["median"]


def profile(program, *options, least=2.0):
    """The functions of `assigner bench` and their shares of the time, sampled by perf. Empty without perf."""
    if shutil.which("perf") is None:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "perf.data")
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        record = ["perf", "record", "-e", "cpu-clock", "-F", "2000", "-o", data, program, "bench", *map(str, options)]
        if subprocess.run(record, **quiet).returncode != 0:
            return ""
        report = subprocess.run(["perf", "report", "-i", data, "--no-children", "--stdio", "--percent-limit", str(least)],
                                capture_output=True, text=True).stdout
    lines = [line.split() for line in report.splitlines() if line.strip() and not line.startswith("#")]
    return "\n".join(f"{share:>7}  {words[-1]}" for share, *words in lines)
