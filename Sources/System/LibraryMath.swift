// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The C library's own functions, for figures that must equal those of other programs. Answers never depend on them.
package enum LibraryMath {
  package static func log(_ value: Double) -> Double { libraryLog(value) }
  package static func exp(_ value: Double) -> Double { libraryExp(value) }
}

private func libraryLog(_ value: Double) -> Double { log(value) }
private func libraryExp(_ value: Double) -> Double { exp(value) }
