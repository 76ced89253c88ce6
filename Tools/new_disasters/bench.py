# SPDX-License-Identifier: Apache-2.0
"""The events in folds, and the files that were made without them."""

import collections
import json
import os
import random
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = os.path.dirname(HERE)
STEPS = 400  # of training a half's networks: an eighth of the default model's


def read(path: str) -> list[dict]:
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write(path: str, rows) -> str:
    with open(path + ".partial", "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    os.replace(path + ".partial", path)
    return path


def once(path: str, make) -> str:
    """The file at `path`, which `make` writes (to the path it is given) if it is not there."""
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        make(path + ".partial")
        os.replace(path + ".partial", path)
    return path


def card(event: str) -> str:
    """The name that a person would give the event: "Kerala Floods 2018"."""
    return " ".join(word for word in event.title().split("_") if word not in ("Bdr", "Stf", "2", "15"))


class Bench:
    """The events, and for each fold a model and an index that were made without its events.

    Networks are trained twice, each time without one half of the folds. An index holds all events but those of one fold; its
    tweets are encoded by the networks of the fold's half.
    """

    def __init__(self, training: str, program: str, released: tuple[str, str] | None = None, settings=()):
        """`released`: a model and an index for all folds: quick, but its networks know the events."""
        self.training, self.program, self.released, self.settings = os.path.abspath(training), program, released, settings
        self.folder = os.path.join(self.training, "new-disasters")
        os.makedirs(self.folder, exist_ok=True)
        with open(os.path.join(HERE, "folds.json"), encoding="utf-8") as file:
            self.folds = json.load(file)
        self.pairs = [row for row in read(os.path.join(self.training, "pairs.jsonl")) if not row["near_dev"]]
        self.events = collections.defaultdict(list)
        for row in self.pairs:
            self.events[row["event"]].append(row)

    def assigner(self, *words: str, converter: bool = False) -> None:
        command = [self.program + ("-convert" if converter else ""), *words]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)

    def stage(self, name: str, work: str, *options: str) -> None:
        python = os.path.join(TOOLS, ".venv", "bin", "python")
        python = python if os.path.exists(python) else sys.executable
        command = [python, "-m", "assigner_training", name, "--work", work, *options]
        for setting in self.settings:
            command += ["--set", setting]
        subprocess.run(command, cwd=TOOLS, check=True)

    def half(self, fold: int) -> str:
        return os.path.join(self.folder, f"half-{fold % 2}")

    def events_of_half(self, half: int) -> list[str]:
        return [event for number, fold in enumerate(self.folds) if number % 2 == half for event in fold]

    def networks(self, fold: int) -> str:
        """A model, with the topic but without a learned ranking, whose networks have not seen the events of the fold's half."""
        if self.released:
            return self.released[0]
        work = self.half(fold)

        def train(output):
            left_out = set(self.events_of_half(fold % 2))
            os.makedirs(work, exist_ok=True)
            write(os.path.join(work, "pairs.jsonl"), (row for row in self.pairs if row["event"] not in left_out))
            self.stage("joint", work, "--start", "start", "--set", f"joint.steps={STEPS}",
                       "--without", os.path.join(self.training, "ranking", "queries.jsonl"))
            self.stage("topic", work, "--talk", os.path.join(self.training, "talk.jsonl"))
            networks = []
            for name in ("retriever", "selector"):
                networks += [f"--{name}", os.path.join(work, f"{name}.checkpoint")]
                shutil.copytree(os.path.join(work, "joint", "model"), networks[-1], dirs_exist_ok=True)
            self.assigner(*networks, "--ranking", os.path.join(work, "ranking", "topic.json"), "--output", output, converter=True)

        return once(os.path.join(work, "networks.model"), train)

    def index(self, fold: int) -> str:
        """The index without the fold's events."""
        model = self.networks(fold)
        if self.released:
            whole, folder = self.released[1], os.path.join(self.folder, "released")
        else:
            folder = self.half(fold)
            whole = once(os.path.join(folder, "all.index"), lambda output: self.assigner(
                "index", "build", "--no-words", "--model", model, "--corpus", os.path.join(self.training, "corpus.jsonl"),
                "--output", output))

        def remove(output):
            shutil.copy(whole, output)
            ids = [str(row["id"]) for event in self.folds[fold] for row in self.events[event]]
            for start in range(0, len(ids), 5000):  # the length of a command line is limited
                words = [word for name in ids[start:start + 5000] for word in ("--id", name)]
                self.assigner("index", "remove", "--index", output, *words)

        return once(os.path.join(folder, f"fold-{fold}.index"), remove)

    def stream(self, event: str, share: float, order: int = 0, limit: int = 1000) -> list[dict]:
        """The rows of an event for `assigner eval`.  Order 0 is that of the file; other orders are shuffled."""
        rows = self.events[event][:limit]
        chance = random.Random(f"{event} {order}")
        if order:
            chance.shuffle(rows)
        return [{"text": row["input"], "hashtags": row["hashtags"], "learn": chance.random() < share} for row in rows]
