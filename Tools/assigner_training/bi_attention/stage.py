# SPDX-License-Identifier: Apache-2.0
"""bi-attention: trains Microblog Hashtag Generation's network on posts with conversations.

Reads --train and --dev: rows {"text", "conversation", "hashtags"} whose words are separated by blanks, also those of a
hashtag.  Writes FOLDER/VARIANT-SEED/: curve.jsonl, checkpoint.pt, best.pt, predictions.jsonl (the ranked lists of the
development rows) and model/, the folder that assigner-convert reads.  Run it again to continue.
"""

import json
import os
import sys

import torch

from ..files import read_rows, write_rows
from . import export
from .data import VARIANTS, Examples
from .decode import hashtags
from .measure import figures
from .network import BiAttentionNetwork
from .train import Trainer
from .vocabulary import Vocabulary


def add_arguments(parser):
    parser.add_argument("--train", required=True)
    parser.add_argument("--dev", required=True)
    parser.add_argument("--variant", default="bi-attention", choices=VARIANTS, help="what it reads (default: %(default)s)")
    parser.add_argument("--copy", action="store_true", help="let it copy words of its sources")
    parser.add_argument("--folder", help="folder of the runs (default: WORK/bi-attention)")


def rows(path):
    return [row | {"conversation": row.get("conversation") or ""} for row in read_rows(path)]


def run(args):
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    s = args.settings["bi_attention"]
    name = f"{args.variant}{'-copy' if args.copy else ''}-{args.seed}"
    folder = os.path.join(args.folder or os.path.join(args.work, "bi-attention"), name)
    os.makedirs(folder, exist_ok=True)
    train, dev = rows(args.train), rows(args.dev)
    path = os.path.join(folder, "words.txt")
    if not os.path.exists(path):
        Vocabulary.build(train, s["minimum"], s["most_words"]).save(path)
    vocabulary = Vocabulary.load(path)
    limits = s["post_words"], s["conversation_words"]
    shape = {"words": len(vocabulary), "outputs": vocabulary.outputs, "variant": args.variant, "copy": args.copy,
             "post_words": limits[0], "conversation_words": limits[1]}
    shape |= {key: s[key] for key in ("embedding", "hidden", "layers", "beams", "longest")}
    network = BiAttentionNetwork(shape, s["dropout"])
    examples = Examples(train, vocabulary, args.variant, limits)
    measured = Examples(dev, vocabulary, args.variant, limits)
    print(f"bi-attention: {name}: {len(examples.pairs)} pairs, {len(vocabulary)} words, of which {vocabulary.outputs} can be"
          " written", file=sys.stderr)
    trainer = Trainer(network, examples, measured, s, args.seed, folder)
    trainer.restore()
    trainer.run()
    export.export(network, vocabulary, os.path.join(folder, "model"))
    lists = [[hashtag for hashtag, _ in hashtags(network, measured, row, s["beams"], s["longest"])] for row in range(len(dev))]
    write_rows(os.path.join(folder, "predictions.jsonl"),
               ({"hashtags": row["hashtags"], "predicted": found} for row, found in zip(dev, lists)))
    print(json.dumps({"run": name, "epochs": trainer.epoch, "minutes": round(trainer.minutes, 1), "dev_loss": trainer.best}
                     | figures(dev, lists)))
