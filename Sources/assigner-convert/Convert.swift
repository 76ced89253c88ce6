// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Comparison
import Conversion
import ModelFile
import ProgramMain
import System

extension TiedSource: ExpressibleByArgument {}
extension SentencePooling: ExpressibleByArgument {}

@main
struct Convert: ParsableCommand {
  static func main() { runProgram() }

  static let configuration = CommandConfiguration(
    commandName: "assigner-convert",
    abstract: "Make a model file from training checkpoints.",
    usage: """
      assigner-convert <checkpoint> --output <file> [--ranking <file>] [--license <text>] [--float32]
      assigner-convert [--retriever <dir>] [--selector <dir>] [--generator <dir>] --output <file> ...
      assigner-convert --generator <weights.pt> --schedule <alpha.npy> --output <file> ...
      assigner-convert --from <model> [--ranking <file>] --output <file>
      """,
    discussion: """
      A checkpoint is a folder with retriever/, selector/ and generator/ in Hugging Face layout (config.json, \
      model.safetensors, tokenizer_config.json, and vocab.txt, tokenizer.json, or vocab.json with merges.txt; our own \
      generator also generation_vocab.txt), and perhaps ranking.json. Networks may also be given one by one, and a model \
      may lack some. The weights may also be pytorch_model.bin or the shards of either kind (*.index.json); in place of a \
      network's folder its file of weights may be named. A tokenizer.json counts before vocab.txt and vocab.json. Matrices become int8 with one scale per output row. The table on \
      stdout says what each tensor lost, or why it stayed float; tensors of equal content are stored once. Nothing is \
      written if anything is wrong.

      A checkpoint of sentence-transformers is given by its own folder or by its network's (0_Transformer). Its pooling, its \
      max_seq_length and the prompt of default_prompt_name are followed; assigner puts the prompt before every tweet and \
      hashtag. A setting that would make other vectors and cannot be followed is refused by name.

      With --schedule the generator is one of the reference implementation (SeqDiffuSeq; ASSIGNER's code is the same): \
      modelNNNNNN.pt or ema_*_NNNNNN.pt, with training_args.json, vocab.json and merges.txt beside it.

      With --from, the networks of an existing model are copied and only its ranking is replaced, if one is given. The matrices \
      of a model of an older version are packed for this version's products on the way; it answers the same, faster. The output may be the \
      model itself: it is replaced when the new one is whole.

      A file that is there already is replaced only where it is a model and none of the files that are read.

      Exit codes: 0 done, 64 usage, 66 a file is missing, 74 I/O, 78 a checkpoint or model is damaged or unfit.
      """)

  enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "A folder with the three checkpoints.", completion: .directory)
  var checkpoint: String?

  @Option(help: ArgumentHelp("The retriever's checkpoint.", valueName: "dir"), completion: .directory)
  var retriever: String?

  @Option(help: ArgumentHelp("The selector's checkpoint.", valueName: "dir"), completion: .directory)
  var selector: String?

  @Option(help: ArgumentHelp("The generator's checkpoint.", valueName: "dir"), completion: .directory)
  var generator: String?

  @Option(
    help: ArgumentHelp(
      "The noise schedule alpha_cumprod_step_N.npy: the generator is the reference implementation's (SeqDiffuSeq).",
      valueName: "file"), completion: .file(extensions: ["npy"]))
  var schedule: String?

  @Option(
    help: "With --schedule, which copy of the tied embeddings counts where they differ: shared, encoder, decoder or head.")
  var tiedSource = TiedSource.head

  @Option(
    help: ArgumentHelp(
      "For a BART trained as RIGHT's generator: what stands before each hashtag in its input, with its blanks (default: \" ; \").",
      valueName: "text"))
  var sourceSeparator: String?

  @Option(
    help: ArgumentHelp("What stands between the hashtags that it writes (default: \" ; \").", valueName: "text"))
  var targetSeparator: String?

  @Option(help: ArgumentHelp("An existing model whose networks are kept.", valueName: "model"), completion: .file())
  var from: String?

  @Option(help: ArgumentHelp("The learned ranking, JSON.", valueName: "file"), completion: .file(extensions: ["json"]))
  var ranking: String?

  @Option(
    help: ArgumentHelp(
      "How retriever and selector make one vector of their states: mean, cls, or cls-mlp (through the pooler). By default what sentence-transformers' 1_Pooling/config.json says, or mean.",
      valueName: "method"))
  var pooling: SentencePooling?

  @Option(
    name: .customLong("max-tokens"),
    help: ArgumentHelp(
      "The longest text of retriever and selector, in tokens with [CLS] and [SEP]: 2 to 512. By default what sentence-transformers' max_seq_length or the tokenizer says, up to 512, or 128.",
      valueName: "n"))
  var maximumTokens: Int?

  @Option(help: ArgumentHelp("Licence and credits, for the metadata.", valueName: "text"))
  var license: String?

  @Flag(name: .customLong("float32"), help: "Keep every tensor in float32: the reference path.")
  var keepsFloats = false

  @Flag(
    help: ArgumentHelp(
      "Run the networks in int8 and in float32 on a few inputs and compare; nothing is written where a cosine is below its bound."
    ))
  var check = false

  @Option(help: "Form of the table on stdout: text or json.")
  var report: ReportFormat = .text

  @Option(name: .shortAndLong, help: ArgumentHelp("The model file to write.", valueName: "file"), completion: .file())
  var output: String

  private var namesNetworks: Bool { retriever != nil || selector != nil || generator != nil }

  func validate() throws {
    guard (2...SentenceOptions.longest).contains(maximumTokens ?? 2) else {
      throw ValidationError("--max-tokens takes 2 to 512.")
    }
    guard (sourceSeparator == nil) == (targetSeparator == nil) else {
      throw ValidationError("Give both --source-separator and --target-separator.")
    }
    if from != nil {
      guard checkpoint == nil, !namesNetworks, !keepsFloats, !check, license == nil else {
        throw ValidationError("--from takes --ranking and --output only.")
      }
    } else if checkpoint != nil {
      guard !namesNetworks else { throw ValidationError("Give a checkpoint folder or the three networks, not both.") }
    } else if !namesNetworks {
      throw ValidationError("Give a checkpoint folder, or --retriever, --selector or --generator, or --from.")
    }
    if schedule != nil, from != nil || (checkpoint == nil && generator == nil) {
      throw ValidationError("--schedule needs the generator it belongs to.")
    }
  }

  func run() throws {
    do {
      try convert()
    } catch let error as ConversionError {
      throw failed(error.description, error.exitStatus)
    } catch let error as ContainerError {
      throw failed(error.description, error.exitStatus)
    } catch let error as OutputError {
      throw failed(error.description, error.exitStatus)
    }
  }

  private func convert() throws {
    // Not --from: what is written is made of the old file's map, which stays whole.
    let output = try OutputFile(
      output, as: .container(.model),
      besides: [
        "the checkpoint": checkpoint, "the --retriever": retriever, "the --selector": selector, "the --generator": generator,
        "the --schedule": schedule, "the --ranking": ranking,
      ])
    if let from {
      try output.lock()
      try ModelUpdate.updating(modelAt: from, ranking: ranking).write(to: output)
      progress("\(output.path): written" + (ranking == nil ? "" : ", ranking replaced"))
      return
    }
    let (writer, report) = try converted(keepsFloats: keepsFloats)
    let rows = check ? try compared(writer, beside: output) : nil
    let isSound = rows?.allSatisfy(\.passes) ?? true
    if isSound {
      progress("\(output.path): writing \(writer.sectionNames.count) sections")
      try writer.write(to: output)
    }
    switch (self.report, rows) {
    case (.text, _): try Descriptor.standardOutput.write(report.table + (rows.map(Self.table) ?? ""))
    case (.json, nil): try Descriptor.standardOutput.write(report.json.serialized(pretty: true) + "\n")
    case (.json, let rows?):
      let object = JSONValue.object(["tensors": report.json, "check": Self.json(rows)])
      try Descriptor.standardOutput.write(object.serialized(pretty: true) + "\n")
    }
    if !isSound {
      throw failed("\(output.path): not written: int8 and float32 differ by more than the check allows", .unfitFile)
    }
  }

  func converted(
    keepsFloats: Bool
  ) throws(ConversionError) -> (writer: ContainerWriter, report: ConversionReport) {
    let converter = Converter(
      checkpoint: source(), keepsFloats: keepsFloats,
      sentences: SentenceOptions(pooling: pooling, maximumTokens: maximumTokens), license: license)
    return try converter.convert(progress: progress)
  }

  private func source() -> Checkpoint {
    var source = Checkpoint(retriever: retriever, selector: selector, generator: generator)
    if let checkpoint { source = Checkpoint(folder: checkpoint) }
    (source.schedule, source.tiedSource) = (schedule, tiedSource)
    if let ranking { source.ranking = ranking }
    if let sourceSeparator, let targetSeparator {
      source.separators = Checkpoint.Separators(source: sourceSeparator, target: targetSeparator)
    }
    return source
  }
}

/// A line on stderr.
func progress(_ text: String) { Descriptor.standardError.say(text + "\n") }

/// Says what went wrong on stderr; the result makes argument-parser exit with the code.
func failed(_ message: String, _ status: ProcessExit) -> ExitCode {
  progress("assigner-convert: error: \(message)")
  return ExitCode(status.rawValue)
}
