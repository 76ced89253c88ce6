# SPDX-License-Identifier: Apache-2.0
"""Initialises the generator from BERT weights.

The encoder is exactly BERT; the decoder and the piece embeddings are approximations."""

import torch
from torch.nn import functional as F

ENCODER_NAMES = {  # BERT layer -> BART layer
    "attention.self.query": "self_attn.q_proj", "attention.self.key": "self_attn.k_proj",
    "attention.self.value": "self_attn.v_proj", "attention.output.dense": "self_attn.out_proj",
    "attention.output.LayerNorm": "self_attn_layer_norm", "intermediate.dense": "fc1", "output.dense": "fc2",
    "output.LayerNorm": "final_layer_norm",
}


def bert_to_bart(bert):
    """A BertModel state_dict as `model.shared.…` and `model.encoder.…` of BART, which compute the same function.

    The position rows include token type 0.  BART's position rows begin at 2.  The pooler is not used.
    """
    positions = bert["embeddings.position_embeddings.weight"] + bert["embeddings.token_type_embeddings.weight"][0]
    result = {
        "model.shared.weight": bert["embeddings.word_embeddings.weight"],
        "model.encoder.embed_positions.weight": torch.cat([torch.zeros(2, positions.shape[1]), positions]),
        "model.encoder.layernorm_embedding.weight": bert["embeddings.LayerNorm.weight"],
        "model.encoder.layernorm_embedding.bias": bert["embeddings.LayerNorm.bias"],
    }
    layer = 0
    while f"encoder.layer.{layer}.output.dense.weight" in bert:
        for theirs, ours in ENCODER_NAMES.items():
            for kind in ("weight", "bias"):
                result[f"model.encoder.layers.{layer}.{ours}.{kind}"] = bert[f"encoder.layer.{layer}.{theirs}.{kind}"]
        layer += 1
    return {name: tensor.clone().float() for name, tensor in result.items()}


def start_decoder(generator, layers):
    """Copies the encoder layers `layers` into the decoder.  Their self-attention becomes the cross-attention, too."""
    body = generator.model
    body.decoder.layernorm_embedding.load_state_dict(body.encoder.layernorm_embedding.state_dict())
    rows = body.decoder.embed_positions.weight.shape[0]
    with torch.no_grad():
        body.decoder.embed_positions.weight.copy_(body.encoder.embed_positions.weight[:rows])
    for target, number in zip(body.decoder.layers, layers):
        source = body.encoder.layers[number]
        for name in ("self_attn", "self_attn_layer_norm", "fc1", "fc2", "final_layer_norm"):
            getattr(target, name).load_state_dict(getattr(source, name).state_dict())
        target.encoder_attn.load_state_dict(source.self_attn.state_dict())
        target.encoder_attn_layer_norm.load_state_dict(source.self_attn_layer_norm.state_dict())


@torch.no_grad()
def start_embeddings(generator, pieces, tokenize, cls, sep):
    """Piece embeddings from the encoder's output for each piece's letters, whitened to the width of an embedding.

    So a linear map relates a hashtag in the source to the embedding of its piece from the start, and the network learns to
    copy early.  Whitening keeps the rows apart.  The specials start at random.
    """
    rows = []
    for start in range(3, len(pieces), 256):
        batch = [[cls] + tokenize(piece.removeprefix("##")) + [sep] for piece in pieces[start:start + 256]]
        longest = max(map(len, batch))
        tokens = torch.tensor([row + [0] * (longest - len(row)) for row in batch])
        mask = torch.tensor([[i < len(row) for i in range(longest)] for row in batch])
        inner = mask.clone()
        inner[:, 0] = False
        inner[torch.arange(len(batch)), mask.sum(1) - 1] = False
        x = generator.encode(tokens, mask)
        rows.append((x * inner[..., None]).sum(1) / inner.sum(1, keepdim=True).clamp(min=1))
    x = torch.cat(rows)
    mean = x.mean(0)
    x = x - mean
    # A continuation piece must differ from the first piece of the same letters.
    continuation = torch.tensor([piece.startswith("##") for piece in pieces[3:]])
    weight = generator.diffusion.token_embedding.weight
    width = weight.shape[1]
    _, values, directions = torch.linalg.svd(x, full_matrices=False)
    kept = min(width, len(values))
    map_down = directions[:kept].T / values[:kept] * len(x) ** 0.5      # encoder space -> whitened, [d, kept]
    y = torch.randn(len(x), width) * 0.3
    y[:, :kept] += x @ map_down
    y[continuation] += torch.randn(width)
    weight[3:] = F.normalize(y, dim=-1) * generator.norm
    weight[:3] = F.normalize(weight[:3], dim=-1) * generator.norm
    start_projections(generator, mean, map_down, (directions[:kept].T * values[:kept] / len(x) ** 0.5).T)


@torch.no_grad()
def start_projections(generator, mean, down, up):
    """Initialises the projections around the decoder as the maps between embeddings and encoder states.

    `down` [d, k] whitens a state minus `mean` [d]; `up` [k, d] is its inverse.  Some hidden units carry the map through the
    almost linear centre of tanh; the others stay random.
    """
    k = down.shape[1]
    length = generator.norm / generator.diffusion.token_embedding.weight.shape[1] ** 0.5  # of one component
    small = 0.25
    first, second = generator.diffusion.output_projection[0], generator.diffusion.output_projection[2]
    first.weight[:k] = small * down.T
    first.bias[:k] = -small * (mean @ down)
    second.weight[:, :k] *= 0.1
    second.weight[:k, :k] += length / small * torch.eye(k)
    first, second = generator.diffusion.input_projection[0], generator.diffusion.input_projection[2]
    m = generator.diffusion.token_embedding.weight.shape[1]
    half = min(k, first.weight.shape[0] // 3)
    for part in range(2):  # v_t, then the previous prediction
        rows = slice(part * half, (part + 1) * half)
        first.weight[rows] *= 0.1
        first.weight[rows, part * m:part * m + half] += small * torch.eye(half)
        second.weight[:, rows] += up[:half].T / small / (1 if part == 0 else 2 * length)


@torch.no_grad()
def carry_on(generator, pieces, earlier, earlier_spelling):
    """Copies the decoder of `earlier`, and its embeddings of the pieces that both vocabularies have.

    `start_embeddings` makes the embeddings of new pieces.  A rotation maps them into the earlier space: the one that brings
    the shared pieces that begin a hashtag nearest to their earlier embeddings (orthogonal Procrustes).  Continuations have
    their own offset.
    """
    own = ("model.shared", "model.encoder", "diffusion.alpha_bar", "diffusion.token_embedding", "final_logits_bias")
    decoder = {name: x for name, x in earlier.state_dict().items() if not name.startswith(own)}
    generator.load_state_dict(decoder, strict=False)
    shared = [(i, earlier_spelling.ids[piece]) for i, piece in enumerate(pieces) if piece in earlier_spelling.ids]
    ours, theirs = (torch.tensor(column) for column in zip(*shared))
    weight, known = generator.diffusion.token_embedding.weight, earlier.embeddings()[theirs]
    begins = torch.tensor([not pieces[i].startswith("##") for i, _ in shared])
    left, _, right = torch.linalg.svd(weight[ours[begins]].T @ known[begins])
    weight.copy_(weight @ (left @ right))
    weight[ours] = known
    generator.final_logits_bias.fill_(earlier.final_logits_bias.mean())
    generator.final_logits_bias[:, ours] = earlier.final_logits_bias[:, theirs]


def freeze_encoder(generator):
    """Freezes the encoder, which stays equal to the retriever."""
    for parameter in list(generator.model.shared.parameters()) + list(generator.model.encoder.parameters()):
        parameter.requires_grad_(False)
