# SPDX-License-Identifier: Apache-2.0
"""Makes checkpoints of real sizes with random weights, converts them, and compares the results with PyTorch.

usage: python Tools/full_size --convert ASSIGNER_CONVERT --scratch SWIFT_BUILD [--work FOLDER] [NAME…]

Tools/full-size calls it.  For each network it writes FOLDER/NAME/checkpoint, and PyTorch's values in
FOLDER/NAME/golden.json. It converts the checkpoint with and without --float32 to FOLDER/NAME/float.assigner and
int8.assigner.  The Swift tests whose names begin with "fullSize" compare both with the values.  Seconds and peak memory
of every step go to stdout.  Each folder is deleted at the end of its network, unless --work names one.
"""

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bart  # noqa: E402
import byte_level_bpe_fuzz  # noqa: E402
import reference_implementation  # noqa: E402
import sentence_encoders  # noqa: E402
import unigram_fuzz  # noqa: E402
from common import measured, root  # noqa: E402

# A family is a module with NAMES, make(name, folder) and options(name, folder): options of the converter, None for no conversion.
FAMILIES = [byte_level_bpe_fuzz, unigram_fuzz, sentence_encoders, bart, reference_implementation]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [name for family in FAMILIES for name in family.NAMES]
    parser.add_argument("names", nargs="*", default=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--convert", required=True)
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--work")
    args = parser.parse_args()
    unknown = set(args.names) - set(names)
    if unknown:
        parser.error(f"no network is called {', '.join(sorted(unknown))}")
    work = args.work or tempfile.mkdtemp()
    try:
        for name in args.names:
            run(name, os.path.join(work, name), args)
    finally:
        if not args.work:
            shutil.rmtree(work)


def run(name, folder, args):
    family = next(family for family in FAMILIES if name in family.NAMES)
    os.makedirs(folder, exist_ok=True)
    # In a separate process, which frees PyTorch's memory before the converter's memory is measured.
    child = multiprocessing.Process(target=family.make, args=(name, folder))
    child.start()
    child.join()
    if child.exitcode != 0:
        sys.exit(f"{name}: the checkpoint could not be made")
    files = ((at, name) for at, _, names in os.walk(os.path.join(folder, "checkpoint")) for name in names)
    checkpoint = sum(os.path.getsize(os.path.join(at, name)) for at, name in files)
    print(f"{name}: checkpoint of {checkpoint / 1e6:.0f} MB", flush=True)
    options = family.options(name, folder)
    for kind, flags in (("int8", []), ("float", ["--float32"])) if options is not None else ():
        output = os.path.join(folder, f"{kind}.assigner")
        command = [args.convert, *options, *flags, "--output", output]
        seconds, memory = measured(command, quiet=True)
        print(f"{name}: converted to {kind}, {os.path.getsize(output) / 1e6:.0f} MB, in {seconds:.1f} s, "
              f"peak {memory:.0f} MiB, including the checkpoint's map", flush=True)
    tests = ["swift", "test", "--skip-build", "--scratch-path", args.scratch, "-c", "release", "-Xswiftc", "-enable-testing",
             "--package-path", root(), "--filter", "fullSize"]
    measured(tests, environment={"ASSIGNER_FULL_SIZE": folder}, only=name)
    if not args.work:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
