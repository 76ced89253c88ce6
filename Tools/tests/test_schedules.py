# SPDX-License-Identifier: Apache-2.0
"""Tools/schedules, with stand-ins for the program and the training that print given figures."""

import pathlib
import subprocess
import sys

SCHEDULES = pathlib.Path(__file__).parents[1] / "schedules"
PROGRAM = """#!/bin/sh
echo "$*" >> "$0.log"
echo '{"F1@1": 40.04, "F1@2": 1, "F1@5": 2, "MAP@5": 3}'
"""


def test_a_row_for_each_schedule_and_none_made_twice(tmp_path):
    for name in ("assigner", "assigner-convert"):
        (tmp_path / name).write_text(PROGRAM)
        (tmp_path / name).chmod(0o755)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/training.log\n')
    python.chmod(0o755)
    (tmp_path / "work" / "generator").mkdir(parents=True)
    (tmp_path / "work" / "generator" / "generation_vocab.txt").write_text("<s>\n")

    command = [sys.executable, SCHEDULES, tmp_path / "work", "dev.jsonl", "--program", tmp_path / "assigner", "--python", python]
    first, second = (subprocess.run(command, capture_output=True, text=True) for _ in range(2))
    assert first.returncode == 0 and first.stdout == second.stdout
    rows = first.stdout.splitlines()
    assert rows[2] == "| no more updates: cosine, T = 200 | 40.0 | 2.0 | 3.0 | 40.0 | 2.0 |" and len(rows) > 10
    done = (tmp_path / "training.log").read_text().splitlines()
    trained = [line for line in done if " generator " in line]
    assert len(trained) == len(rows) - 3, "every row but the start, once"
    assert sum("generator.timesteps=500" in line for line in trained) == 1
    # Every generator gets the input scales of its int8 layers, and the start's vocabulary.
    assert sum("input_scales" in line for line in done) == len(trained)
    assert (tmp_path / "work" / "schedules" / "schedule=sqrt-150" / "generation_vocab.txt").read_text() == "<s>\n"
    measured = (tmp_path / "assigner.log").read_text().splitlines()
    assert len(measured) == 2 * (len(rows) - 2) and sum("--no-final-pass" in line for line in measured) == len(rows) - 2
