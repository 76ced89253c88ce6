# SPDX-License-Identifier: Apache-2.0
"""joint: trains one network for retrieval and selection, and a vector for every common hashtag.

Starts from the trained selector.  Three losses use the same tweets, so each tweet is encoded once:

    classification   -log p(h | d) over the common hashtags, p = softmax(scale * cos(E(d), v_h) + log n_h),
                     v_h the hashtag's vector (initially E(h)), n_h its number of tweets; mean over the gold h
    supervised       attracts tweets of the batch that share a hashtag, and repels others (SimCSE's Eq. 5 with every
                     such tweet as a positive); this trains retrieval
    selection        ASSIGNER's Eq. 2 with RIGHT's disturbed hashtags as hard negatives, on part of the batch; this keeps
                     E(h) useful for hashtags that are too rare for a vector

log n_h models the frequency of a hashtag, so the cosine only has to say how much more likely this tweet makes it.
Half of a batch are tweets, the other half are partners that share a hashtag.  The tweets of --without (the ranking's
queries) and their near-duplicates are left out, so that the ranking sees the scores of unseen tweets.

--start names the network and the vectors of an earlier WORK/joint/model to start from, for example of `restore`.

Writes WORK/joint/ (checkpoint.pt, curve.jsonl), and WORK/joint/model in Hugging Face layout with hashtags.safetensors
("vectors" float32 [H, d] of length 1) and hashtags.txt (their normal forms, one a line).
"""

import os
import random
import sys

import numpy
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from . import contrastive, encoder, retriever, selector, wordnet
from .files import read_rows, written_atomically
from .metrics import f1
from .normal_form import normal_form
from .pairs import Pairs


def add_arguments(parser):
    contrastive.add_arguments(parser)
    parser.add_argument("--wordnet", default=wordnet.FOLDER, help="WordNet's dictionary folder (default: %(default)s)")
    parser.add_argument("--start", help="network to start from, in Hugging Face layout, or 'start' for the untrained encoder "
                        "(default: WORK/selector/model)")
    parser.add_argument("--without", help="the ranking's queries.jsonl: their \"exclude\" ids are not trained on")
    parser.add_argument("--dev", help="rows with text and gold hashtags, to measure the classification during training")


def run(args):
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    settings = args.settings["joint"]
    pairs = Pairs(args.work)
    held_out = {id for row in read_rows(args.without) for id in row["exclude"]} if args.without else set()
    kept = numpy.array([int(id) not in held_out for id in pairs.ids])
    if kept.sum() < settings["batch"]:
        raise SystemExit(f"only {kept.sum()} tweets are left for training: lower ranking.queries ({args.without})")
    start = args.start or os.path.join(args.work, "selector", "model")
    network = encoder.start(args.settings, args.work, pairs.texts) if start == "start" else encoder.load(start, args.settings)
    network.freeze(args.settings["encoder"]["frozen"])
    model = Joint(network, pairs, kept, settings, hashtag_vectors(start))
    max_tokens = args.settings["encoder"]["max_tokens"]
    batches = Batches(pairs, kept, settings, args.seed, wordnet.synonyms(args.wordnet))
    ids = network.tokenize(pairs.inputs, max_tokens)
    watched = list(read_rows(args.dev))[:settings["watched"]] if args.dev else []

    def batch_loss(step):
        rows = batches.rows(step)
        tweets = network.forward_sorted([ids[row] for row in rows], parts=4)
        owners, hashtags, allowed = batches.hashtags(step, rows)
        encoded = network.forward_sorted(network.tokenize(hashtags, max_tokens), parts=2)
        selection = contrastive.similarity_mask_loss(
            tweets[owners] @ encoded.T, torch.arange(len(owners), device=tweets.device),
            torch.from_numpy(allowed).to(tweets.device), settings["temperature"])
        return (model.classification(tweets, [pairs.hashtags[row] for row in rows])
                + settings["supervised_weight"] * supervised(tweets, *batches.relations(rows), settings["temperature"])
                + settings["selection_weight"] * selection)

    def watch(step):
        if watched:
            found = model.classify([normal_form(row["text"])[0] for row in watched], max_tokens)
            score = sum(f1([pairs.hashtag_names[tag] for tag in best], row["hashtags"], 1) for best, row in zip(found, watched))
            print(f"joint: step {step}: classification alone, F1@1 {100 * score / len(watched):.2f}", file=sys.stderr, flush=True)

    folder = os.path.join(args.work, "joint")
    if contrastive.train(model, settings, folder, args, batch_loss, "joint", watch):
        network.save(os.path.join(folder, "model"))
        model.save_hashtags(os.path.join(folder, "model"))
        print(f"joint: {os.path.join(folder, 'model')}", file=sys.stderr)


class Joint(torch.nn.Module):
    """The encoder, and the vectors of the hashtags that at least `minimum` kept tweets carry."""

    def __init__(self, network, pairs, kept, settings, known=None):
        """`known`: initial vectors by hashtag, or None."""
        super().__init__()
        self.network, self.scale = network, settings["scale"]
        counts = numpy.array([kept[rows].sum() for rows in pairs.carriers])
        self.common = numpy.flatnonzero(counts >= settings["minimum"])  # class -> hashtag number
        self.class_of = {int(tag): number for number, tag in enumerate(self.common)}
        self.names = [pairs.hashtag_names[tag] for tag in self.common]
        self.register_buffer("log_counts", torch.tensor(counts[self.common], dtype=torch.float32).log(), persistent=False)
        start = torch.from_numpy(network.encode(self.names, 32, 128, "hashtags"))
        for row, name in enumerate(self.names):
            start[row] = (known or {}).get(name, start[row])
        self.vectors = torch.nn.Parameter(start)

    def parameter_groups(self, settings):
        """The vectors have a higher rate.  The large epsilon keeps Adam from amplifying the tiny gradients of the softmax."""
        network = [p for p in self.network.parameters() if p.requires_grad]
        return [{"params": [p for p in network if p.dim() > 1], "weight_decay": settings["weight_decay"]},
                {"params": [p for p in network if p.dim() <= 1], "weight_decay": 0.0},
                {"params": [self.vectors], "weight_decay": 0.0, "lr": settings["vector_rate"], "eps": 1e-4}]

    def logits(self, tweets):
        """Logits [n, H] of unit vectors [n, d]."""
        return self.scale * tweets @ functional.normalize(self.vectors, dim=1).T + self.log_counts

    def classification(self, tweets, hashtags):
        """Cross-entropy over the common hashtags.  The gold hashtags of a tweet share its weight."""
        row, column, weight = [], [], []
        for i, tags in enumerate(hashtags):
            own = [self.class_of[tag] for tag in dict.fromkeys(tags) if tag in self.class_of]
            row += [i] * len(own)
            column += own
            weight += [1 / len(own)] * len(own) if own else []
        logs = functional.log_softmax(self.logits(tweets), dim=1)
        return -(logs[row, column] * torch.tensor(weight, device=tweets.device)).sum() / max(1, len(set(row)))

    @torch.no_grad()
    def classify(self, texts, max_tokens, count=1):
        """The hashtag numbers of the `count` best classes of each text."""
        tweets = torch.from_numpy(self.network.encode(texts, max_tokens, 64)).to(self.vectors.device)
        return self.common[self.logits(tweets).topk(count, dim=1).indices.cpu().numpy()]

    @torch.no_grad()
    def save_hashtags(self, folder):
        save_file({"vectors": functional.normalize(self.vectors, dim=1).cpu().contiguous()},
                  os.path.join(folder, "hashtags.safetensors"))
        with written_atomically(os.path.join(folder, "hashtags.txt")) as file:
            file.write("".join(name + "\n" for name in self.names))


def hashtag_vectors(folder):
    """The vectors that `save_hashtags` wrote, by hashtag; empty if there are none."""
    path = os.path.join(folder, "hashtags.txt")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return dict(zip(file.read().split(), load_file(os.path.join(folder, "hashtags.safetensors"))["vectors"], strict=True))


def supervised(vectors, positive, negative, temperature):
    """The supervised contrastive loss over a batch: mean over rows with a positive of -log (positives' mean share).

    positive, negative: booleans [n, n], both false on the diagonal and for near-duplicates.
    """
    positive, negative = (torch.from_numpy(mask).to(vectors.device) for mask in (positive, negative))
    logits = (vectors @ vectors.T / temperature).masked_fill(~(positive | negative), float("-inf"))
    known = positive.any(1)
    logs = functional.log_softmax(logits[known], dim=1).masked_fill(~positive[known], 0)
    return -(logs.sum(1) / positive[known].sum(1)).mean() if known.any() else vectors.sum() * 0


class Batches:
    """Draws the batches; batch `step` depends on the seed and the step alone."""

    def __init__(self, pairs, kept, settings, seed, synonyms):
        self.pairs, self.settings, self.seed = pairs, settings, seed
        self.kept = numpy.flatnonzero(kept)
        self.partners = retriever.Sampler(pairs, settings, seed, kept)
        self.selection = selector.Sampler(pairs, settings, seed, synonyms)

    def rows(self, step):
        """About `batch` row numbers: tweets in the order of an epoch, and a partner for each.

        An epoch consists of blocks of up to 32 batches.  A share of every block is sorted by event and distributed in runs,
        so that part of a batch comes from one event.  These tweets are the hard negatives.
        """
        half = self.settings["batch"] // 2
        per_epoch = max(1, len(self.kept) // half)
        epoch, index = divmod(step, per_epoch)
        block, place = divmod(index, 32)
        order = numpy.random.default_rng((self.seed, epoch)).permutation(self.kept)[:per_epoch * half]
        chunk = order[block * 32 * half:(block + 1) * 32 * half]
        together = numpy.random.default_rng((self.seed, epoch, block)).random(len(chunk)) < self.settings["event_batches"]
        runs = chunk[together]
        runs = runs[numpy.argsort(self.pairs.events[runs], kind="stable")]
        count = max(1, len(chunk) // half)
        rows = [row for part in (runs, chunk[~together]) for row in numpy.array_split(part, count)[place]]
        draw = numpy.random.default_rng((self.seed, step))
        return [int(row) for row in rows] + [int(self.partners.partner(row, draw)) for row in rows]

    def relations(self, rows):
        """(positive, negative) booleans [n, n]: pairs that share a hashtag, and that share none.  Near-duplicates are neither."""
        pairs = self.pairs
        groups = pairs.groups[rows]
        tags = sorted({tag for row in rows for tag in pairs.hashtags[row]})
        column = {tag: number for number, tag in enumerate(tags)}
        carried = numpy.zeros((len(rows), len(tags)), dtype=numpy.float32)
        for i, row in enumerate(rows):
            carried[i, [column[tag] for tag in pairs.hashtags[row]]] = 1
        share = carried @ carried.T > 0
        other = groups[:, None] != groups[None, :]
        return share & other, ~share & other

    def hashtags(self, step, rows):
        """The input of the selection loss: (positions in `rows`, their hashtags followed by the disturbed ones, allowed)."""
        choice = random.Random(f"{self.seed} {step}")
        owners = choice.sample(range(len(rows)), min(self.settings["selection_batch"], len(rows)))
        chosen = [rows[i] for i in owners]
        positives, negatives = self.selection.hashtags(chosen, choice)
        return owners, positives + negatives, self.selection.allowed(chosen, positives + negatives)
