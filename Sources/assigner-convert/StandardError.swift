// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ModelFile

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// stderr as a text stream: straight to the descriptor, so that nothing waits in a buffer.
private struct StandardError: TextOutputStream {
  mutating func write(_ string: String) {
    var string = string
    string.withUTF8 { bytes in
      var done = 0
      while done < bytes.count {
        let count = write_(2, bytes.baseAddress?.advanced(by: done), bytes.count - done)
        if count < 0 && errno != EINTR { return }
        done += max(count, 0)
      }
    }
  }

  private func write_(_ descriptor: Int32, _ address: UnsafePointer<UInt8>?, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, address, count)
    #elseif canImport(Musl)
      Musl.write(descriptor, address, count)
    #else
      Darwin.write(descriptor, address, count)
    #endif
  }
}

func progress(_ text: String) {
  var stream = StandardError()
  print(PrintableText.line(text), to: &stream)
}

/// Says what went wrong on stderr; the result makes argument-parser exit with the code.
func failed(_ message: String, _ status: ProcessExit) -> ExitCode {
  progress("assigner-convert: error: \(message)")
  return ExitCode(status.rawValue)
}
