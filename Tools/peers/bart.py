# SPDX-License-Identifier: Apache-2.0
"""bart-base in int8 beside CTranslate2, with random weights and exactly 16 new tokens on both sides."""

import json
import os
import subprocess
import sys

from rounds import Part, Row, alternate, bench, median, timed

SOURCE, NEW, TARGET = 32, 16, 1.3
SHAPE = {"d_model": 768, "encoder_layers": 6, "decoder_layers": 6, "encoder_attention_heads": 12,
         "decoder_attention_heads": 12, "encoder_ffn_dim": 3072, "decoder_ffn_dim": 3072}


def make_checkpoint(folder):
    """Writes a checkpoint in Hugging Face layout."""
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "full_size"))
    import torch
    from common import scale_weights, write_byte_level_bpe
    from transformers import BartConfig, BartForConditionalGeneration
    os.makedirs(folder, exist_ok=True)
    write_byte_level_bpe(folder)
    with open(os.path.join(folder, "tokenizer_config.json"), "w", encoding="utf-8") as file:
        json.dump({"tokenizer_class": "BartTokenizer", "model_max_length": 1024}, file)
    torch.manual_seed(2)
    torch.set_grad_enabled(False)
    # CTranslate2's converter needs keys of older configurations.
    config = BartConfig(**SHAPE, normalize_before=False, normalize_embedding=True, add_final_layer_norm=False)
    model = BartForConditionalGeneration(config)
    scale_weights(model)
    model.eval().save_pretrained(folder)


def run(settings):
    import ctranslate2
    part, work = Part(), settings.work
    checkpoint, theirs_folder, model = (os.path.join(work, name) for name in ("bart", "bart.ct2", "bart.model"))
    if not os.path.exists(os.path.join(checkpoint, "model.safetensors")):
        make_checkpoint(checkpoint)
    if not os.path.exists(os.path.join(theirs_folder, "model.bin")):
        ctranslate2.converters.TransformersConverter(checkpoint).convert(theirs_folder, quantization="int8", force=True)
    subprocess.run([settings.convert, "--generator", checkpoint, "--output", model], check=True, stdout=subprocess.DEVNULL)
    translator = ctranslate2.Translator(theirs_folder, device="cpu", compute_type="int8", inter_threads=1, intra_threads=1)
    with open(os.path.join(checkpoint, "vocab.json"), encoding="utf-8") as file:
        pieces = {number: piece for piece, number in json.load(file).items()}
    source = [pieces[(place + 1) * 7919 % len(pieces)] for place in range(SOURCE)]

    def translate(beams):
        found = translator.translate_batch([source], beam_size=beams, min_decoding_length=NEW, max_decoding_length=NEW)
        assert len(found[0].hypotheses[0]) == NEW

    for beams in (1, 4):
        options = ["--only", "generate", "--model", model, "--source", SOURCE, "--new", NEW, "--beams", beams, "--clock",
                   "processor", "--repetitions", 4, "--warm-up", 1]
        ours, theirs = alternate(lambda: median(bench(settings.program, *options)),
                                 lambda: timed(lambda: translate(beams), 4, 1), settings.rounds)
        name = "greedy" if beams == 1 else f"{beams} beams"
        part.rows.append(Row(f"bart-base int8, {name}, {SOURCE} tokens in, {NEW} out", "CTranslate2 int8", ours, theirs, TARGET))
    return part
