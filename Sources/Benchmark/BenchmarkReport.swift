// SPDX-License-Identifier: Apache-2.0

import ModelFile
import Recommender
import System
import Tensors

/// The measured rows and the machine that they were measured on.
package struct BenchmarkReport: Sendable {
  package var rows: [BenchmarkRow]
  package var memory: MemoryUse?
  package var machine: Machine
  package var stopwatch: Stopwatch

  package init(rows: [BenchmarkRow], memory: MemoryUse?, machine: Machine, stopwatch: Stopwatch) {
    self.rows = rows
    self.memory = memory
    self.machine = machine
    self.stopwatch = stopwatch
  }

  /// The report as a Markdown table.
  package var table: String {
    var lines = [
      "\(machine.processor), \(machine.processors) usable, kernels \(machine.instructionSet), load \(machine.load), "
        + "\(stopwatch.repetitions) repetitions after \(stopwatch.warmUp)"
        + (stopwatch.clock == .processor ? ", processor time" : ""), "",
    ]
    let table = [BenchmarkRow.header] + rows.map(\.cells)
    let widths = BenchmarkRow.header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column < 2 ? cell + space : space + cell
      }
      return "| " + padded.joined(separator: " | ") + " |"
    }
    lines.append(line(BenchmarkRow.header))
    lines.append(
      "| "
        + widths.enumerated().map { column, width in
          column < 2 ? String(repeating: "-", count: max(3, width)) : String(repeating: "-", count: max(2, width - 1)) + ":"
        }.joined(separator: " | ") + " |")
    lines += rows.map { line($0.cells) }
    if let memory {
      lines += ["", "peak resident memory \(MemorySize(bytes: memory.peak)): " + memory.parts]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  package var json: JSONValue {
    var members: [String: JSONValue] = [
      "machine": machine.json, "repetitions": .integer(stopwatch.repetitions), "warmUp": .integer(stopwatch.warmUp),
      "clock": .string(stopwatch.clock.rawValue),
      "rows": .array(rows.map(\.json)),
    ]
    if let memory { members["memory"] = memory.json }
    return .object(members)
  }
}

/// The resident memory of a separate process after it answered the sample tweets on one thread.
package struct MemoryUse: Equatable, Sendable {
  /// The peak, in bytes.
  package var peak: Int
  /// The size of each file and the bytes of its memory map that were touched.
  package var model: (size: Int, touched: Int)
  package var index: (size: Int, touched: Int)

  package static func == (a: MemoryUse, b: MemoryUse) -> Bool {
    a.peak == b.peak && a.model == b.model && a.index == b.index
  }

  var parts: String {
    "\(MemorySize(bytes: model.touched)) of the model's \(MemorySize(bytes: model.size)), "
      + "\(MemorySize(bytes: index.touched)) of the index's \(MemorySize(bytes: index.size)), "
      + "\(MemorySize(bytes: max(0, peak - model.touched - index.touched))) other"
  }

  var json: JSONValue {
    func part(_ file: (size: Int, touched: Int)) -> JSONValue {
      ["size": .integer(file.size), "touched": .integer(file.touched)]
    }
    return ["peak": .integer(peak), "model": part(model), "index": part(index)]
  }
}

/// The machine that a benchmark ran on.
package struct Machine: Equatable, Sendable {
  /// The system's name for the processor.
  package var processor: String
  /// The number of processors that this process may use.
  package var processors: Int
  package var instructionSet: String
  /// The load average of the last minute, as the system prints it. Times from a busy machine mean nothing.
  package var load: String

  /// The current machine and its current load.
  package init() {
    let lines = SystemFile.lines(of: "/proc/cpuinfo")
    let name = ["model name", "Model", "Hardware"].lazy.compactMap { key in lines.first { $0.hasPrefix(key) } }.first
    processor =
      name?.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) } ?? "unknown processor"
    processors = ProcessorCount.usable
    instructionSet = InstructionSet.active.name
    load = SystemFile.lines(of: "/proc/loadavg").first?.split(separator: " ").first.map(String.init) ?? "unknown"
  }

  var json: JSONValue {
    [
      "processor": .string(processor), "processors": .integer(processors), "instructionSet": .string(instructionSet),
      "load": .string(load),
    ]
  }
}
