// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Ranking

/// The JSON file of a learned ranking.
enum RankingFile {
  /// The bytes of a ranking that the runtime accepts: it is read as the runtime reads it.
  ///
  /// - Throws: `ConversionError.ranking`, which names the file, the place in it and the rule that is broken there.
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
