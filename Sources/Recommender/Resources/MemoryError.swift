/// More memory is needed than there may be.
public struct MemoryError: Error, Equatable, Sendable, CustomStringConvertible {
  public let limit: Int
  public let plan: MemoryPlan
  /// What would fit: options, and the memory that it takes with them.
  public let remedies: [Remedy]

  public struct Remedy: Equatable, Sendable {
    public var options: String
    public var total: Int
  }

  public var description: String {
    func mebibytes(_ bytes: Int) -> String { "\(MemorySize(bytes: bytes))" }
    var parts = ["model \(mebibytes(plan.model))", "index \(mebibytes(plan.index))"]
    if plan.tables > 0 { parts.append("tables made of them \(mebibytes(plan.tables))") }
    if plan.threads > 0 {
      let each = plan.threads > 1 ? "\(plan.threads) threads, each" : "one thread"
      parts.append("\(each) \(mebibytes(plan.worker))")
    }
    parts.append("the program itself \(mebibytes(plan.program))")
    let fits = remedies.map { "\($0.options) (\(mebibytes($0.total)))" }
    let advice =
      fits.isEmpty
      ? "use a smaller index (with fewer tweets) or a smaller model" : "it fits with " + fits.joined(separator: ", or ")
    // Before the files are opened there is more to come.
    let least = plan.threads > 0 ? "" : "at least "
    return """
      --max-memory: \(mebibytes(limit)) are allowed, \(least)\(mebibytes(plan.total)) are needed: \(parts.joined(separator: ", ")); \
      \(advice)
      """
  }
}
