// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import System

/// Messages and exit codes of failed system calls.
@Suite struct SystemCallErrorTests {
  @Test func wordsAndWhatToDo() {
    #expect(
      "\(SystemCallError(call: "open", errno: 13, path: "rows.txt"))"
        == "rows.txt: open failed: permission denied: check who may read and write it")
    #expect("\(SystemCallError(call: "pipe", errno: 32))" == "pipe failed: broken pipe")
    for errno in [1, 2, 5, 12, 13, 20, 21, 23, 24, 27, 28, 30, 36, 122] as [Int32] {
      let explanation = SystemCallError(call: "write", errno: errno).explanation
      #expect(explanation.contains(": ") && !explanation.contains("\(errno)"), "\(explanation)")
    }
  }

  @Test func onlyAnAbsentFileIsMissing() {
    func error(_ errno: Int32) -> SystemCallError { SystemCallError(call: "open", errno: errno) }
    #expect(error(2).isMissingFile && error(20).isMissingFile)
    // EIO, EACCES, EMFILE, ELOOP.
    for errno in [5, 13, 24, 40] as [Int32] { #expect(!error(errno).isMissingFile) }
    #expect(error(17).isExistingFile)
  }

  @Test func aReaderThatLeftIsNoFailureOfOurs() {
    func error(_ errno: Int32, _ path: String) -> SystemCallError { SystemCallError(call: "write", errno: errno, path: path) }
    #expect(error(32, "standard output").isReaderGone && error(104, "standard output").isReaderGone)
    // If the output is a file, its content is lost, so this is an error.
    #expect(!error(32, "answers.fifo").isReaderGone && !error(28, "standard output").isReaderGone)
  }
}
