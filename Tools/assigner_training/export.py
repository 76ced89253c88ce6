"""export: the trained networks as checkpoint folders in Hugging Face layout, for assigner-convert.

Copies WORK/retriever/model, WORK/selector/model and WORK/generator/model (and WORK/ranking/ranking.json) to OUTPUT,
each whole or not at all, and checks what the model file relies on: the embeddings of the encoders are equal, so that
they are stored once.  --only exports one of them, as soon as it is trained.
"""

import os
import shutil
import sys

from safetensors.numpy import load_file

NETWORKS = ("retriever", "selector", "generator")


def add_arguments(parser):
    parser.add_argument("--output", help="checkpoint folder (default: WORK/checkpoint)")
    parser.add_argument("--only", choices=NETWORKS, help="export this network alone")


def run(args):
    output = args.output or os.path.join(args.work, "checkpoint")
    os.makedirs(output, exist_ok=True)
    for name in [args.only] if args.only else NETWORKS:
        source = os.path.join(args.work, name, "model")
        if not os.path.exists(os.path.join(source, "model.safetensors")):
            if args.only or name != "generator":
                raise SystemExit(f"{source} is missing: run the stage '{name}' first")
            print(f"export: no {name} (not trained here)", file=sys.stderr)
            continue
        copy(source, os.path.join(output, name))
    ranking = os.path.join(args.work, "ranking", "ranking.json")
    if os.path.exists(ranking) and not args.only:
        shutil.copy(ranking, output)
    check_shared(output)
    print(f"export: {output}", file=sys.stderr)


def copy(source, target):
    """Copies a folder so that `target` is the old one or the whole new one."""
    partial = target + ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(source, partial)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(partial, target)


def check_shared(output):
    """The retriever's and the selector's embeddings must be equal: they were frozen in training."""
    folders = [os.path.join(output, name, "model.safetensors") for name in NETWORKS[:2]]
    if not all(map(os.path.exists, folders)):
        return
    first, second = map(load_file, folders)
    for name, tensor in first.items():
        if name.startswith("embeddings.") and "LayerNorm" not in name and not (tensor == second[name]).all():
            raise SystemExit(f"{name} differs between retriever and selector: it cannot be shared")
