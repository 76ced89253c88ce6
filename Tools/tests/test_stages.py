# SPDX-License-Identifier: Apache-2.0
"""All stages with the tiny configuration, each as a separate command, on our own tweets."""

import collections
import json
import os
import subprocess
import sys

import numpy
import pytest
import samples
from safetensors.numpy import load_file

TOOLS = os.path.join(os.path.dirname(__file__), "..")


def stage(name, work, *arguments):
    command = [sys.executable, "-m", "assigner_training", name, "--work", str(work), "--config", "tiny",
               "--threads", "1", *arguments]
    result = subprocess.run(command, cwd=TOOLS, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr[-4000:]
    return result


@pytest.fixture(scope="module")
def wordnet(tmp_path_factory):
    """A dictionary with one synset, so that the tests do not need WordNet."""
    folder = tmp_path_factory.mktemp("wordnet")
    for part in ("noun", "verb", "adj", "adv"):
        (folder / f"data.{part}").write_text("  1 licence\n00001740 03 n 03 flood 0 inundation 0 deluge 0 000 | water\n")
    return str(folder)


@pytest.fixture(scope="module")
def work(tmp_path_factory, wordnet):
    """A work folder after every stage up to the export."""
    folder = tmp_path_factory.mktemp("work")
    raw = folder / "raw.jsonl"
    samples.write(raw, samples.rows())
    stage("prepare", folder, "--input", str(raw))
    stage("retriever", folder)
    stage("selector", folder, "--wordnet", wordnet)
    stage("corpus", folder)
    stage("joint", folder, "--wordnet", wordnet, "--without", str(folder / "ranking" / "queries.jsonl"))
    answer(folder / "queries.jsonl", folder / "answers.jsonl")
    stage("sources", folder, "--rows", str(folder / "queries.jsonl"), "--answers", str(folder / "answers.jsonl"),
          "--output", str(folder / "sources.jsonl"))
    stage("generator", folder)
    stage("export", folder)
    return folder


def answer(questions, answers):
    """A stand-in for the program: answers with the hashtags of the previous query, in display form."""
    before = []
    with open(answers, "w", encoding="utf-8") as file:
        for line in open(questions, encoding="utf-8"):
            file.write(json.dumps({"hashtags": [{"tag": tag, "score": 0.5} for tag in before]}) + "\n")
            before = json.loads(line)["hashtags"]


def test_prepare_groups_retweets(work):
    rows = [json.loads(line) for line in open(work / "pairs.jsonl", encoding="utf-8")]
    assert len(rows) == len(samples.rows())
    texts = {}
    for row in rows:
        assert texts.setdefault(row["text"], row["group"]) == row["group"]
    assert sum(row["near_dev"] for row in rows) == 1


def test_queries_leave_their_group_out(work):
    rows = {row["id"]: row for row in rows_of(work / "pairs.jsonl") if not row["near_dev"]}
    queries = rows_of(work / "queries.jsonl")
    assert [query["id"] for query in queries] == list(rows)
    for query in queries:
        assert set(query["exclude"]) == {row["id"] for row in rows.values() if row["group"] == rows[query["id"]]["group"]}


def test_sources_are_the_answers_in_normal_form(work):
    queries, sources = rows_of(work / "queries.jsonl"), rows_of(work / "sources.jsonl")
    assert [row["id"] for row in sources] == [row["id"] for row in queries]
    assert sources[1]["retrieved"] == sources[0]["hashtags"] == [tag.lower() for tag in queries[0]["hashtags"]]


def test_common_hashtags_have_vectors_of_their_own(work):
    folder = work / "checkpoint" / "selector"
    names = (folder / "hashtags.txt").read_text().split()
    vectors = load_file(folder / "hashtags.safetensors")["vectors"]
    assert vectors.shape == (len(names), 32) and len(set(names)) == len(names) > 1
    assert abs(numpy.linalg.norm(vectors, axis=1) - 1).max() < 1e-5
    held_out = {id for row in rows_of(work / "ranking" / "queries.jsonl") for id in row["exclude"]}
    counts = collections.Counter(tag.lower() for row in rows_of(work / "queries.jsonl") if row["id"] not in held_out
                                 for tag in set(row["hashtags"]))
    assert set(names) == {name for name, count in counts.items() if count >= 2}


def rows_of(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]


def test_export_has_the_layout_and_shares_embeddings(work):
    for name in ("retriever", "selector"):
        folder = work / "checkpoint" / name
        config = json.loads((folder / "config.json").read_text())
        assert config["model_type"] == "bert" and config["hidden_act"] == "gelu"
        tensors = load_file(folder / "model.safetensors")
        assert tensors["embeddings.word_embeddings.weight"].shape[1] == 32
        assert "encoder.layer.1.output.LayerNorm.bias" in tensors
        assert (folder / "vocab.txt").exists() and (folder / "tokenizer_config.json").exists()
    before = load_file(work / "start" / "model.safetensors")
    after = load_file(work / "checkpoint" / "retriever" / "model.safetensors")
    assert (before["embeddings.word_embeddings.weight"] == after["embeddings.word_embeddings.weight"]).all()
    query = "encoder.layer.0.attention.self.query.weight"
    assert not (before[query] == after[query]).all()


def test_a_stopped_run_ends_as_one_that_was_not(work, tmp_path):
    """Three steps and then the rest give the weights of one run, so the checkpoint holds the whole state."""
    for name in ("whole", "stopped"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "pairs.jsonl").write_bytes((work / "pairs.jsonl").read_bytes())
    stage("retriever", tmp_path / "whole")
    stage("retriever", tmp_path / "stopped", "--stop-after", "3")
    assert not (tmp_path / "stopped" / "retriever" / "model").exists()
    stage("retriever", tmp_path / "stopped")
    first, second = (load_file(tmp_path / name / "retriever" / "model" / "model.safetensors")
                     for name in ("whole", "stopped"))
    assert all((first[name] == second[name]).all() for name in first)


def test_measure_prints_recall_and_ranking(work):
    dev = work / "dev.jsonl"
    samples.write(dev, [{"text": "The flood near Millbrook has closed the road", "hashtags": ["millbrookflood"]}])
    output = stage("measure", work, "--dev", str(dev)).stdout
    assert "pool recall N=10" in output and "RIGHT, N=30, with r" in output


def test_unknown_setting_is_refused(tmp_path):
    command = [sys.executable, "-m", "assigner_training", "retriever", "--work", str(tmp_path), "--set", "retriever.stepz=1"]
    result = subprocess.run(command, cwd=TOOLS, capture_output=True, text=True)
    assert result.returncode != 0 and "stepz" in result.stderr
