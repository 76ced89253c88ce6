# SPDX-License-Identifier: Apache-2.0
"""Tools/ablations, with a stand-in for the program that prints given figures."""

import json
import pathlib
import subprocess
import sys

ABLATIONS = pathlib.Path(__file__).parents[1] / "ablations"
PROGRAM = """#!/bin/sh
case "$*" in
*bm25*|*hybrid*) echo "x.index: cannot be searched by words; build it" >&2; exit 78 ;;
esac
echo "$*" >> "$0.log"
echo '{"F1@1": 47.125, "F1@2": 1, "F1@5": 2, "MAP@5": 3, "BLEU": 5, "dist-1": 6, "tweetsPerSecond": 53.7}'
"""


def run(folder, program, *options):
    path = folder / "assigner"
    path.write_text(program)
    path.chmod(0o755)
    return subprocess.run([sys.executable, ABLATIONS, "dev.jsonl", "--limit", "7", "--program", path, *options],
                          capture_output=True, text=True)


def test_a_row_for_each_run(tmp_path):
    result = run(tmp_path, PROGRAM)
    rows = result.stdout.splitlines()
    assert result.returncode == 0 and rows[1].startswith("| --- | ---: |")
    assert rows[2] == "| everything | 47.12 | 1.00 | 2.00 | 3.00 | 5.00 | 6.00 | 54 |  |"
    assert "`--rank generated --generator ar --beams 4`" in result.stdout
    # Rows that need words are left out, and stderr says so.
    assert "bm25" not in result.stdout and "because the index has no words" in result.stderr
    runs = (tmp_path / "assigner.log").read_text().splitlines()
    assert len(runs) == len(rows) - 2 and all(line.startswith("eval --json --input dev.jsonl --limit 7") for line in runs)


def test_a_failure_ends_it(tmp_path):
    result = run(tmp_path, "#!/bin/sh\necho broken >&2\nexit 78\n")
    assert result.returncode != 0 and "broken" in result.stderr


def test_a_table_over_numbers_is_drawn(tmp_path):
    program = PROGRAM.replace('"F1@5": 2', '"F1@5": \'"$(echo "$*" | sed \'s/.*--hints //\')"\'')
    result = run(tmp_path, program, "--table", "hints", "--picture", str(tmp_path / "hints.svg"))
    assert result.returncode == 0, result.stderr
    assert "| diffusion, 9 retrieved hashtags | 47.12 | 1.00 | 9.00 |" in result.stdout
    chart = json.loads((tmp_path / "hints.json").read_text())
    points = [[number, float(number)] for number in range(10)]
    assert chart["series"] == {"diffusion": points, "greedy": points}, "a line for each generator, a point for each number"
    assert ">retrieved hashtags</text>" in (tmp_path / "hints.svg").read_text()


def test_a_wide_table_has_a_row_for_each_curve(tmp_path):
    program = PROGRAM.replace('"F1@1": 47.125', '"F1@1": \'"$(echo "$*" | sed \'s/.*--candidates \\([0-9]*\\).*/\\1/\')"\'')
    result = run(tmp_path, program, "--table", "candidates", "--wide", "--figure", "F1@1", "--options=--no-final-pass --steps 5",
                 "--picture", str(tmp_path / "candidates.svg"))
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == ["| F1@1 by sequences | 1 | 4 | 8 |", "| --- | ---: | ---: | ---: |",
                                          "| votes | 1.0 | 4.0 | 8.0 |", "| minimum Bayes risk | 1.0 | 4.0 | 8.0 |"]
    assert all("--no-final-pass --steps 5" in line for line in (tmp_path / "assigner.log").read_text().splitlines())
    assert "--no-final-pass --steps 5</text>" in (tmp_path / "candidates.svg").read_text()


def test_the_rungs_of_a_budget_have_their_time(tmp_path):
    program = PROGRAM.replace('"tweetsPerSecond"', '"tweets": 100, "tweetsPerSecond"')
    # The cost of a run, without the start, which every run has.
    program += 'case "$*" in *"--limit 1"*) ;; *--steps*) i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done ;; esac\n'
    result = run(tmp_path, program, "--table", "budget")
    assert result.returncode == 0, result.stderr
    rows = [line.strip("| ").split(" | ") for line in result.stdout.splitlines()]
    assert rows[0] == ["generator", "F1@1", "F1@2", "F1@5", "MAP@5", "ms a tweet", "options"]
    times = {row[0]: float(row[5]) for row in rows[2:]}
    assert list(times) == ["3 steps", "2 steps", "1 step", "no generator"]
    assert times["2 steps"] > 1 > times["no generator"]
    assert rows[3][:5] == ["2 steps", "47.1", "1.0", "2.0", "3.0"] and rows[3][6] == "`--generator diffusion --steps 2`"
    assert all("--threads 1" in line for line in (tmp_path / "assigner.log").read_text().splitlines())


def test_a_picture_needs_curves(tmp_path):
    result = run(tmp_path, PROGRAM, "--picture", "x.svg")
    assert result.returncode == 2 and "need a table with curves" in result.stderr
