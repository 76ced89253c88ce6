// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Ranking

/// The JSON file of a learned ranking.
enum RankingFile {
  /// Reads a ranking, and checks it with the runtime's own parser.
  ///
  /// - Throws: `ConversionError.ranking` with the file, the place in it and the broken rule.
  static func checked(_ path: String) throws(ConversionError) -> [UInt8] {
    let bytes = try readFile(path)
    do {
      _ = try RankingModel(json: JSONValue(parsing: bytes))
    } catch {
      throw .ranking(path: path, "\(error)")
    }
    return bytes
  }
}
