// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Benchmark
import Learning
import LineProtocol
import ModelFile
import Recommender
import Retrieval
import System
import Tensors

/// Runs a command. Turns an error into a message on stderr and the documented exit code.
func exiting(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let exit as ExitCode {
    throw exit
  } catch let error as ValidationError {
    throw error
  } catch let error as SystemCallError {
    throw error
  } catch {
    let (message, status) = explanation(of: error)
    Descriptor.standardError.say("assigner: error: \(message)\n")
    throw ExitCode(status.rawValue)
  }
}

private func explanation(of error: any Error) -> (message: String, status: ProcessExit) {
  switch error {
  case let error as ContainerError: ("\(error)\(advice(error.exitStatus))", error.exitStatus)
  case let error as OutputError: ("\(error)", error.exitStatus)
  case let error as MisfitIndex: (error.description, .unfitFile)
  case let error as NoOwnIndex: (error.description, .usage)
  case let error as RetrievalError: ("\(error)", error.exitStatus)
  case let error as EventOptionError: (error.description, .usage)
  case let error as JournalError: (error.description, error.exitStatus)
  case let error as NoAnswer: ("\(error)", .inputOutput)
  case let error as MissingFile: (error.description, .missingFile)
  case let error as MemoryError: (error.description, .unfitFile)
  case let error as PackingError: ("\(error)", .badInput)
  case let error as LargeInput: (error.description, .badInput)
  case let error as CorpusError: (error.description, .badInput)
  case TensorError.instructionSet(let message): (message, .usage)
  default: ("\(error)", .unfitFile)
  }
}

private func advice(_ status: ProcessExit) -> String {
  switch status {
  case .unfitFile: "; check the file with \"assigner verify\", or get a new copy"
  default: ""
  }
}

/// No default file was found.
struct MissingFile: Error, CustomStringConvertible {
  let what: String
  let option: String
  let name: String

  var description: String {
    "no default \(what) found: looked for \(name) beside the program, in Models/ there and in the folders above, in "
      + "share/assigner and in ./Models; name a file with \(option)"
  }
}
