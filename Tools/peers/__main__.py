# SPDX-License-Identifier: Apache-2.0
"""Compares assigner with onnxruntime, CTranslate2, faiss and PyTorch, and writes RESULTS.md and RESULTS.svg.

Tools/peers/measure calls it.  Every part runs in its own process.  WORK/results.json keeps the results, so single parts
can be measured again: the page always shows all parts that have results.
"""

import argparse
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "pictures")]
import charts  # noqa: E402
import report  # noqa: E402
from rounds import Part, bench  # noqa: E402

PARTS = ["encoder", "bart", "search", "tweet"]


def measure(name, settings):
    """The results of part `name` as JSON.  The part runs in its own process."""
    found = os.path.join(settings.work, f"{name}.json")
    subprocess.run([sys.executable, os.path.join(HERE, "part.py")], check=True, text=True,
                   input=json.dumps(vars(settings) | {"part": name, "found": found}))
    with open(found, encoding="utf-8") as file:
        return json.load(file)


def main():
    root = os.path.abspath(os.path.join(HERE, "..", ".."))
    parser = argparse.ArgumentParser(prog="Tools/peers/measure", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=[], metavar="PART", help=", ".join(PARTS) + " (default: all)")
    parser.add_argument("--programs", required=True, help="the folder of assigner, assigner-convert and synthetic-index")
    parser.add_argument("--model", default=os.path.join(root, "Models", "assigner.model"))
    parser.add_argument("--index", default=os.path.join(root, "Models", "assigner.index"))
    parser.add_argument("--checkpoint", help="the model's float checkpoint (retriever/, generator/); without it, whole tweets "
                                             "are not compared")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--tweets", type=int, default=4, help="tweets that PyTorch answers, some seconds each (default: 4)")
    parser.add_argument("--work", default=os.path.join(root, "build", "peers"))
    parser.add_argument("--output", default=os.path.join(HERE, "RESULTS.md"))
    settings = parser.parse_args()
    if unknown := set(settings.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    if not settings.output.endswith(".md"):
        parser.error("--output takes a file whose name ends in .md; a picture with the same name and .svg is written beside it")
    settings.program, settings.convert, settings.synthetic = (
        os.path.join(settings.programs, name) for name in ("assigner", "assigner-convert", "synthetic-index"))
    os.makedirs(settings.work, exist_ok=True)
    kept = os.path.join(settings.work, "results.json")
    found = {}
    if settings.parts and os.path.exists(kept):
        with open(kept, encoding="utf-8") as file:
            found = json.load(file)
    for name in settings.parts or PARTS:
        print(name, file=sys.stderr, flush=True)
        found[name] = measure(name, settings)
        with open(kept, "w", encoding="utf-8") as file:
            json.dump(found, file, indent=1)
    parts = [Part.from_json(found[name]) for name in PARTS if name in found]
    kernels = bench(settings.program, "--only", "search", "--repetitions", 1, "--model", settings.model, "--index",
                    settings.index)["machine"]["instructionSet"]
    options = " --checkpoint DIR" if settings.checkpoint else ""
    page = report.markdown(parts, f"Tools/peers/measure{options}", kernels, report.machine())
    with open(settings.output, "w", encoding="utf-8") as file:
        file.write(page)
    charts.save(os.path.splitext(settings.output)[0] + ".svg", **report.picture(parts))
    print(page)


if __name__ == "__main__":
    main()
