// SPDX-License-Identifier: Apache-2.0

extension ContainerFile {
  /// Reads the whole file and throws the first error: a wrong checksum, padding that is not zero, or a cold section that does not
  /// inflate. Linear in the file's size.
  package func verify() throws(ContainerError) {
    if let failure = failures(stopAtFirst: true).first { throw failure }
  }

  /// All errors, in the order of the file.
  package func failures() -> [ContainerError] {
    failures(stopAtFirst: false)
  }

  private func failures(stopAtFirst: Bool) -> [ContainerError] {
    defer { withExtendedLifetime(file) {} }
    var failures: [ContainerError] = []
    var end: Int?
    for section in sections {
      if stopAtFirst && !failures.isEmpty { break }
      // The padding before the first section was checked when the file was opened.
      if let end, let offset = (end..<section.offset).first(where: { file.bytes[$0] != 0 }) {
        failures.append(ContainerError(path: path, section: section.name, offset: offset, rule: .padding))
      }
      end = section.offset + section.storedSize
      let checksum = XXH64.hash(stored(section))
      if checksum != section.checksum {
        failures.append(failure(.checksum(recorded: section.checksum, actual: checksum), section: section.name))
      } else if section.isCompressed {
        do {
          try LZ4Frame.check(stored(section), size: section.size)
        } catch {
          failures.append(failure(.frame(error.message), section: section.name))
        }
      }
    }
    return failures
  }
}
