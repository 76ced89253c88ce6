# SPDX-License-Identifier: Apache-2.0
"""Beam search for one post: the ranked list of hashtags.  The runtime's `BeamSearch`, with its options' names."""

import torch

from .vocabulary import BOS, EOS, PAD, UNK


@torch.no_grad()
def beam_search(network, batch, beams=20, maximum=10):
    """Up to `beams` pairs (tokens, Σ log p) for a batch of one row, best first.  The tokens end with </s>.

    maximum: the most words of a hashtag.  Each step takes the 2 × beams best continuations; those among the first `beams`
    that end are finished.  The search ends when no running sequence is better than the worst of `beams` finished ones.
    <pad>, <unk> and <s> are never written.
    """
    memory, memory_mask, state = network.encode(batch.sources)
    copies, extras = network.memory_copies(batch), batch.extras
    running, finished = [((), 0.0)], []
    words = torch.tensor([[BOS]])
    for step in range(maximum + 1):
        n = len(running)
        log_p, state = network.decode(words, state, memory.expand(n, -1, -1), memory_mask.expand(n, -1),
                                      copies.expand(n, -1), extras)
        log_p = log_p[:, 0].clone()
        log_p[:, [PAD, UNK, BOS]] = -torch.inf
        total = torch.tensor([score for _, score in running])[:, None] + log_p.log_softmax(-1)
        best = total.flatten().topk(min(2 * beams, total.numel()))
        following, parents = [], []
        for rank, (score, place) in enumerate(zip(best.values.tolist(), best.indices.tolist())):
            parent, token = divmod(place, total.shape[1])
            tokens = (*running[parent][0], token)
            if token == EOS or step == maximum:
                if rank < beams and score > float("-inf"):
                    finished.append((tokens, score))
            elif len(following) < beams:
                following.append((tokens, score))
                parents.append(parent)
        finished = sorted(finished, key=lambda pair: -pair[1])[:beams]
        if not following or (len(finished) == beams and following[0][1] <= finished[-1][1]):
            break
        running, state = following, state[parents]
        words = torch.tensor([[tokens[-1]] for tokens, _ in running])
    return finished


def spelled(tokens, vocabulary, extra):
    """The hashtag of a sequence, its words joined by blanks; empty if it has not ended."""
    if tokens[-1] != EOS:
        return ""
    n = vocabulary.outputs
    return " ".join(vocabulary.words[t] if t < n else extra[t - n] for t in tokens[:-1])


def hashtags(network, examples, row, beams=20, maximum=10):
    """The ranked list of a row: [(hashtag, Σ log p)]."""
    batch = examples.batch([row])
    found = beam_search(network, batch, beams, maximum)
    named = ((spelled(tokens, examples.vocabulary, batch.extra[0]), score) for tokens, score in found)
    return [(hashtag, score) for hashtag, score in named if hashtag]
