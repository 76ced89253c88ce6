# SPDX-License-Identifier: Apache-2.0
"""The generator: a BART encoder, and a BART decoder that denoises (bidirectional) or predicts the next piece (causal).

ASSIGNER, Eq. 3-5 and 14, with the network of SeqDiffuSeq: post-norm layers, erf GELU, x0 prediction.  The names in
`state_dict` are those of the checkpoint folder (`model.encoder.…`, `model.decoder.…`, `diffusion.…`), so it is saved as
it is.

Shapes: B rows, S source tokens, l target positions, d model width, m embedding width, V generation vocabulary.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from . import schedule


class Attention(nn.Module):
    """Multi-head attention with BART's names.  Keys and values can be computed once and used again."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def split(self, x):
        """[B, n, d] -> [B, heads, n, d / heads]."""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def keys_values(self, x):
        """The keys and values of `x` [B, n, d]."""
        return self.split(self.k_proj(x)), self.split(self.v_proj(x))

    def forward(self, x, keys_values=None, mask=None, causal=False):
        """`mask`: bool [B, 1, 1, n], true at positions that attention may read."""
        keys, values = keys_values or self.keys_values(x)
        y = F.scaled_dot_product_attention(self.split(self.q_proj(x)), keys, values, attn_mask=mask, is_causal=causal)
        return self.out_proj(y.transpose(1, 2).flatten(2))


class EncoderLayer(nn.Module):
    """Post-norm self-attention and feed-forward."""

    def __init__(self, width, heads, inner, epsilon):
        super().__init__()
        self.self_attn = Attention(width, heads)
        self.self_attn_layer_norm = nn.LayerNorm(width, epsilon)
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)
        self.final_layer_norm = nn.LayerNorm(width, epsilon)

    def forward(self, x, mask):
        x = self.self_attn_layer_norm(x + self.self_attn(x, mask=mask))
        return self.final_layer_norm(x + self.fc2(F.gelu(self.fc1(x))))


class DecoderLayer(EncoderLayer):
    """The encoder layer with cross-attention to the source between its two parts."""

    def __init__(self, width, heads, inner, epsilon):
        super().__init__(width, heads, inner, epsilon)
        self.encoder_attn = Attention(width, heads)
        self.encoder_attn_layer_norm = nn.LayerNorm(width, epsilon)

    def forward(self, x, source, mask, causal, dropout=0.0):
        def drop(y):
            return F.dropout(y, dropout, self.training) if dropout else y
        x = self.self_attn_layer_norm(x + drop(self.self_attn(x, causal=causal)))
        x = self.encoder_attn_layer_norm(x + drop(self.encoder_attn(x, source, mask)))
        return self.final_layer_norm(x + drop(self.fc2(F.gelu(self.fc1(x)))))


class Encoder(nn.Module):
    """BART encoder.  With BERT's weights it equals BERT (the position rows include token type 0)."""

    def __init__(self, c):
        super().__init__()
        self.embed_positions = nn.Embedding(c["max_position_embeddings"] + 2, c["d_model"])
        self.layernorm_embedding = nn.LayerNorm(c["d_model"], c["layer_norm_eps"])
        self.layers = nn.ModuleList(
            EncoderLayer(c["d_model"], c["encoder_attention_heads"], c["encoder_ffn_dim"], c["layer_norm_eps"])
            for _ in range(c["encoder_layers"]))

    def forward(self, words, mask):
        """words [B, S, d] (word embeddings), mask bool [B, S] -> x_e [B, S, d]."""
        positions = self.embed_positions.weight[2:2 + words.shape[1]]
        x = self.layernorm_embedding(words + positions)
        for layer in self.layers:
            x = layer(x, mask[:, None, None, :])
        return x


class Decoder(nn.Module):
    """The layers of the decoder.  `DiffusionPart` makes its input and reads its output."""

    def __init__(self, c):
        super().__init__()
        self.embed_positions = nn.Embedding(c["diffusion"]["positions"] + 2, c["d_model"])
        self.layernorm_embedding = nn.LayerNorm(c["d_model"], c["layer_norm_eps"])
        self.layers = nn.ModuleList(
            DecoderLayer(c["d_model"], c["decoder_attention_heads"], c["decoder_ffn_dim"], c["layer_norm_eps"])
            for _ in range(c["decoder_layers"]))
        self.dropout = c.get("dropout", 0.0)

    def forward(self, x, sources, mask, causal):
        """x [B, l, d], sources: keys and values a layer, mask bool [B, S]."""
        x = self.layernorm_embedding(x + self.embed_positions.weight[2:2 + x.shape[1]])
        for layer, source in zip(self.layers, sources):
            x = layer(x, source, mask[:, None, None, :], causal, self.dropout)
        return x


class Body(nn.Module):
    """`model.` of a BART checkpoint."""

    def __init__(self, c):
        super().__init__()
        self.shared = nn.Embedding(c["vocab_size"], c["d_model"])
        self.encoder, self.decoder = Encoder(c), Decoder(c)


class DiffusionPart(nn.Module):
    """The parts that diffusion adds around the decoder, and the schedule table."""

    def __init__(self, c):
        super().__init__()
        d, m = c["d_model"], c["diffusion"]["embedding_dim"]
        self.token_embedding = nn.Embedding(c["diffusion"]["generation_vocab_size"], m)
        self.time_embed = nn.Sequential(nn.Linear(d, d), nn.SiLU(), nn.Linear(d, d))
        self.input_projection = nn.Sequential(nn.Linear(2 * m, d), nn.Tanh(), nn.Linear(d, d))
        self.output_projection = nn.Sequential(nn.Linear(d, d), nn.Tanh(), nn.Linear(d, m))
        table = schedule.cosine(c["diffusion"]["timesteps"], c["diffusion"]["positions"])
        self.register_buffer("alpha_bar", torch.tensor(table, dtype=torch.float32))


class Generator(nn.Module):
    """The whole network.  `config` is the checkpoint's config.json; `norm` is the length r of every piece embedding."""

    def __init__(self, config, norm):
        super().__init__()
        self.config, self.norm = config, norm
        c = config["diffusion"]
        self.timesteps, self.positions = c["timesteps"], c["positions"]
        self.logit_scale = c["logit_scale"]
        self.model = Body(config)
        self.diffusion = DiffusionPart(config)
        self.final_logits_bias = nn.Parameter(torch.zeros(1, c["generation_vocab_size"]))

    def embeddings(self):
        """The piece embeddings E [V, m].  Every row has length r, so the nearest row has the largest product."""
        return F.normalize(self.diffusion.token_embedding.weight, dim=-1) * self.norm

    def encode(self, tokens, mask):
        """Eq. 4: x_e [B, S, d] of the source tokens [B, S]; mask is true for real tokens."""
        return self.model.encoder(self.model.shared(tokens), mask)

    def sources(self, x_e):
        """Keys and values of the source for every decoder layer, computed once a tweet, not once a step."""
        return [layer.encoder_attn.keys_values(x_e) for layer in self.model.decoder.layers]

    def time(self, t):
        """The embedding [B, d] of time steps t [B] (any real type)."""
        d = self.config["d_model"]
        frequencies = torch.exp(torch.arange(d // 2, device=t.device) * (-math.log(10000.0) / (d // 2)))
        angles = (t.float() * (1000.0 / self.timesteps))[:, None] * frequencies
        return self.diffusion.time_embed(torch.cat([angles.cos(), angles.sin()], dim=-1))

    def decode(self, v, previous, t, sources, mask, causal=False):
        """Eq. 5: x0 [B, l, m] predicted from v_t and the previous prediction (None: zeros), both [B, l, m]."""
        previous = torch.zeros_like(v) if previous is None else previous
        u = self.diffusion.input_projection(torch.cat([v, previous], dim=-1)) + self.time(t)[:, None]
        return self.diffusion.output_projection(self.model.decoder(u, sources, mask, causal))

    def logits(self, x0, embeddings=None):
        """Logits of every piece [.., V], for the anchor of training and the softmax of the final pass."""
        embeddings = self.embeddings() if embeddings is None else embeddings
        return self.logit_scale * F.linear(x0, embeddings) + self.final_logits_bias

    def causal_logits(self, tokens, sources, mask, embeddings=None):
        """Eq. 14: logits [B, l, V] of piece i given the pieces before i.  tokens [B, l] are the pieces (0 = <s>)."""
        embeddings = self.embeddings() if embeddings is None else embeddings
        before = torch.cat([torch.zeros_like(tokens[:, :1]), tokens[:, :-1]], dim=1)  # <s> is piece 0
        t = torch.zeros(len(tokens), device=tokens.device)
        return self.logits(self.decode(embeddings[before], None, t, sources, mask, causal=True), embeddings)


def make_config(bert, vocabulary_size, embedding_dim, positions, timesteps, decoder_layers, logit_scale):
    """The checkpoint's config.json for an encoder with the BERT configuration `bert` (a dict)."""
    d, heads, inner = bert["hidden_size"], bert["num_attention_heads"], bert["intermediate_size"]
    return {
        "model_type": "bart", "d_model": d,
        "encoder_layers": bert["num_hidden_layers"], "encoder_attention_heads": heads, "encoder_ffn_dim": inner,
        "decoder_layers": decoder_layers, "decoder_attention_heads": heads, "decoder_ffn_dim": inner,
        "activation_function": "gelu", "vocab_size": bert["vocab_size"],
        "max_position_embeddings": bert["max_position_embeddings"], "scale_embedding": False,
        "layer_norm_eps": bert["layer_norm_eps"], "pad_token_id": bert.get("pad_token_id", 0),
        "diffusion": {
            "embedding_dim": embedding_dim, "positions": positions, "timesteps": timesteps,
            "generation_vocab_size": vocabulary_size, "bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2,
            "self_conditioning": True, "logit_scale": logit_scale,
        },
    }
