# SPDX-License-Identifier: Apache-2.0
"""Runs one part of the comparison in its own process.

Reads its name and settings as JSON on stdin, and writes the results to a file.
"""

import argparse
import importlib
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

if __name__ == "__main__":
    settings = argparse.Namespace(**json.load(sys.stdin))
    found = importlib.import_module(settings.part).run(settings).to_json()
    with open(settings.found, "w", encoding="utf-8") as file:
        json.dump(found, file)
