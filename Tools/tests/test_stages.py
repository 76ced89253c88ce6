"""All stages on the tiny configuration, each a command of its own, on tweets of our own."""

import json
import os
import subprocess
import sys

import numpy
import pytest
from safetensors.numpy import load_file

import samples

TOOLS = os.path.join(os.path.dirname(__file__), "..")


def stage(name, work, *arguments):
    command = [sys.executable, "-m", "assigner_training", name, "--work", str(work), "--config", "tiny",
               "--threads", "1", *arguments]
    result = subprocess.run(command, cwd=TOOLS, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr[-4000:]
    return result


@pytest.fixture(scope="module")
def wordnet(tmp_path_factory):
    """A dictionary of one synset: the test needs no WordNet."""
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
    stage("neighbours", folder)
    if os.path.exists(os.path.join(TOOLS, "assigner_training", "generator", "stage.py")):
        stage("generator", folder)
    stage("export", folder)
    return folder


def test_prepare_groups_retweets(work):
    rows = [json.loads(line) for line in open(work / "pairs.jsonl", encoding="utf-8")]
    assert len(rows) == len(samples.rows())
    texts = {}
    for row in rows:
        assert texts.setdefault(row["text"], row["group"]) == row["group"]
    assert sum(row["near_dev"] for row in rows) == 1


def test_sources_leave_the_tweet_out(work):
    rows = [json.loads(line) for line in open(work / "pairs.jsonl", encoding="utf-8")]
    rows = [row for row in rows if not row["near_dev"]]
    sources = [json.loads(line) for line in open(work / "sources.jsonl", encoding="utf-8")]
    assert [row["id"] for row in rows] == [row["id"] for row in sources]
    assert all(len(row["retrieved"]) <= 3 for row in sources) and any(row["retrieved"] for row in sources)
    near = numpy.load(work / "neighbours" / "neighbours.npy")
    for row, found in zip(rows, near):
        assert all(rows[other]["group"] != row["group"] for other in found if other >= 0)


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
    """Three steps, then the rest, give the weights of one run: the checkpoint holds all there is to go on from."""
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
