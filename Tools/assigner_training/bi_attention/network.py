# SPDX-License-Identifier: Apache-2.0
"""Microblog Hashtag Generation's network (Wang et al., NAACL 2019, Eq. 1-10).

d is the size of a hidden state: 300, of which each direction of an encoder has 150, as `rnn_size` in OpenNMT, on which
the paper is based.  The equations leave two things open: the decoder's first state is a projection of the encoders' last
states here, and the decoder's input is the embedding of the last word alone.
"""

import torch
from torch import nn

from .gru import BiGRU
from .vocabulary import PAD, UNK


def mask(lengths, width):
    """[B, width]: whether a place holds a word."""
    return torch.arange(width)[None, :] < lengths[:, None]


class BiAttention(nn.Module):
    """Bi-attention and merge layer (Eq. 3-6): h^p, h^c to v^p, v^c."""

    def __init__(self, d):
        super().__init__()
        self.scores = nn.Linear(d, d, bias=False)
        self.post = nn.Linear(2 * d, d)
        self.conversation = nn.Linear(2 * d, d)

    def forward(self, post, conversation, post_mask, conversation_mask):
        scores = post @ self.scores(conversation).transpose(1, 2)  # h^p W h^c: [B, T^p, T^c]
        to_conversation = scores.masked_fill(~conversation_mask[:, None, :], -torch.inf).softmax(2)
        to_post = scores.masked_fill(~post_mask[:, :, None], -torch.inf).softmax(1).transpose(1, 2)
        return (torch.tanh(self.post(torch.cat([post, to_conversation @ conversation], dim=-1))),
                torch.tanh(self.conversation(torch.cat([conversation, to_post @ post], dim=-1))))


class BiAttentionNetwork(nn.Module):
    """The whole network, and its variants with one encoder.

    shape: {"words", "outputs", "embedding", "hidden", "layers", "variant", "copy"}.
    """

    def __init__(self, shape, dropout=0.0):
        super().__init__()
        self.shape, d = shape, shape["hidden"]
        self.outputs, self.variant = shape["outputs"], shape["variant"]
        two = self.variant.endswith("attention")
        self.embedding = nn.Embedding(shape["words"], shape["embedding"], padding_idx=PAD)
        self.encoders = nn.ModuleList(BiGRU(shape["embedding"], d // 2, shape["layers"], dropout) for _ in range(1 + two))
        self.merge = BiAttention(d) if two else None
        self.start = nn.Linear(d * len(self.encoders), d)
        self.decoder = nn.GRU(shape["embedding"], d, batch_first=True)
        self.attention = nn.Linear(d, d, bias=False)  # W_att, applied to v
        self.output = nn.Linear(2 * d, self.outputs)
        self.copy = nn.Linear(2 * d, 1) if shape["copy"] else None
        self.dropout = nn.Dropout(dropout)

    def encode(self, sources):
        """(v [B, T, d], mask [B, T], the decoder's first state [B, d]) of a batch's sources."""
        encoded = [encoder(self.dropout(self.embedding(words)), lengths)
                   for encoder, (words, lengths) in zip(self.encoders, sources)]
        masks = [mask(lengths, words.shape[1]) for words, lengths in sources]
        states = [states for states, _ in encoded]
        if self.merge:
            states = list(self.merge(*states, *masks))
            kept = {"post-attention": slice(0, 1), "conversation-attention": slice(1, 2)}.get(self.variant, slice(0, 2))
            states, masks = states[kept], masks[kept]
        first = torch.tanh(self.start(torch.cat([last for _, last in encoded], dim=-1)))
        return torch.cat(states, dim=1), torch.cat(masks, dim=1), first

    def decode(self, words, state, memory, memory_mask, copies, extras):
        """Log-probabilities [B, L, outputs + extras] of the words after each of `words` [B, L], and the GRU's last state.

        copies: [B, T], where the words of v are among outputs and extras (see `Batch`).  With copying, the attention (Eq. 9)
        is the distribution of copied words, and a sigmoid of [s; c] is its share, as in OpenNMT.
        """
        known = words.masked_fill(words >= self.outputs, UNK)
        s, state = self.decoder(self.dropout(self.embedding(known)), state[None])
        attention = (s @ self.attention(memory).transpose(1, 2)).masked_fill(~memory_mask[:, None, :], -torch.inf).softmax(2)
        both = self.dropout(torch.cat([s, attention @ memory], dim=-1))
        log_p = self.output(both).float().log_softmax(-1)
        if self.copy is None:
            return nn.functional.pad(log_p, (0, extras), value=-torch.inf), state[0]
        gate = self.copy(both).float()
        copied = torch.zeros(*log_p.shape[:2], self.outputs + extras).scatter_add(
            2, copies[:, None, :].expand(-1, words.shape[1], -1), attention.float())
        written = nn.functional.pad(log_p + nn.functional.logsigmoid(-gate), (0, extras), value=-torch.inf)
        # Below e^-46, a copied word's share is nothing, and its logarithm has no gradient.
        return torch.logaddexp(written, copied.clamp_min(1e-20).log() + nn.functional.logsigmoid(gate)), state[0]

    def forward(self, batch):
        """The sum of -log p over the words of a batch's hashtags (Eq. 11), and the number of these words."""
        memory, memory_mask, state = self.encode(batch.sources)
        copies = self.memory_copies(batch)
        words, targets = batch.targets[:, :-1], batch.targets[:, 1:]
        if self.copy is None:
            targets = targets.masked_fill(targets >= self.outputs, UNK)
        log_p, _ = self.decode(words, state, memory, memory_mask, copies, batch.extras)
        loss = nn.functional.nll_loss(log_p.flatten(0, 1), targets.flatten(), ignore_index=PAD, reduction="sum")
        return loss, int((targets != PAD).sum())

    def memory_copies(self, batch):
        """The columns of `batch.copies` for the part of v that the decoder reads."""
        if not self.variant.endswith("attention") or self.variant == "bi-attention":
            return batch.copies
        width = batch.sources[0][0].shape[1]
        return batch.copies[:, :width] if self.variant == "post-attention" else batch.copies[:, width:]
