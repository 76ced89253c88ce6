// SPDX-License-Identifier: Apache-2.0

import ModelFile

extension TensorRule {
  /// The rules for a bi-attention network, whose tensors have PyTorch's names.
  static func biAttention(_ shape: BiAttentionShape) -> [TensorRule] {
    let (d, width) = (shape.hiddenSize, shape.embeddingSize)
    let (encoder, decoder) = (ModelLayout.generatorEncoder + "/", ModelLayout.generatorDecoder + "/")
    var rules = [TensorRule("embedding.weight", encoder + "words", [shape.words, width], .table(isMultiplied: false))]
    for index in 0..<shape.encoders {
      for layer in 0..<shape.layers {
        for (end, direction) in [("", "forward"), ("_reverse", "backward")] {
          rules += gru(
            "encoders.\(index)", "_l\(layer)\(end)", "\(encoder)\(index).layers.\(layer).\(direction)",
            inputs: layer == 0 ? width : d, size: d / 2)
        }
      }
    }
    rules += linear("start", encoder + "start", d, d * shape.encoders)
    if shape.encoders == 2 {
      rules.append(TensorRule("merge.scores.weight", encoder + "merge.scores.weight", [d, d], .matrix))
      rules += linear("merge.post", encoder + "merge.post", d, 2 * d)
      rules += linear("merge.conversation", encoder + "merge.conversation", d, 2 * d)
    }
    rules += gru("decoder", "_l0", decoder + "gru", inputs: width, size: d)
    rules.append(TensorRule("attention.weight", decoder + "attention.weight", [d, d], .matrix))
    rules += linear("output", decoder + "output", shape.outputs, 2 * d)
    if shape.copies { rules += linear("copy", decoder + "copy", 1, 2 * d, .float(Reason.gate)) }
    return rules
  }

  /// A direction of a layer: the products of the inputs and of the states, with the rows of r, z and n.
  private static func gru(_ source: String, _ end: String, _ target: String, inputs: Int, size: Int) -> [TensorRule] {
    [("ih", "input", inputs), ("hh", "hidden", size)].flatMap { name, part, columns in
      [
        TensorRule("\(source).weight_\(name)\(end)", "\(target).\(part).weight", [3 * size, columns], .matrix),
        TensorRule("\(source).bias_\(name)\(end)", "\(target).\(part).bias", [3 * size], .float(Reason.bias)),
      ]
    }
  }
}
