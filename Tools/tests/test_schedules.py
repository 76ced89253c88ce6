"""Tools/schedules, around a program and a training that say what they are told to."""

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

    command = [sys.executable, SCHEDULES, tmp_path / "work", "dev.jsonl", "--program", tmp_path / "assigner", "--python", python]
    first, second = (subprocess.run(command, capture_output=True, text=True) for _ in range(2))
    assert first.returncode == 0 and first.stdout == second.stdout
    rows = first.stdout.splitlines()
    assert rows[2] == "| cosine | 40.0 | 1.0 | 2.0 | 3.0 |" and len(rows) > 10
    trained = (tmp_path / "training.log").read_text().splitlines()
    assert len(trained) == len(rows) - 2 == len((tmp_path / "assigner.log").read_text().splitlines())
    assert sum("generator.timesteps=500" in line for line in trained) == 1
