# SPDX-License-Identifier: Apache-2.0
"""bart-base and bart-large: the output of `generate`, greedily and with four beams."""

import json
import os

from common import scale_weights, write_byte_level_bpe

SIZES = {
    "bart-base": {"d_model": 768, "encoder_layers": 6, "decoder_layers": 6, "encoder_attention_heads": 12,
                  "decoder_attention_heads": 12, "encoder_ffn_dim": 3072, "decoder_ffn_dim": 3072},
    "bart-large": {"scale_embedding": True},
}
NAMES = list(SIZES)
SEARCHES = [{"num_beams": 1, "max_length": 16}, {"num_beams": 4, "max_length": 16, "no_repeat_ngram_size": 3}]


def options(name, folder):
    return ["--generator", os.path.join(folder, "checkpoint")]


def make(name, folder):
    import torch
    from transformers import BartConfig, BartForConditionalGeneration
    torch.manual_seed(2)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    torch.set_grad_enabled(False)
    checkpoint = os.path.join(folder, "checkpoint")
    os.makedirs(checkpoint, exist_ok=True)
    write_byte_level_bpe(checkpoint)
    model = BartForConditionalGeneration(BartConfig(**SIZES[name]))
    scale_weights(model)
    # Makes some sequences end before the maximum length.
    model.final_logits_bias.normal_(std=0.5)
    model.final_logits_bias[0, 2] = 2.5
    model.eval().save_pretrained(checkpoint)
    rows = []
    for length in (3, 12, 40):
        source = [0] + torch.randint(4, 50000, (length,)).tolist() + [2]
        for search in SEARCHES:
            output = model.generate(torch.tensor([source]), do_sample=False, return_dict_in_generate=True,
                                    output_scores=True, **search)
            tokens = output.sequences[0, 1:].tolist()
            if 2 in tokens:
                tokens = tokens[:tokens.index(2) + 1]
            score = output.sequences_scores.item() if search["num_beams"] > 1 else None
            rows.append({"source": source, "options": search, "tokens": tokens, "score": score})
    with open(os.path.join(folder, "golden.json"), "w", encoding="utf-8") as file:
        json.dump({"name": name, "kind": "bart", "rows": rows}, file)
