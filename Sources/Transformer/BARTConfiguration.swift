// SPDX-License-Identifier: Apache-2.0

import Decoding
import ModelFile

/// How BART decodes: the metadata's "generator.decoder.maximumPositions" and "generator.generation".
package struct BARTConfiguration: Sendable, Equatable {
  /// Rows of the decoder's position table: its longest sequence.
  package let positions: Int
  /// Start, end and forced tokens.
  package let control: ControlTokens
  /// The tokens for the beginning of a text and for padding, if the checkpoint names them.
  package let bos, pad: Int32?
  /// The checkpoint's own generation settings.
  package let defaults: BeamOptions

  init(file: ContainerFile, vocabularySize: Int) throws(ContainerError) {
    let decoder = try Hyperparameters(file: file, path: [ModelLayout.generator, "decoder"])
    positions = try decoder.integer("maximumPositions", in: 2...(1 << 20))
    let parameters = try Hyperparameters(file: file, path: [ModelLayout.generator, "generation"])
    func token(_ name: String) throws(ContainerError) -> Int32 {
      Int32(try parameters.integer(name, in: 0...vocabularySize - 1))
    }
    func perhaps(_ name: String) throws(ContainerError) -> Int32? {
      parameters.contains(name) ? try token(name) : nil
    }
    control = ControlTokens(
      start: try token("start"), end: try token("end"), forcedFirst: try perhaps("forcedFirst"),
      forcedLast: try perhaps("forcedLast"))
    bos = try perhaps("bos")
    pad = try perhaps("pad")
    defaults = BeamOptions(
      beams: try parameters.integer("beams", in: BeamOptions.beamRange), sequences: 1,
      maximumLength: try parameters.integer("maximumLength", in: 2...(1 << 20)),
      minimumLength: try parameters.integer("minimumLength", in: 0...(1 << 20)),
      lengthPenalty: try parameters.number("lengthPenalty"), earlyStopping: try parameters.choice("earlyStopping"),
      noRepeat: try parameters.integer("noRepeat", in: 0...(1 << 20)))
  }
}
