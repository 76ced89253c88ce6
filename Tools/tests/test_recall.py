# SPDX-License-Identifier: Apache-2.0
"""Tools/recall, with stand-ins for the program and the training that print given figures."""

import pathlib
import subprocess
import sys

RECALL = pathlib.Path(__file__).parents[1] / "recall"
PROGRAM = """#!/bin/sh
echo "$*" >> "$0.log"
case "$*" in
eval*)
  case "$*" in *"neighbours 100"*) echo '{"poolRecall": 70.25}' ;; *) echo '{"poolRecall": 50}' ;; esac ;;
esac
"""
PYTHON = """#!/bin/sh
echo "$*" >> "$0.log"
case "$*" in
*"--model start"*)
  printf '12 tweets, 3 queries\\npool recall N=10   41.26\\npool recall N=30   42.00\\npool recall N=100  43.00\\n' ;;
*"--model joint"*) printf 'pool recall N=10   61.00\\npool recall N=30   62.00\\npool recall N=100  63.00\\n' ;;
*) echo "$(dirname "$0")/some" ;;
esac
"""


def test_before_and_after_exact_and_quantised(tmp_path):
    for name, text in (("assigner", PROGRAM), ("assigner-convert", PROGRAM), ("python", PYTHON)):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "config.json").write_text("{}")
    result = subprocess.run([sys.executable, RECALL, tmp_path / "work", "dev.jsonl", "--program", tmp_path / "assigner",
                             "--python", tmp_path / "python", "--bfloat16"], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[2:] == [
        "| before training, exact search | 41.3 | 42.0 | 43.0 |", "| before, int8 and product quantiser | 50.0 | 50.0 | 70.2 |",
        "| after training, exact search | 61.0 | 62.0 | 63.0 |", "| after, int8 and product quantiser | 50.0 | 50.0 | 70.2 |"]
    runs = (tmp_path / "assigner.log").read_text()
    assert runs.count("index build") == 1 and runs.count("start.index") == 4 and runs.count("assigner.index") == 3
    checkpoint = tmp_path / "work" / "recall" / "start"
    log = (tmp_path / "assigner-convert.log").read_text()
    assert f"--retriever {checkpoint}/retriever --selector {checkpoint}/selector --output" in log
    assert (checkpoint / "retriever" / "config.json").exists() and (checkpoint / "selector" / "config.json").exists()
    asked = (tmp_path / "python.log").read_text()
    assert asked.count("--bfloat16") == 2 and f"input_scales {checkpoint}" in asked
