// SPDX-License-Identifier: Apache-2.0

import Tensors

@testable import Generation

/// What a generator writes for one tweet without a time budget.
func written(
  by writer: some HashtagWriter, _ hashtags: [String], _ text: String, arena: Arena? = nil
) throws -> [GeneratedHashtag] {
  let input = GeneratorInput(hashtags: hashtags, text: text, noiseKey: 1)
  return try writer.write([input], arena: arena ?? Arena(capacity: writer.scratch)).flatMap(\.self)
}
