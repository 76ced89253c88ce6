# SPDX-License-Identifier: Apache-2.0
"""A whole tweet beside the same networks in PyTorch.

Ours is the default model with its default steps. The peer is float, with faiss and the 200 steps of training.
"""

import json
import os
import subprocess
import sys
import tempfile

from rounds import Fact, Part, Row, alternate, bench, timed

HERE = os.path.dirname(os.path.abspath(__file__))
TWEETS = os.path.join(HERE, "..", "samples", "tweets.txt")
STEPS, TARGET, NEIGHBOURS, HINTS = 200, 40.0, 30, 5


def reference(settings, tweets):
    """A function that answers one tweet as the papers' implementations would."""
    import faiss
    import numpy
    import torch
    from search import DIMENSION
    sys.path.insert(0, os.path.join(HERE, ".."))
    from assigner_training import encoder, right
    from assigner_training.generator import export, sampler
    from assigner_training.generator.source import SourceWriter, pad
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    faiss.omp_set_num_threads(1)
    retriever = encoder.load(os.path.join(settings.checkpoint, "retriever")).eval()
    generator, spelling = export.load(os.path.join(settings.checkpoint, "generator"))
    writer = SourceWriter.load(os.path.join(settings.checkpoint, "generator"), 128)
    # Rows with the distribution of real ones. The time of a search does not depend on their hashtags.
    rows = numpy.fromfile(os.path.join(settings.work, "search.vectors"), numpy.float32).reshape(-1, DIMENSION)
    index = faiss.index_factory(DIMENSION, "PQ96x4fs,Refine(SQ8)", faiss.METRIC_INNER_PRODUCT)
    index.train(rows)
    index.add(rows)
    hashtags = neighbours(settings, tweets)

    def answer(tweet):
        tokens = retriever.tokenize([tweet], 128)
        vector = retriever(tokens).numpy()
        similarities, _ = index.search(vector, NEIGHBOURS)
        carried, similar, names = hashtags[tweet]
        chosen = right.ranked(range(len(carried)), similar, carried)[:HINTS]
        row = writer.row([names[tag] for tag in chosen], writer.encode(tweet))
        tokens, mask = pad([row])
        x_e = generator.encode(tokens, mask)
        noise = torch.randn(1, generator.positions, generator.config["diffusion"]["embedding_dim"])
        x0 = sampler.sample(generator, x_e, mask, noise, STEPS)
        final, _ = sampler.final_pass(generator, sampler.rounded(generator, x0), x_e, mask)
        return [hashtag for hashtag, _ in spelling.read(final[0].tolist())]

    return answer


def neighbours(settings, tweets):
    """The hashtags of the tweets that the program retrieves: hashtag numbers of each row, similarities, names."""
    run = subprocess.run([settings.program, "--format", "json", "--explain", "--no-generator", "--model", settings.model,
                          "--index", settings.index], input="\n".join(tweets) + "\n", text=True, capture_output=True, check=True)
    found = {}
    for tweet, line in zip(tweets, run.stdout.splitlines()):
        rows = json.loads(line)["neighbours"]
        names = sorted({tag for row in rows for tag in row["hashtags"]})
        found[tweet] = ([[names.index(tag) for tag in row["hashtags"]] for row in rows], [row["similarity"] for row in rows],
                        [name.lower() for name in names])
    return found


def run(settings):
    part = Part()
    with open(TWEETS, encoding="utf-8") as file:
        tweets = file.read().splitlines()[:settings.tweets]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(tweets) + "\n")
        file.flush()
        # The reference has a generator, which the default model leaves out by default.
        files = ["--model", settings.model, "--index", settings.index, "--input", file.name, "--generator", "diffusion"]
        if settings.checkpoint:
            answer = reference(settings, tweets)
            answer(tweets[0])
            turns = iter(tweets * settings.rounds)

            def theirs():
                return timed(lambda: answer(next(turns)), min(2, len(tweets)), 0)

            options = ["--only", "tweet", "--clock", "processor", "--repetitions", 3, "--warm-up", 1]
            ours, others = alternate(lambda: bench(settings.program, *options, *files)["rows"][0]["median"], theirs,
                                     settings.rounds)
            part.rows.append(Row("a whole tweet, default model and steps", f"PyTorch float, faiss, {STEPS} steps", ours, others,
                                 TARGET))
        report = bench(settings.program, "--clock", "processor", "--tokens", "16,32,64", "--batch", "1", "--threads", 2, *files)
    table = {row["work"]: row for row in report["rows"]}
    memory = report["memory"]
    touched = memory["model"]["touched"] + memory["index"]["touched"]
    part.facts = [
        Fact("a whole tweet, median on one core", 1000 * table["tweet"]["median"], 30, "ms"),
        Fact("tweets a second, two threads", table["throughput"]["perSecond"], -60, "a second"),
        Fact("start to first answer", 1000 * table["start"]["median"], 60, "ms"),
        Fact("peak memory without the touched parts of model and index", (memory["peak"] - touched) / 2 ** 20, 24, "MiB",
             f"peak {memory['peak'] / 2 ** 20:.1f} MiB"),
    ]
    part.profile["where a tweet's time goes (`assigner bench --clock processor`)"] = "\n".join(
        f"{1000 * row['median']:9.3f} ms  {row['work']}  "
        + ", ".join(f"{name} {row[name]}" for name in ("tokens", "source", "steps", "rows", "hashtags", "tweets") if name in row)
        for row in report["rows"])
    return part
