# SPDX-License-Identifier: Apache-2.0
"""Writes and reads the checkpoint folder of a bi-attention network: config.json, model.safetensors, words.txt."""

import json
import os

from safetensors.torch import load_file, save_file

from ..files import folder_written_atomically
from .network import BiAttentionNetwork
from .vocabulary import Vocabulary


def export(network, vocabulary, folder):
    with folder_written_atomically(folder) as beside:
        weights = os.path.join(beside, "model.safetensors")
        save_file({name: tensor.detach().contiguous() for name, tensor in network.state_dict().items()}, weights,
                  metadata={"format": "pt"})
        os.chmod(weights, 0o644)  # safetensors makes the file readable for the owner only
        with open(os.path.join(beside, "config.json"), "w", encoding="utf-8") as file:
            json.dump({"model_type": "assigner-bi-attention"} | network.shape, file, indent=2)
            file.write("\n")
        vocabulary.save(os.path.join(beside, "words.txt"))


def load(folder):
    """The network and the vocabulary of such a folder."""
    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        network = BiAttentionNetwork(json.load(file))
    network.load_state_dict(load_file(os.path.join(folder, "model.safetensors")))
    return network.eval(), Vocabulary.load(os.path.join(folder, "words.txt"))
