"""neighbours: what the run time would retrieve and select for every training tweet, itself left out.

1. every tweet's text through the trained retriever (the corpus), every tweet's input (what a model is given of it)
   through the retriever and, for r(d_q, h), through the selector, every hashtag through the selector;
2. the N nearest tweets of every input by exact inner product, the tweet and its near-duplicate group left out;
3. the top p hashtags of each by RIGHT's formula: what the generator is given.

Writes WORK/neighbours/: corpus.npy, queries.npy, selector.npy, hashtags.npy (float32 unit vectors), neighbours.npy
(int32 rows of the pairs, -1 where there are too few), similarities.npy, rows.npy (which pairs the queries are: all, or
`limit` drawn at random, where time is short); and WORK/sources.jsonl, one row per query in their order: {"id", "text": the input, "retrieved": [hashtag normal form, …] best first, "hashtags": [gold normal forms]}.
With --dev the same for a development split, over the whole corpus: WORK/sources.dev.jsonl.
Rows are those of `pairs.Pairs` (near_dev left out).  With --only one encoding is made and nothing else, so that several
processes can share the work (--share).
"""

import os
import sys

import faiss
import numpy
import torch

from . import encoder, right
from .files import read_rows, write_rows, written_atomically
from .normal_form import normal_form
from .pairs import Pairs
from .progress import Progress

ENCODINGS = ("corpus", "queries", "selector", "hashtags", "dev-retriever", "dev-selector")
SEARCH = ("corpus", "queries")  # the encodings that the search needs
BLOCK = 8192  # texts to a saved block: what a stopped run loses at most


def add_arguments(parser):
    parser.add_argument("--dev", help="rows with text and gold hashtags (normal forms)")
    parser.add_argument("--only", choices=(*ENCODINGS, "search"), help="do this part alone")
    parser.add_argument("--share", default="0/1", metavar="I/N", help="with --only: make every Nth block from the Ith")


def run(args):
    if args.threads:
        torch.set_num_threads(args.threads)
        faiss.omp_set_num_threads(args.threads)
    settings = args.settings["neighbours"]
    pairs = Pairs(args.work)
    folder = os.path.join(args.work, "neighbours")
    os.makedirs(folder, exist_ok=True)
    models = {name: os.path.join(args.work, name, "model") for name in ("retriever", "selector")}
    share = tuple(map(int, args.share.split("/")))

    rows = numpy.arange(len(pairs))
    if settings["limit"]:
        rows = numpy.sort(numpy.random.default_rng(args.seed).permutation(rows)[:settings["limit"]])
    differing = [row for row in range(len(pairs)) if pairs.inputs[row] != pairs.texts[row]]
    dev = list(read_rows(args.dev)) if args.dev else []
    dev_texts = [normal_form(row["text"])[0] for row in dev]
    vectors = {}
    for name, model, texts in (("corpus", "retriever", pairs.texts),
                               ("queries", "retriever", [pairs.inputs[row] for row in differing]),
                               ("selector", "selector", [pairs.inputs[row] for row in rows]),
                               ("hashtags", "selector", pairs.hashtag_names),
                               ("dev-retriever", "retriever", dev_texts), ("dev-selector", "selector", dev_texts)):
        if texts and (args.only in (None, name) or (args.only == "search" and name in SEARCH)):
            vectors[name] = encoded(models[model], texts, os.path.join(folder, name + ".npy"), settings, args.device, share)
    if args.only in ENCODINGS:
        return
    near, similarities = train_neighbours(folder, pairs, rows, differing, vectors, settings["count"])
    if args.only == "search":
        return
    write_rows(os.path.join(args.work, "sources.jsonl"), (
        {"id": int(pairs.ids[row]), "text": pairs.inputs[row], "retrieved": retrieved,
         "hashtags": [pairs.hashtag_names[tag] for tag in pairs.hashtags[row]]}
        for row, retrieved in zip(rows, selected(pairs, near, similarities, vectors, settings["selected"]))))
    if dev:  # nothing left out: its near-duplicates are not in the pairs
        near, similarities = search(vectors["dev-retriever"], vectors["corpus"], numpy.full(len(dev), -1), pairs.groups,
                                    settings["count"])
        vectors["selector"] = vectors["dev-selector"]
        write_rows(os.path.join(args.work, "sources.dev.jsonl"), (
            {"id": i, "text": dev_texts[i], "retrieved": retrieved, "hashtags": dev[i]["hashtags"]}
            for i, retrieved in enumerate(selected(pairs, near, similarities, vectors, settings["selected"]))))
    print(f"neighbours: {os.path.join(args.work, 'sources.jsonl')}", file=sys.stderr)


def train_neighbours(folder, pairs, rows, differing, vectors, count):
    """`search` for the training tweets `rows`; an earlier run's result is taken if nothing it came from is newer."""
    path = lambda name: os.path.join(folder, name + ".npy")
    results, made_of = ("rows", "similarities", "neighbours"), [path(name) for name in SEARCH if name in vectors]
    if all(os.path.exists(path(name)) for name in results):
        age = min(os.path.getmtime(path(name)) for name in results)
        if age >= max(map(os.path.getmtime, made_of)) and numpy.array_equal(numpy.load(path("rows")), rows):
            return numpy.load(path("neighbours")), numpy.load(path("similarities"))
    queries = numpy.array(vectors["corpus"])
    if differing:
        queries[differing] = vectors["queries"]
    near, similarities = search(queries[rows], vectors["corpus"], pairs.groups[rows], pairs.groups, count)
    save(path("rows"), rows)
    save(path("similarities"), similarities)
    save(path("neighbours"), near)
    return near, similarities


def save(path, array):
    with written_atomically(path, "wb") as file:
        numpy.save(file, array)


def is_current(path, model_folder, count):
    """Whether `path` holds `count` vectors, made after the model was."""
    if not os.path.exists(path):
        return False
    newer = os.path.getmtime(path) >= os.path.getmtime(os.path.join(model_folder, "model.safetensors"))
    return newer and len(numpy.load(path, mmap_mode="r")) == count


def encoded(model_folder, texts, path, settings, device, share=(0, 1)):
    """The texts through an encoder, block by block; blocks that lie there already are not made again."""
    if is_current(path, model_folder, len(texts)):
        return numpy.load(path, mmap_mode="r")
    model, name = None, os.path.basename(path)
    order = numpy.argsort([len(text) for text in texts], kind="stable")  # like lengths share a block: little padding
    blocks = [order[start:start + BLOCK] for start in range(0, len(order), BLOCK)]
    part = lambda number: f"{path}.{number}.npy"
    for number in range(share[0], len(blocks), share[1]):
        if not is_current(part(number), model_folder, len(blocks[number])):
            model = model or encoder.load(model_folder).to(device)
            save(part(number), model.encode([texts[i] for i in blocks[number]], settings["max_tokens"], settings["batch"],
                                            f"{name} block {number + 1}/{len(blocks)}"))
    if not all(is_current(part(number), model_folder, len(blocks[number])) for number in range(len(blocks))):
        return None  # another process has the other blocks
    out = None
    for number, rows in enumerate(blocks):
        block = numpy.load(part(number))
        if out is None:
            out = numpy.empty((len(texts), block.shape[1]), dtype=numpy.float32)
        out[rows] = block
    save(path, out)
    for number in range(len(blocks)):
        os.remove(part(number))
    return out


def search(queries, corpus, query_groups, groups, count, block=1024):
    """(rows int32 [n, count], cosines float32): the nearest by exact inner product, the query's own group left out.

    A query of group -1 has nothing left out.  Missing neighbours are row -1 with cosine 0.
    """
    queries, corpus = (numpy.ascontiguousarray(array, dtype=numpy.float32) for array in (queries, corpus))
    sizes = numpy.append(numpy.bincount(groups), 0)  # the last one is that of group -1
    near = numpy.full((len(queries), count), -1, dtype=numpy.int32)
    similarities = numpy.zeros((len(queries), count), dtype=numpy.float32)
    # Queries whose groups are alike in size are searched together: only large groups need a long list.
    order = numpy.argsort(sizes[query_groups], kind="stable")
    progress = Progress("search", len(queries))
    for start in range(0, len(order), block):
        rows = order[start:start + block]
        wanted = int(min(len(corpus), count + sizes[query_groups[rows]].max()))
        values, found = faiss.knn(queries[rows], corpus, wanted, metric=faiss.METRIC_INNER_PRODUCT)
        keep = groups[found] != query_groups[rows][:, None]
        for i, row in enumerate(rows):
            chosen = numpy.flatnonzero(keep[i])[:count]
            near[row, :len(chosen)] = found[i, chosen]
            similarities[row, :len(chosen)] = values[i, chosen]
        progress.update(len(rows))
    return near, similarities


def selected(pairs, near, similarities, vectors, count):
    """Yields for every query its top `count` hashtags (normal forms) by RIGHT's formula."""
    progress = Progress("select", len(near))
    for row in range(len(near)):
        known = near[row] >= 0
        best = right.ranked(near[row][known], similarities[row][known], pairs.hashtags,
                            right.relevance(vectors["selector"][row], vectors["hashtags"]))
        progress.update()
        yield [pairs.hashtag_names[tag] for tag in best[:count]]
