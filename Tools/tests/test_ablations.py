"""Tools/ablations, around a program that says what it is told to."""

import pathlib
import subprocess
import sys

ABLATIONS = pathlib.Path(__file__).parents[1] / "ablations"
PROGRAM = """#!/bin/sh
case "$*" in
*bm25*|*hybrid*) echo "x.index: cannot be searched by words; build it" >&2; exit 78 ;;
esac
echo "$*" >> "$0.log"
echo '{"F1@1": 47.125, "F1@2": 1, "F1@5": 2, "MAP@5": 3, "ROUGE-1": 4, "BLEU": 5, "dist-1": 6, "tweetsPerSecond": 53.7}'
"""


def run(folder, program):
    path = folder / "assigner"
    path.write_text(program)
    path.chmod(0o755)
    return subprocess.run([sys.executable, ABLATIONS, "dev.jsonl", "--limit", "7", "--program", path],
                          capture_output=True, text=True)


def test_a_row_for_each_run(tmp_path):
    result = run(tmp_path, PROGRAM)
    rows = result.stdout.splitlines()
    assert result.returncode == 0 and rows[1].startswith("| --- | ---: |")
    assert rows[2] == "| all of it | 47.12 | 1.00 | 2.00 | 3.00 | 4.00 | 5.00 | 6.00 | 54 |  |"
    assert "`--rank generated --generator ar --beams 4`" in result.stdout
    # What needs words is left out, and said to be.
    assert "bm25" not in result.stdout and "the index has no words" in result.stderr
    runs = (tmp_path / "assigner.log").read_text().splitlines()
    assert len(runs) == len(rows) - 2 and all(line.startswith("eval --json --input dev.jsonl --limit 7") for line in runs)


def test_a_failure_ends_it(tmp_path):
    result = run(tmp_path, "#!/bin/sh\necho broken >&2\nexit 78\n")
    assert result.returncode != 0 and "broken" in result.stderr
