# SPDX-License-Identifier: Apache-2.0
"""`python -m assigner_training STAGE …`: every stage of training is one command.

A stage is a module with `add_arguments(parser)` and `run(args)`.  It is imported only when it runs, so `prepare` does not
wait for PyTorch.  All stages read and write one work folder (`--work`), in this order:

    prepare -> retriever -> selector -> corpus -> joint -> talk -> topic -> export -> sources -> generator -> export -> ranking

`sources` and `ranking` read the built program's output for the tweets: see Tools/default-model for the whole recipe.
`restore` makes the networks of a model file again, for further training.
"""

import argparse
import importlib
import sys

from . import config

STAGES = {
    "prepare": "assigner_training.prepare",
    "retriever": "assigner_training.retriever",
    "selector": "assigner_training.selector",
    "corpus": "assigner_training.corpus",
    "joint": "assigner_training.joint",
    "sources": "assigner_training.sources",
    "generator": "assigner_training.generator.stage",
    "bi-attention": "assigner_training.bi_attention.stage",
    "talk": "assigner_training.talk",
    "topic": "assigner_training.topic",
    "ranking": "assigner_training.ranking",
    "export": "assigner_training.export",
    "restore": "assigner_training.restore",
    "measure": "assigner_training.measure",
    "agreement": "assigner_training.agreement",
}


def add_common_arguments(parser):
    """The options that every stage has."""
    parser.add_argument("--work", default="build/training", help="folder of all stages (default: %(default)s)")
    parser.add_argument("--config", default="default",
                        help="hyper-parameters: 'default', 'tiny' or a TOML file (default: %(default)s)")
    parser.add_argument("--set", action="append", default=[], metavar="STAGE.KEY=VALUE",
                        help="override one hyper-parameter; may be repeated")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    parser.add_argument("--threads", type=int, default=0, help="CPU threads (default: PyTorch's choice)")
    parser.add_argument("--seed", type=int, default=None, help="random seed (default: the configuration's)")


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        print("stages: " + ", ".join(STAGES))
        return 0
    stage, rest = arguments[0], arguments[1:]
    if stage not in STAGES:
        print(f"unknown stage {stage!r}; stages: {', '.join(STAGES)}", file=sys.stderr)
        return 64
    module = importlib.import_module(STAGES[stage])
    parser = argparse.ArgumentParser(prog=f"python -m assigner_training {stage}", description=module.__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(parser)
    module.add_arguments(parser)
    args = parser.parse_args(rest)
    args.settings = config.load(args.config, args.set)
    if args.seed is None:
        args.seed = args.settings["seed"]
    return module.run(args) or 0


if __name__ == "__main__":
    sys.exit(main())
