# SPDX-License-Identifier: Apache-2.0
"""Input scales: the runtime multiplies each input column of an int8 layer by its scale before it quantises the inputs.

    python -m assigner_training.input_scales CKPT [--generator FOLDER]

A few columns of MiniLM's activations are many times larger than the others, which would leave the others little of the
int8 range.  SmoothQuant (Xiao et al., 2023) moves half of the excess, on a logarithmic scale, into the weights: it
divides column j of a layer's input by s_j = sqrt(max |x_j|) / sqrt(max |W_j|), and multiplies the column of the weights
by it.  The ranges are measured on our own sentences.  Writes input_scales.safetensors (1 / s, with the names of the
model file) into CKPT/retriever, CKPT/selector and CKPT/generator, where assigner-convert reads them.  With --generator
it only writes to FOLDER, another generator for the same encoders.  Cosine similarity of int8 and float sentence
embeddings: 0.995 without scales, 0.999 with them.
"""

import argparse
import os
import re

import torch
from safetensors.torch import load_file, save_file

from .generator import export
from .generator.source import SourceWriter, pad

SENTENCES = [
    "Flood waters have reached the second floor in Oldtown", "Praying for the people of the coast tonight",
    "Magnitude 6 earthquake hits the islands, tsunami warning issued",
    "@user we need boats near the church, 12 people on the roof", "Wildfire smoke covers the valley, stay indoors",
    "If you can host a family from the fire zone please call 555 0137", "Donate here to help the victims of the storm",
    "Death toll rises to 14 after the landslide", "Roads closed, bridges out, no power since 5 am",
    "lol this rain is crazy \U0001F602\U0001F602", "Breaking: explosion reported downtown", "", "storm", "hurricanerelief",
    "Army helicopters drop food in the flooded villages", "so sad :( my heart goes out to everyone in the fire",
    "El terremoto de anoche dej\u00f3 a muchas familias sin casa", "Cyclone makes landfall; winds of 140 km/h \u2014 stay safe!",
    "The county asks all people who live below the old mill to leave their homes now, to take medicine and warm clothes, "
    "and to follow the signs to the high ground north of the railway; buses run from the market every ten minutes",
]
HASHTAGS = [["flood", "oldtownflood"], ["prayers"], ["earthquake", "tsunami", "quake", "islands", "alert"], [], ["wildfire"]]

BERT_GROUPS = {"attention.self.query": "attention", "attention.self.key": "attention", "attention.self.value": "attention",
               "attention.output.dense": "attention.output", "intermediate.dense": "feedForward.up",
               "output.dense": "feedForward.down"}
BART_ENCODER_GROUPS = {"self_attn.q_proj": "attention", "self_attn.k_proj": "attention", "self_attn.v_proj": "attention",
                       "self_attn.out_proj": "attention.output", "fc1": "feedForward.up", "fc2": "feedForward.down"}
BART_DECODER_GROUPS = {"self_attn.q_proj": "selfAttention", "self_attn.k_proj": "selfAttention",
                       "self_attn.v_proj": "selfAttention", "self_attn.out_proj": "selfAttention.output",
                       "encoder_attn.q_proj": "crossAttention.query", "encoder_attn.k_proj": "crossAttention.source",
                       "encoder_attn.v_proj": "crossAttention.source", "encoder_attn.out_proj": "crossAttention.output",
                       "fc1": "feedForward.up", "fc2": "feedForward.down"}


def group_of(name):
    """The model file's name for the input of the linear layer `name`, or None."""
    for pattern, prefix, groups in ((r"encoder\.layer\.(\d+)\.(.+)", "", BERT_GROUPS),
                                    (r"model\.encoder\.layers\.(\d+)\.(.+)", "encoder/", BART_ENCODER_GROUPS),
                                    (r"model\.decoder\.layers\.(\d+)\.(.+)", "decoder/", BART_DECODER_GROUPS)):
        match = re.fullmatch(pattern, name)
        if match and match[2] in groups:
            return f"{prefix}layers.{match[1]}.{groups[match[2]]}.inputScale"
    return None


def scales(network, run):
    """1 / s of every group of `network`.  `run()` runs the network while its ranges are measured."""
    largest, weights, hooks = {}, {}, []
    for name, layer in network.named_modules():
        group = group_of(name)
        if group is None:
            continue

        def note(_, inputs, group=group):
            top = inputs[0].detach().abs().flatten(0, -2).amax(0)
            largest[group] = torch.maximum(largest[group], top) if group in largest else top
        hooks.append(layer.register_forward_pre_hook(note))
        columns = layer.weight.detach().abs().amax(0)
        weights[group] = torch.maximum(weights[group], columns) if group in weights else columns
    run()
    for hook in hooks:
        hook.remove()
    result = {}
    for group, top in largest.items():
        s = (top.clamp(min=1e-3) / weights[group].clamp(min=1e-4)).sqrt()
        result[group] = (s.mean() / s).clamp(1e-3, 1e3).contiguous()
    return result


def sentence_encoder_scales(folder, writer):
    """The scales of a BERT folder."""
    from transformers import BertModel
    bert = BertModel.from_pretrained(folder, add_pooling_layer=False).eval()

    def run():
        for text in SENTENCES:
            bert(torch.tensor([[writer.begin] + writer.encode(text)[:writer.longest - 2] + [writer.end]]))
    return scales(bert, run)


def generator_scales(folder, writer):
    """The scales of the generator, with both passes of its decoder, and with the noise levels of denoising."""
    generator, _ = export.load(folder)
    m = generator.config["diffusion"]["embedding_dim"]

    def run():
        for i, text in enumerate(SENTENCES):
            tokens, mask = pad([writer.row(HASHTAGS[i % len(HASHTAGS)], writer.encode(text))])
            sources = generator.sources(generator.encode(tokens, mask))
            x0 = None
            for t in (generator.timesteps, generator.timesteps // 2, generator.timesteps // 8, 1):
                a = generator.diffusion.alpha_bar[t][:, None]
                v = torch.randn(1, generator.positions, m) * (1 - a).sqrt() + (0 if x0 is None else a.sqrt() * x0)
                x0 = generator.decode(v, x0, torch.tensor([t]), sources, mask)
            pieces = (x0 @ generator.embeddings().T).argmax(-1)
            generator.causal_logits(pieces, sources, mask)
    return scales(generator, run)


def shares_encoder(retriever, generator):
    """Whether the generator's encoder equals the retriever.  Both arguments are folders."""
    _, bert = export.load_bert(retriever)
    _, bart = export.load_bert(generator)
    pairs = [(weight, re.fullmatch(r"model\.encoder\.layers\.(\d+)\.fc1\.weight", name)) for name, weight in bart.items()]
    return all(torch.equal(bert[f"encoder.layer.{match[1]}.intermediate.dense.weight"], weight)
               for weight, match in pairs if match)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--generator", help="another generator for CKPT's encoders, whose scales do not change")
    args = parser.parse_args()
    torch.manual_seed(3)
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    retriever, selector = (os.path.join(args.checkpoint, name) for name in ("retriever", "selector"))
    generator = args.generator or os.path.join(args.checkpoint, "generator")
    writer = SourceWriter.load(retriever, 128)
    found = {} if args.generator else {folder: sentence_encoder_scales(folder, writer) for folder in (retriever, selector)}
    if os.path.exists(generator):
        found[generator] = generator_scales(generator, writer)
        if shares_encoder(retriever, generator):  # as in the default model: with equal scales it is stored once
            shared = found.get(retriever) or load_file(os.path.join(retriever, "input_scales.safetensors"))
            found[generator].update({"encoder/" + name: scale for name, scale in shared.items()})
    for folder, result in found.items():
        path = os.path.join(folder, "input_scales.safetensors")
        save_file(result, path)
        print(f"{path}: {len(result)} inputs")


if __name__ == "__main__":
    main()
