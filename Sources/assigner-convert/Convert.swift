// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Comparison
import Conversion
import ModelFile
import ProgramMain
import System

extension TableWidth: ExpressibleByArgument {}
extension TiedSource: ExpressibleByArgument {}
extension SentencePooling: ExpressibleByArgument {}

@main
struct Convert: ParsableCommand {
  static func main() { runProgram() }

  static let configuration = CommandConfiguration(
    commandName: "assigner-convert",
    abstract: "Convert checkpoints to a model file.",
    usage: """
      assigner-convert <checkpoint> --output <file> [--ranking <file>] [--license <text>] [--float32]
      assigner-convert [--retriever <dir>] [--selector <dir>] [--generator <dir>] --output <file> ...
      assigner-convert --generator <weights.pt> --schedule <alpha.npy> --output <file> ...
      assigner-convert --from <model> [--ranking <file>] --output <file>
      """,
    discussion: """
      A checkpoint is a folder with retriever/, selector/ and generator/, and optionally ranking.json. Each network is in \
      Hugging Face layout:

        config.json
        model.safetensors or pytorch_model.bin, or shards of either with *.index.json
        tokenizer.json, else vocab.txt, else vocab.json with merges.txt
        tokenizer_config.json
        generation_vocab.txt, for assigner's own diffusion generator only

      Networks may also be given one by one, each by its folder or its file of weights. A model may lack networks.

      Matrices become int8 with one scale per output row. The table on stdout gives the quantisation error of each tensor, or the \
      reason why it stays float32. Equal tensors are stored once. After an error nothing is written.

      For a sentence-transformers checkpoint, name its folder or the folder of its network (0_Transformer). Its pooling, its \
      max_seq_length and the prompt of default_prompt_name are applied; assigner puts the prompt before every tweet and \
      hashtag. An unsupported setting that changes the embeddings is an error.

      With --schedule, the generator is a checkpoint of SeqDiffuSeq's reference implementation (ASSIGNER's code is the \
      same): modelNNNNNN.pt or ema_*_NNNNNN.pt, with training_args.json, vocab.json and merges.txt beside it.

      --from copies the networks of an existing model, and replaces its ranking if --ranking is given. It also upgrades the \
      matrices of a model of an older version to the present, faster layout; the answers stay the same. The output may be the \
      same file as the input; it is replaced only when the new file is complete.

      An existing output file is replaced only if it is a model and not one of the input files.

      Exit codes: 0 done, 64 wrong usage, 66 missing file, 74 I/O error, 78 a checkpoint or model is damaged or unsupported.
      """)

  enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "Folder with retriever/, selector/ and generator/.", completion: .directory)
  var checkpoint: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Model file to write.", valueName: "file"), completion: .file())
  var output: String

  @Option(help: ArgumentHelp("Checkpoint of the retriever.", valueName: "dir"), completion: .directory)
  var retriever: String?

  @Option(help: ArgumentHelp("Checkpoint of the selector.", valueName: "dir"), completion: .directory)
  var selector: String?

  @Option(help: ArgumentHelp("Checkpoint of the generator.", valueName: "dir"), completion: .directory)
  var generator: String?

  @Option(
    help: ArgumentHelp(
      "Noise schedule alpha_cumprod_step_N.npy of a SeqDiffuSeq generator.",
      valueName: "file"), completion: .file(extensions: ["npy"]))
  var schedule: String?

  @Option(
    help: "With --schedule: which copy of the tied embeddings to use if they differ.")
  var tiedSource = TiedSource.head

  @Option(
    help: ArgumentHelp(
      "For a BART trained as RIGHT's generator: text before each hashtag in its input, with its spaces (default: \" ; \").",
      valueName: "text"))
  var sourceSeparator: String?

  @Option(
    help: ArgumentHelp("For the same BART: text between the hashtags in its output (default: \" ; \").", valueName: "text"))
  var targetSeparator: String?

  @Option(help: ArgumentHelp("Existing model whose networks are copied.", valueName: "model"), completion: .file())
  var from: String?

  @Option(help: ArgumentHelp("Learned ranking, JSON.", valueName: "file"), completion: .file(extensions: ["json"]))
  var ranking: String?

  @Option(
    help: ArgumentHelp(
      """
      Pooling of retriever and selector: mean, cls, or cls-mlp (cls through the pooler layer) (default: from \
      1_Pooling/config.json, else mean).
      """, valueName: "method"))
  var pooling: SentencePooling?

  @Option(
    name: .customLong("max-tokens"),
    help: ArgumentHelp(
      """
      Longest input of retriever and selector, 2 to 512 tokens, [CLS] and [SEP] included (default: from max_seq_length or \
      the tokenizer, else 128).
      """, valueName: "n"))
  var maximumTokens: Int?

  @Option(help: ArgumentHelp("Licence and credits, stored in the metadata.", valueName: "text"))
  var license: String?

  @Option(
    name: .customLong("table-bits"),
    help: ArgumentHelp(
      "Bits of word embeddings: 8, with a scale for each row, or 4, with a scale for each 32 columns. Other matrices have 8.",
      valueName: "bits"))
  var tables = TableWidth.eight

  @Flag(name: .customLong("float32"), help: "Keep every tensor in float32.")
  var keepsFloats = false

  @Flag(
    help: ArgumentHelp(
      "Compare the int8 with the float32 networks on a few inputs. If a cosine similarity is below its bound, nothing is written."
    ))
  var check = false

  @Option(help: "Format of the table on stdout.")
  var report: ReportFormat = .text

  private var namesNetworks: Bool { retriever != nil || selector != nil || generator != nil }

  func validate() throws {
    guard (2...SentenceOptions.longest).contains(maximumTokens ?? 2) else {
      throw ValidationError("--max-tokens must be from 2 to 512.")
    }
    guard (sourceSeparator == nil) == (targetSeparator == nil) else {
      throw ValidationError("Give both --source-separator and --target-separator.")
    }
    if from != nil {
      guard checkpoint == nil, !namesNetworks, !keepsFloats, tables == .eight, !check, license == nil else {
        throw ValidationError("--from can only be combined with --ranking and --output.")
      }
    } else if checkpoint != nil {
      guard !namesNetworks else { throw ValidationError("Give a checkpoint folder or single networks, not both.") }
    } else if !namesNetworks {
      throw ValidationError("Give a checkpoint folder, or --retriever, --selector or --generator, or --from.")
    }
    if schedule != nil, from != nil || (checkpoint == nil && generator == nil) {
      throw ValidationError("--schedule needs --generator or a checkpoint folder.")
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
    // --from is not among these: the output may replace it, because the new file is written from the map of the old one.
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
      checkpoint: source(), keepsFloats: keepsFloats, tables: tables,
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

/// Prints a line on stderr.
func progress(_ text: String) { Descriptor.standardError.say(text + "\n") }

/// Prints an error on stderr, and returns the exit code to throw.
func failed(_ message: String, _ status: ProcessExit) -> ExitCode {
  progress("assigner-convert: error: \(message)")
  return ExitCode(status.rawValue)
}
