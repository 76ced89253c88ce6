# SPDX-License-Identifier: Apache-2.0
"""export: writes the trained networks as checkpoint folders in Hugging Face layout, for assigner-convert.

Copies WORK/joint/model to OUTPUT as the retriever and as the selector, and WORK/generator/model and
WORK/ranking/ranking.json if they exist.  Each copy is atomic.  The model file stores equal tensors once.
"""

import os
import shutil
import sys

from .files import folder_written_atomically

NETWORKS = {"retriever": "joint", "selector": "joint", "generator": "generator"}


def add_arguments(parser):
    parser.add_argument("--output", help="checkpoint folder (default: WORK/checkpoint)")


def run(args):
    output = args.output or os.path.join(args.work, "checkpoint")
    os.makedirs(output, exist_ok=True)
    for name, stage in NETWORKS.items():
        source = os.path.join(args.work, stage, "model")
        if os.path.exists(os.path.join(source, "model.safetensors")):
            with folder_written_atomically(os.path.join(output, name)) as folder:
                shutil.copytree(source, folder, dirs_exist_ok=True)
        elif name == "generator":
            print("export: no generator yet", file=sys.stderr)
        else:
            raise SystemExit(f"{source} is missing: run the stage '{stage}' first")
    ranking = os.path.join(args.work, "ranking", "ranking.json")
    if os.path.exists(ranking):
        shutil.copy(ranking, output)
    print(f"export: {output}", file=sys.stderr)
