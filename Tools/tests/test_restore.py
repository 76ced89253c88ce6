# SPDX-License-Identifier: Apache-2.0
"""restore: converting the restored checkpoints of the tiny model gives every integer and scale of the file again."""

import json
import os

import numpy
import pytest
import torch
from assigner_training import encoder, files, restore
from assigner_training.__main__ import main
from assigner_training.generator import export, start
from assigner_training.model_file import ModelFile, packed_shape, unpacked
from safetensors.numpy import load_file
from tokenizers import Tokenizer

TINY = os.path.join(os.path.dirname(__file__), "..", "..", "Tests", "GoldenFixtures", "Tiny")


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    """Work folders of the tiny checkpoint's model files, in int8 and in floats."""
    folders = {}
    for name in ("model-int8", "model"):
        folders[name] = str(tmp_path_factory.mktemp(name))
        main(["restore", "--work", folders[name], "--model", os.path.join(TINY, name + ".assigner")])
    return folders


def converted(weights, divisors):
    """float32 weights as Sources/Conversion/RowQuantization.swift quantises them: (integers, scales)."""
    values = weights / divisors
    largest = numpy.abs(values).max(1)
    inverse = numpy.where(largest > 0, numpy.float32(127) / numpy.where(largest > 0, largest, 1), 0).astype(numpy.float32)
    integers = numpy.clip(numpy.rint(values * inverse[:, None]), -127, 127).astype(numpy.int8)
    return integers, numpy.where(largest > 0, largest / numpy.float32(127), 1).astype(numpy.float32)


@pytest.mark.parametrize("scaled", [False, True])
def test_converted_again_a_matrix_has_the_same_integers_and_scales(scaled):
    random = numpy.random.default_rng(5)
    weights = random.normal(size=(3000, 48)).astype(numpy.float32)
    weights[7] = 0
    weights[11, 3], weights[11, 5] = 9, -9 + 1e-5  # a row with two largest values
    divisors = random.uniform(0.02, 30, 48).astype(numpy.float32) if scaled else numpy.ones(48, dtype=numpy.float32)
    integers, scales = converted(weights, divisors)
    again, scales_again = converted(restore.dequantised(integers, scales, divisors), divisors)
    assert (again == integers).all()
    assert (scales_again == scales).all()
    # Without the correction of the last bits, some scales of rows with input scales would differ.
    plain = (integers * scales[:, None].astype(numpy.float64) * divisors).astype(numpy.float32)
    assert (converted(plain, divisors)[1] != scales).any() == scaled


def test_a_packed_matrix_is_unpacked():
    rows, columns = 19, 10
    matrix = numpy.arange(rows * columns).reshape(rows, columns)
    packed = numpy.zeros(packed_shape(rows, columns), dtype=int)
    for row in range(rows):
        for column in range(columns):
            packed[row // 16, column // 4, row % 16, column % 4] = matrix[row, column]
    assert (unpacked(packed, (rows, columns)) == matrix).all()


def test_every_tensor_is_what_the_file_says(works):
    for network, prefix in (("retriever", "retriever/"), ("selector", "selector/"), ("generator", "generator/")):
        whole, rounded = (load_file(os.path.join(works[name], network, "model", "model.safetensors"))
                          for name in ("model", "model-int8"))
        file = ModelFile(os.path.join(TINY, "model-int8.assigner"))
        assert whole.keys() == rounded.keys()
        for name, value in rounded.items():
            scale = prefix + (restore.section_of(name) if name != restore.TOKEN_TYPES else "none") + ".scale"
            if not file.resolved(scale):
                assert (value == whole[name]).all(), name
                continue
            scales = file.array(scale, value.shape[:1])
            integers, again = converted(value, numpy.ones(value.shape[1], dtype=numpy.float32))
            assert (integers == file.array(scale.removesuffix(".scale"), value.shape)).all() and (again == scales).all(), name
            # The int8 file was made from the floats of the other file.
            assert (numpy.abs(value - whole[name]) <= 0.501 * scales[:, None]).all(), name


def test_the_networks_are_those_that_the_golden_values_are_of(works):
    """Networks from the float file give PyTorch's values for the checkpoint from which the files were made."""
    with open(os.path.join(TINY, "transformer.json"), encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    golden = load_file(os.path.join(TINY, "transformer.safetensors"))
    case = next(case for case in cases if case["kind"] == "sentence" and case["inputs"]["network"] == "selector")
    network = encoder.load(os.path.join(works["model"], "selector", "model")).eval()
    with torch.no_grad():
        found = network([case["inputs"]["tokens"]])[0]
    assert numpy.abs(found.numpy() - golden[case["tensors"]["embedding"]]).max() < 1e-5


def test_the_generator_reads_its_tweets_with_the_retriever(works):
    """The encoder that the stage `generator` makes from the retriever's folder equals that of the restored generator."""
    work = works["model-int8"]
    generator, spelling = export.load(os.path.join(work, "generator", "model"))
    assert len(spelling) == generator.config["diffusion"]["generation_vocab_size"]
    assert os.path.exists(os.path.join(work, "generator", "generation_vocab.txt"))
    state = generator.state_dict()
    _, bert = export.load_bert(os.path.join(work, "retriever", "model"))
    made = start.bert_to_bart(bert)
    assert made and all(torch.equal(state[name], value) for name, value in made.items())


def test_a_unigram_tokenizer_comes_back(tmp_path):
    """SentenceEncoderTests checks that the converter makes this file of the checkpoint beside it."""
    folder = os.path.join(TINY, "..", "..", "ConversionTests", "Fixtures", "encoders", "e5")
    main(["restore", "--work", str(tmp_path), "--model", os.path.join(folder, "retriever.assigner")])
    restored = tmp_path / "retriever" / "model"
    first, again = (Tokenizer.from_file(os.path.join(one, "tokenizer.json")) for one in (folder, restored))
    for text in ("", "Flood ½ ﬁre ①  in the   old town", "地震です。 避難", " فيضانات   في ", "केरल में बाढ़ <s> x",
                 "e\u0301t\u00e9 <mask>"):
        assert again.encode(text).ids == first.encode(text).ids, text
        assert again.encode(text, "one more").ids == first.encode(text, "one more").ids, text


def test_a_table_in_4_bits_has_the_values_of_its_blocks():
    random = numpy.random.default_rng(4)
    blocks, scales = random.integers(0, 256, (5, 2, 16)).astype("u1"), random.normal(size=(5, 2)).astype(numpy.float16)

    class File:
        def array(self, name, shape):
            found = {"words": blocks, "words.scale": scales.view("<u2")}[name]
            assert list(found.shape) == shape
            return found

    table = restore.four_bits(File(), "words", 5, 64)
    for row, column in ((0, 0), (1, 15), (2, 16), (3, 47), (4, 63)):
        byte = int(blocks[row, column // 32, column % 16])
        bits = byte >> 4 if column % 32 >= 16 else byte & 15
        assert table[row, column] == (bits - 8) * numpy.float32(scales[row, column // 32])


def test_a_trained_network_is_not_overwritten(works):
    with pytest.raises(SystemExit, match="retriever/model exists already"):
        main(["restore", "--work", works["model"], "--model", os.path.join(TINY, "model.assigner")])


def test_damage_is_named(tmp_path):
    with open(os.path.join(TINY, "model.assigner"), "rb") as file:
        whole = file.read()
    for name, data, message in (("short", whole[:30], "not a file of this"), ("text", b"x" * 500, "not a file of this program"),
                                ("cut", whole[:-1], "damaged or cut off"),
                                ("newer", whole[:12] + b"\x09" + whole[13:], "version 1")):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(SystemExit, match=message):
            main(["restore", "--work", str(tmp_path / "work"), "--model", str(path)])
    assert not (tmp_path / "work").exists()


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path):
    folder = tmp_path / "model"
    for text in ("first", "second"):
        with files.folder_written_atomically(str(folder)) as partial:
            with open(os.path.join(partial, text), "w", encoding="utf-8"):
                pass
    assert [path.name for path in folder.iterdir()] == ["second"]
    with pytest.raises(ValueError):
        with files.folder_written_atomically(str(folder)):
            raise ValueError
    assert [path.name for path in folder.iterdir()] == ["second"]
