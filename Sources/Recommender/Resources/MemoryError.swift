// SPDX-License-Identifier: Apache-2.0
/// The plan needs more memory than the limit allows.
package struct MemoryError: Error, Equatable, Sendable, CustomStringConvertible {
  package let limit: Int
  package let plan: MemoryPlan
  /// Options that would fit, and the memory that each takes.
  package let remedies: [Remedy]

  package struct Remedy: Equatable, Sendable {
    package var options: String
    package var total: Int
  }

  package var description: String {
    func mebibytes(_ bytes: Int) -> String { "\(MemorySize(bytes: bytes))" }
    var parts = ["model \(mebibytes(plan.model))", "index \(mebibytes(plan.index))"]
    if plan.learned > 0 { parts.append("learned stream \(mebibytes(plan.learned)) (less with a smaller --learn-rows)") }
    if plan.tables > 0 { parts.append("unpacked tables \(mebibytes(plan.tables))") }
    if plan.threads > 0 {
      let each = plan.threads > 1 ? "\(plan.threads) threads, each" : "one thread"
      parts.append("\(each) \(mebibytes(plan.worker))")
    }
    parts.append("the program itself \(mebibytes(plan.program))")
    let fits = remedies.map { "\($0.options) (\(mebibytes($0.total)))" }
    let advice =
      fits.isEmpty
      ? "use a smaller index (with fewer tweets) or a smaller model" : "it fits with " + fits.joined(separator: ", or ")
    // Before the files are opened, the plan is not complete.
    let least = plan.threads > 0 ? "" : "at least "
    return """
      --max-memory: \(mebibytes(limit)) allowed, \(least)\(mebibytes(plan.total)) needed: \(parts.joined(separator: ", ")); \
      \(advice)
      """
  }
}
