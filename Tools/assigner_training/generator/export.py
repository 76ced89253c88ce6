# SPDX-License-Identifier: Apache-2.0
"""Writes and reads the generator's checkpoint folder in Hugging Face layout."""

import json
import os

from safetensors.torch import load_file, save_file

from ..encoder import copy_tokenizer
from ..files import folder_written_atomically
from .model import Generator
from .spelling import Spelling


def export(generator, spelling, tokenizer_folder, folder):
    """Writes config.json, model.safetensors, generation_vocab.txt and the tokenizer's files.

    Every embedding row is written with length r, so the reader need not normalise it.
    """
    tensors = {name: tensor.detach().float().cpu().contiguous() for name, tensor in generator.state_dict().items()}
    tensors["diffusion.token_embedding.weight"] = generator.embeddings().detach().float().cpu().contiguous()
    with folder_written_atomically(folder) as beside:
        weights = os.path.join(beside, "model.safetensors")
        save_file(tensors, weights, metadata={"format": "pt"})
        os.chmod(weights, 0o644)  # safetensors makes the file readable for the owner only
        with open(os.path.join(beside, "config.json"), "w", encoding="utf-8") as file:
            json.dump(generator.config, file, indent=2)
            file.write("\n")
        spelling.save(os.path.join(beside, "generation_vocab.txt"))
        copy_tokenizer(tokenizer_folder, beside)


def load(folder):
    """Loads the generator and the spelling of a checkpoint folder."""
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    tensors = load_file(os.path.join(folder, "model.safetensors"))
    norm = float(tensors["diffusion.token_embedding.weight"][0].norm())
    generator = Generator(config, norm)
    generator.load_state_dict(tensors)
    return generator.eval(), Spelling.load(os.path.join(folder, "generation_vocab.txt"))


def load_bert(folder):
    """The configuration and weights of a folder in Hugging Face BERT layout, without the pooler."""
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)
    tensors = load_file(os.path.join(folder, "model.safetensors"))
    tensors = {name.removeprefix("bert."): tensor for name, tensor in tensors.items()}
    return config, {name: tensor for name, tensor in tensors.items() if tensor.is_floating_point()}
