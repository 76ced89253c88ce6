# SPDX-License-Identifier: Apache-2.0
"""generator: trains the diffusion decoder with its causal pass, on the frozen encoder of retriever and selector.

Reads WORK/sources.jsonl (tweets with their retrieved hashtags, without near-duplicates) and WORK/joint/model.  Writes
WORK/generator/: generation_vocab.txt, checkpoint.pt (to continue), curve.jsonl, and model/ in Hugging Face layout with
the averaged weights.  Run it again to continue.  --start starts from the decoder of an exported folder, and from its
embeddings of the pieces that both vocabularies have.
"""

import collections
import json
import os
import sys

import torch

from ..files import read_rows
from . import export, measure, start
from .data import Examples
from .model import Generator, make_config
from .schedule import INITIAL
from .source import SourceWriter
from .spelling import Spelling, build
from .train import Trainer


def add_arguments(parser):
    parser.add_argument("--encoder", help="encoder in Hugging Face layout (default: WORK/joint/model)")
    parser.add_argument("--sources", help="rows with retrieved hashtags (default: WORK/sources.jsonl)")
    parser.add_argument("--dev", help="rows of the same form, to measure the generator")
    parser.add_argument("--output", help="exported checkpoint folder (default: WORK/generator/model)")
    parser.add_argument("--folder", help="folder of checkpoint and curves (default: WORK/generator)")
    parser.add_argument("--start", help="an exported generator to start from")
    parser.add_argument("--max-minutes", type=float, help="end after this time, with the learning rate decayed")
    parser.add_argument("--limit", type=int, help="number of rows to read (default: all)")
    parser.add_argument("--without", help="rows with \"exclude\": training leaves out tweets with these ids (the ranking's"
                        " queries, so that the ranking sees the generator's answers to unseen tweets)")
    parser.add_argument("--encodings", metavar="FILE", help="encoder outputs, shared by runs of equal sources, encoder, seed:"
                        " read if the file exists, otherwise written at the end (at most cache_rows)")
    parser.add_argument("--measure-every", type=int, default=0, metavar="N", help="measure on --dev every N updates")


def run(args):
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    s = args.settings["generator"]
    encoder = args.encoder or os.path.join(args.work, "joint", "model")
    sources = args.sources or os.path.join(args.work, "sources.jsonl")
    folder = args.folder or os.path.join(args.work, "generator")
    output = args.output or os.path.join(folder, "model")
    os.makedirs(folder, exist_ok=True)

    spelling = vocabulary(args, folder, encoder, sources, s)
    writer = SourceWriter.load(encoder, s["max_source"])
    generator = begin(args, encoder, spelling, writer, s)
    held_out = {i for row in read_rows(args.without) for i in row["exclude"]} if args.without else frozenset()
    examples = Examples.load(sources, writer, spelling, s["positions"], args.limit, held_out)
    dev = Examples.load(args.dev, writer, spelling, s["positions"], s["measure_rows"]) if args.dev else None
    print(f"generator: {len(examples)} tweets, {len(spelling)} pieces", file=sys.stderr)

    trainer = Trainer(generator, examples, s, args.seed, args.device, folder, args.max_minutes)
    trainer.restore()
    if args.encodings:
        trainer.encodings.load(args.encodings)
    last = {"measured": trainer.step}

    def checkpoint(trainer):
        back = trainer.averaged()
        export.export(generator, spelling, encoder, output)
        over = trainer.fraction() >= 1
        if dev and (over or (args.measure_every and trainer.step - last["measured"] >= args.measure_every)):
            last["measured"] = trainer.step
            report(generator, spelling, dev, trainer, s, args.device)
        back()

    trainer.run(checkpoint)
    if args.encodings and not os.path.exists(args.encodings):
        trainer.encodings.save(args.encodings)


def vocabulary(args, folder, encoder, sources, s):
    """The generation vocabulary: from an earlier run, or made from the gold hashtags of the sources."""
    path = os.path.join(folder, "generation_vocab.txt")
    if not os.path.exists(path):
        counts = collections.Counter(h for row in read_rows(sources) for h in row["hashtags"])
        with open(os.path.join(encoder, "vocab.txt"), encoding="utf-8") as file:
            word_pieces = file.read().splitlines()
        Spelling(build(counts, word_pieces, s["whole_minimum"], s["piece_minimum"])).save(path)
    return Spelling.load(path)


def begin(args, encoder, spelling, writer, s):
    """The network before training: the encoder from the retriever, the decoder from the retriever or from --start."""
    config, bert = export.load_bert(encoder)
    logit_scale = s["logit_scale"] / s["norm"] ** 2
    config = make_config(config, len(spelling), s["embedding"], s["positions"], s["timesteps"], s["decoder_layers"],
                         logit_scale)
    generator = Generator(config, s["norm"])
    generator.model.decoder.dropout = s["dropout"]
    generator.load_state_dict(start.bert_to_bart(bert), strict=False)
    known = Spelling.load(os.path.join(args.start, "generation_vocab.txt")).ids if args.start else {}
    if any(piece not in known for piece in spelling.pieces):
        start.start_embeddings(generator, spelling.pieces, writer.hashtag, writer.begin, writer.end)
    if args.start:
        start.carry_on(generator, spelling.pieces, *export.load(args.start))
    else:
        start.start_decoder(generator, s["start_layers"])
    table = INITIAL["sqrt" if s["schedule"] == "sqrt" else "cosine"](s["timesteps"], s["positions"])
    generator.diffusion.alpha_bar.copy_(torch.from_numpy(table))
    start.freeze_encoder(generator)
    return generator


def report(generator, spelling, dev, trainer, s, device):
    """Measures the development rows, and reports on stderr and in the curves."""
    figures, found, gold = measure.measure(generator, spelling, dev, s["measure_steps"], device=device)
    trainer.curve.log(step=trainer.step, minutes=round(trainer.minutes, 2), dev=figures)
    text = "; ".join(f"{name} " + " ".join(f"{k} {v:.1f}" for k, v in one.items()) for name, one in figures.items())
    print(f"generator: step {trainer.step}: {text}", file=sys.stderr, flush=True)
    with open(os.path.join(trainer.folder, f"dev-{trainer.step}.jsonl"), "w", encoding="utf-8") as file:
        for i, one in enumerate(gold):
            file.write(json.dumps({"gold": one} | {name: rows[i] for name, rows in found.items()}) + "\n")
