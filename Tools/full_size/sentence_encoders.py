# SPDX-License-Identifier: Apache-2.0
"""BERT and RoBERTa of base and large size, XLM-R, multilingual E5: embeddings of a few texts for every pooling."""

import json
import os
import shutil

from common import TEXTS, root, scale_weights, write_byte_level_bpe, write_unigram

BASE = {"hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072}
LARGE = {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096}
SMALL = {"hidden_size": 384, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 1536}
SIZES = {"bert-base": BASE, "bert-large": LARGE, "roberta-base": BASE, "roberta-large": LARGE, "xlm-roberta-base": BASE,
         "multilingual-e5-small": SMALL}
NAMES = list(SIZES)
POOLINGS = ["mean", "cls", "cls-mlp"]
LIMIT = 128


def options(name, folder):
    """One pooling for the file; the tests change it, because a file for each pooling would hold the weights three times."""
    return ["--retriever", os.path.join(folder, "checkpoint"), "--pooling", "cls-mlp"]


def make(name, folder):
    import torch
    from transformers import (
        BertConfig,
        BertModel,
        BertTokenizer,
        PreTrainedTokenizerFast,
        RobertaConfig,
        RobertaModel,
        RobertaTokenizer,
        XLMRobertaConfig,
        XLMRobertaModel,
    )
    torch.manual_seed(1)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    torch.set_grad_enabled(False)
    checkpoint = os.path.join(folder, "checkpoint")
    os.makedirs(checkpoint, exist_ok=True)
    if name.startswith("roberta"):
        write_byte_level_bpe(checkpoint)
        tokenizer = RobertaTokenizer(os.path.join(checkpoint, "vocab.json"), os.path.join(checkpoint, "merges.txt"))
        model = RobertaModel(RobertaConfig(
            vocab_size=50265, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5, **SIZES[name]))
    elif name in ("xlm-roberta-base", "multilingual-e5-small"):
        path = os.path.join(checkpoint, "tokenizer.json")
        write_unigram(path, "xlmr" if name == "xlm-roberta-base" else "e5")
        tokenizer = PreTrainedTokenizerFast(tokenizer_file=path)
        if name == "xlm-roberta-base":
            model = XLMRobertaModel(XLMRobertaConfig(
                vocab_size=250002, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5, **SIZES[name]))
        else:
            model = BertModel(BertConfig(vocab_size=250037, pad_token_id=1, **SIZES[name]))
    else:
        shutil.copy(os.path.join(root(), "Tests", "TextTests", "Fixtures", "vocab.txt"), checkpoint)
        with open(os.path.join(checkpoint, "tokenizer_config.json"), "w", encoding="utf-8") as file:
            json.dump({"tokenizer_class": "BertTokenizer", "do_lower_case": True}, file)
        tokenizer = BertTokenizer(os.path.join(checkpoint, "vocab.txt"))
        model = BertModel(BertConfig(vocab_size=30522, **SIZES[name]))
    scale_weights(model)
    model.eval().save_pretrained(checkpoint)
    rows = []
    for text in TEXTS:
        tokens = tokenizer(text, truncation=True, max_length=LIMIT).input_ids
        output = model(torch.tensor([tokens]))
        states = output.last_hidden_state[0]
        vectors = {"mean": states.mean(0), "cls": states[0], "cls-mlp": output.pooler_output[0]}
        rows.append({"text": text, "tokens": tokens,
                     "embeddings": {k: torch.nn.functional.normalize(v, dim=0).tolist() for k, v in vectors.items()}})
    with open(os.path.join(folder, "golden.json"), "w", encoding="utf-8") as file:
        json.dump({"name": name, "kind": "sentence", "rows": rows}, file)
