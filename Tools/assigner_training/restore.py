# SPDX-License-Identifier: Apache-2.0
"""restore: makes the float networks of a model file, to train a released model further or to convert it again.

Writes the files of the other stages: WORK/joint/model (WORK/retriever/model and WORK/selector/model if these are two
networks), WORK/generator/model and its vocabulary, and WORK/ranking/ranking.json.  They have the Hugging Face layout that
`export` reads, and the input scales of the int8 layers.  int8 values become the floats that they stand for.  These are
rounded so that assigner-convert turns them into every integer and every scale of the file again.

It overwrites nothing: WORK must not have these networks.  It restores only the kinds of networks that the recipe makes.
"""

import json
import os
import re
import sys

import numpy
import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

from . import unigram
from .files import folder_written_atomically, written_atomically
from .generator.model import Generator, make_config
from .generator.spelling import Spelling
from .generator.start import ENCODER_NAMES
from .input_scales import group_of
from .model_file import ModelFile

# Parts of a layer: name in the checkpoint -> name in the model file (Sources/Conversion/TensorRule*.swift).
BERT_PARTS = {
    "attention.self.query": "attention.query", "attention.self.key": "attention.key", "attention.self.value": "attention.value",
    "attention.output.dense": "attention.output", "attention.output.LayerNorm": "attention.norm",
    "intermediate.dense": "feedForward.up", "output.dense": "feedForward.down", "output.LayerNorm": "feedForward.norm",
}
BART_ENCODER_PARTS = {ENCODER_NAMES[name]: part for name, part in BERT_PARTS.items()}
BART_DECODER_PARTS = {
    f"{theirs}{name}": f"{ours}.{part}" for theirs, ours in (("self_attn", "selfAttention"), ("encoder_attn", "crossAttention"))
    for name, part in ((".q_proj", "query"), (".k_proj", "key"), (".v_proj", "value"), (".out_proj", "output"),
                       ("_layer_norm", "norm"))
} | {"fc1": "feedForward.up", "fc2": "feedForward.down", "final_layer_norm": "feedForward.norm"}
LAYERS = [(r"encoder\.layer\.(\d+)\.(.+)\.(weight|bias)", "", BERT_PARTS),
          (r"model\.encoder\.layers\.(\d+)\.(.+)\.(weight|bias)", "encoder/", BART_ENCODER_PARTS),
          (r"model\.decoder\.layers\.(\d+)\.(.+)\.(weight|bias)", "decoder/", BART_DECODER_PARTS)]
DIFFUSION_PARTS = {f"diffusion.{theirs}.{number}": f"diffusion/{ours}.{part}"
                   for theirs, ours in (("time_embed", "time"), ("input_projection", "input"), ("output_projection", "output"))
                   for number, part in ((0, "up"), (2, "down"))}
NORMS = {"embeddings.LayerNorm": "embeddings.norm", "model.encoder.layernorm_embedding": "encoder/embeddings.norm",
         "model.decoder.layernorm_embedding": "decoder/norm"}
TABLES = {
    "embeddings.word_embeddings.weight": "embeddings.word", "embeddings.position_embeddings.weight": "embeddings.position",
    "model.shared.weight": "encoder/embeddings.word", "model.encoder.embed_positions.weight": "encoder/embeddings.position",
    "model.decoder.embed_positions.weight": "decoder/position", "diffusion.token_embedding.weight": "diffusion/tokenEmbedding",
    "diffusion.alpha_bar": "diffusion/alphaBar", "final_logits_bias": "finalBias",
}
TOKEN_TYPES = "embeddings.token_type_embeddings.weight"  # the file adds them to the positions


def add_arguments(parser):
    parser.add_argument("--model", required=True, help="a model file, such as Models/assigner.model")


def run(args):
    file = ModelFile(args.model)
    others = {one["kind"] for one in file.metadata.get("tokenizers", {}).values()} - {"unigram"}
    if others or "kind" in (file.metadata.get("generator") or {}):
        file.fail("has another kind of tokenizer or generator than the recipe")
    networks = {name: name for name in ("retriever", "selector") if file.metadata.get(name)}
    if len(networks) == 2 and is_one_network(file):
        networks = {"retriever": "joint"}
    for name, stage in networks.items():
        with new_folder(args.work, stage) as folder:
            restore_encoder(file, name, folder, has_hashtags=stage in ("joint", "selector"))
    if file.metadata.get("generator"):
        with new_folder(args.work, "generator") as folder:
            spelling = restore_generator(file, folder)
        spelling.save(os.path.join(args.work, "generator", "generation_vocab.txt"))
    if "ranking" in file.sections:
        with written_atomically(os.path.join(args.work, "ranking", "ranking.json"), "wb") as out:
            out.write(file.text("ranking"))


def is_one_network(file):
    """Whether selector and retriever are one network, stored once."""
    names = file.names("retriever/")
    return names == file.names("selector/") and all(
        file.resolved(f"retriever/{name}") == file.resolved(f"selector/{name}") for name in names)


def new_folder(work, stage):
    folder = os.path.join(work, stage, "model")
    if os.path.exists(folder):
        raise SystemExit(f"{folder} exists already: choose another --work, or move it")
    print(f"restore: {folder}", file=sys.stderr)
    return folder_written_atomically(folder)


def restore_encoder(file, name, folder, has_hashtags):
    """Writes the folder of a sentence encoder, with the vectors of hashtags if the file has them and it is the selector."""
    shape = file.metadata[name]
    if shape["pooling"] != "mean":
        file.fail(f"{name}: its pooling is {shape['pooling']}; training supports only the mean")
    config = bert_configuration(shape)
    bert = BertModel(config, add_pooling_layer=False)
    restore_weights(file, f"{name}/", bert)
    bert.save_pretrained(folder)
    write_tokenizer(file, shape, folder)
    write_scales(file, f"{name}/", folder)
    if has_hashtags and "text/hashtags" in file.sections:
        names = file.text("text/hashtags")
        rows = len(names.split(b"\n")) - 1
        vectors = tensor(file, "hashtags/vectors", [rows, shape["hiddenSize"]], None)
        save_file({"vectors": vectors}, os.path.join(folder, "hashtags.safetensors"))
        with open(os.path.join(folder, "hashtags.txt"), "wb") as out:
            out.write(names)


def restore_generator(file, folder):
    """Writes the generator's folder in the layout of generator/export.py; returns its spelling."""
    shape = file.metadata["generator"]
    encoder, decoder, diffusion = shape["encoder"], shape["decoder"], shape["diffusion"]
    config = make_config(bert_configuration(encoder).to_dict(), diffusion["vocabularySize"], diffusion["embeddingSize"],
                         diffusion["positions"], diffusion["timesteps"], decoder["layers"], diffusion["logitScale"])
    same = all(decoder[key] == encoder[key] for key in ("hiddenSize", "heads", "feedForwardSize"))
    if not same or not diffusion["selfConditioning"] or [diffusion[key] for key in ("bos", "pad", "eos")] != [0, 1, 2]:
        file.fail("generator: training makes no generator of this shape")
    generator = Generator(config, norm=1.0)
    restore_weights(file, "generator/", generator)
    save_file({name: value.contiguous() for name, value in generator.state_dict().items()},
              os.path.join(folder, "model.safetensors"), metadata={"format": "pt"})
    with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as out:
        json.dump(config, out, indent=2)
    write_tokenizer(file, encoder, folder)
    write_scales(file, "generator/", folder)
    path = os.path.join(folder, "generation_vocab.txt")
    with open(path, "wb") as out:
        out.write(file.text("text/generationVocabulary"))
    return Spelling.load(path)


def bert_configuration(shape):
    """A BERT configuration.  `shape`: the network's metadata in the model file."""
    return BertConfig(
        vocab_size=shape["vocabularySize"], hidden_size=shape["hiddenSize"], num_hidden_layers=shape["layers"],
        num_attention_heads=shape["heads"], intermediate_size=shape["feedForwardSize"], hidden_act=shape["activation"],
        max_position_embeddings=shape["maximumPositions"], layer_norm_eps=shape["layerNormEpsilon"])


def restore_weights(file, prefix, network):
    """Fills `network` from the sections that begin with `prefix`.  It must use all of them."""
    state = network.state_dict()
    left = {name for name in file.names(prefix) if not name.endswith((".scale", ".inputScale"))}
    for name, value in state.items():
        if name == TOKEN_TYPES:
            state[name] = torch.zeros_like(value)
            continue
        section = section_of(name)
        left.discard(section)
        group = group_of(name.removesuffix(".weight"))
        # The first two rows of BART's positions are never read.
        unused = 2 if name.startswith("model.") and "embed_positions" in name else 0
        shape = [value.shape[0] - unused, *value.shape[1:]] if name != "final_logits_bias" else [value.shape[1]]
        found = tensor(file, prefix + section, shape, prefix + group if group else None)
        state[name] = torch.cat([torch.zeros(unused, *shape[1:]), found]).reshape(value.shape)
    if left:
        file.fail(f"training has no place for {prefix}{min(left)}")
    network.load_state_dict(state)


def section_of(name):
    """The name in the model file, without its network, of a tensor of the checkpoint."""
    if name in TABLES:
        return TABLES[name]
    for pattern, prefix, parts in LAYERS:
        match = re.fullmatch(pattern, name)
        if match:
            return f"{prefix}layers.{match[1]}.{parts[match[2]]}.{match[3]}"
    module, _, kind = name.rpartition(".")
    return f"{(NORMS | DIFFUSION_PARTS)[module]}.{kind}"


def tensor(file, name, shape, group):
    """Section `name` as float32.  `group` names the scales of its inputs, if it can have them."""
    if file.section(name)[0] == "<u1":
        return torch.from_numpy(four_bits(file, name, *shape))
    values = file.array(name, shape)
    if values.dtype == numpy.int8:
        divisors = file.array(group, shape[1:]) if group and file.resolved(group) else numpy.ones(shape[1], dtype=numpy.float32)
        values = dequantised(values, file.array(name + ".scale", shape[:1]), divisors)
    return torch.from_numpy(values)


def four_bits(file, name, rows, columns):
    """The float32 table [r, c] that blocks of 32 columns stand for: scale * (bits - 8)."""
    blocks = file.array(name, [rows, columns // 32, 16])
    scales = file.array(name + ".scale", [rows, columns // 32]).view(numpy.float16).astype(numpy.float32)
    bits = numpy.concatenate([blocks & 15, blocks >> 4], axis=2).astype(numpy.float32)
    return ((bits - 8) * scales[:, :, None]).reshape(rows, columns)


def dequantised(integers, scales, divisors):
    """The float32 matrix [r, c] that int8 rows stand for: integer * scale of the row * divisor of the column.

    The converter divides it by `divisors` again, and uses the largest value of every row / 127 as the scale.  In float32
    this may give another scale, so the largest values are moved by a few units in the last place until it is the same.
    """
    exact = integers * scales[:, None].astype(numpy.float64)
    weights = (exact * divisors).astype(numpy.float32)
    rows, columns = numpy.nonzero(numpy.abs(integers) == 127)
    # For each candidate and row: a value that gives this scale, and whether a weight of the row can have this value.
    largest = nearby(scales * numpy.float32(127))
    makes_scale = largest / numpy.float32(127) == scales
    found = nearby(largest[:, rows] * divisors[columns])
    back = found / divisors[columns]
    is_reached = numpy.zeros_like(makes_scale)
    numpy.logical_or.at(is_reached, (slice(None), rows), (back == largest[:, rows]).any(0))
    chosen = (makes_scale.astype(int) + (makes_scale & is_reached)).argmax(0)
    # The weight that becomes the largest value, or the value just below it: then another weight of the row is the largest.
    wanted, place = largest[chosen[rows], rows], (slice(None), chosen[rows], numpy.arange(len(rows)))
    best = numpy.where(back[place] <= wanted, back[place], 0).argmax(0)
    weights[rows, columns] = numpy.copysign(found[place][best, numpy.arange(len(rows))], integers[rows, columns])
    return weights


def nearby(values):
    """[5, …]: the values, and those that are one and two units in the last place away."""
    up, down = numpy.float32(numpy.inf), numpy.float32(-numpy.inf)
    above, below = numpy.nextafter(values, up), numpy.nextafter(values, down)
    return numpy.stack([values, above, below, numpy.nextafter(above, up), numpy.nextafter(below, down)])


def write_tokenizer(file, shape, folder):
    """Writes vocab.txt of a WordPiece, or tokenizer.json of a Unigram tokenizer."""
    described = file.metadata.get("tokenizers", {}).get(shape.get("tokenizer", "encoder"))
    if described is None:
        with open(os.path.join(folder, "vocab.txt"), "wb") as out:
            out.write(file.text("text/vocabulary"))
        kind = {"do_lower_case": True, "tokenizer_class": "BertTokenizer"}
    else:
        unigram.tokenizer(file, described).save(os.path.join(folder, "tokenizer.json"))
        kind = {"tokenizer_class": "XLMRobertaTokenizerFast"}
    with open(os.path.join(folder, "tokenizer_config.json"), "w", encoding="utf-8") as out:
        json.dump(kind | {"model_max_length": shape["maximumTokens"]}, out)


def write_scales(file, prefix, folder):
    """Writes the input scales of the network's int8 layers, if it has them."""
    scales = {name: torch.from_numpy(file.array(prefix + name, file.section(prefix + name)[2]))
              for name in sorted(file.names(prefix)) if name.endswith(".inputScale")}
    if scales:
        save_file(scales, os.path.join(folder, "input_scales.safetensors"))
