# SPDX-License-Identifier: Apache-2.0
"""The reference implementation's generator at ASSIGNER's size: 48 million weights, T = 200, whole trajectories."""

import os

from common import write_byte_level_bpe

NAMES = ["seqdiffuseq"]
SIZES = {"WIDTH": 512, "HEADS": 8, "INNER": 2048, "LAYERS": 6, "EMBEDDING": 128, "PIECES": 10005, "STEPS": 200, "TARGET": 8,
         "SOURCE": 128, "POSITIONS": 1024}


def options(name, folder):
    checkpoint = os.path.join(folder, "checkpoint")
    return ["--generator", os.path.join(checkpoint, "model000100.pt"),
            "--schedule", os.path.join(checkpoint, "alpha_cumprod_step_80.npy")]


def make(name, folder):
    import numpy as np
    import seqdiffuseq as reference
    import torch
    torch.manual_seed(1)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    torch.set_grad_enabled(False)
    for key, value in SIZES.items():
        setattr(reference, key, value)
    network = reference.Network().eval()
    reference.shake(network)
    checkpoint = os.path.join(folder, "checkpoint")
    reference.write_checkpoint(network, checkpoint)
    write_byte_level_bpe(checkpoint, SIZES["PIECES"])
    process = reference.Process(np.load(os.path.join(checkpoint, "alpha_cumprod_step_80.npy")))
    book = reference.Book(folder, name)
    book.facts.update(kind=name, name=name, rows=[])
    sources = [reference.framed([(7 * i * i + 31) % 10000 + 5 for i in range(count)]) for count in (24, 160)]
    reference.record(network, process, book, sources, [("posterior", "reference"), ("posterior", "corrected")])
    book.write()
