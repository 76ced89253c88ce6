// SPDX-License-Identifier: Apache-2.0

import CSystem

/// How many threads this process may keep busy: the size of its affinity mask, or its cgroup quota if that is less.
///
/// The number of processors in the machine is too many on a shared one: the threads would only wait for each other.
package enum ProcessorCount {
  package static var usable: Int {
    let allowed = Int(assigner_allowed_processors())
    let quota = ProcessorQuota.processors(
      cgroups: SystemFile.lines(of: "/proc/self/cgroup"), read: SystemFile.lines(of:))
    return max(1, min(allowed, quota ?? allowed))
  }
}

/// The processor time that the control groups of this process grant (Linux, cgroups(7)): the least quota of its own group and the
/// groups around it.
enum ProcessorQuota {
  /// The quota in whole processors, rounded up; nil if no group has one.
  ///
  /// - Parameters:
  ///   - cgroups: the lines of /proc/self/cgroup, "0::/user.slice" in version 2, "4:cpu,cpuacct:/user.slice" in version 1.
  ///   - read: returns the lines of a file; none if the file does not exist.
  static func processors(cgroups: [String], read: (String) -> [String]) -> Int? {
    var quotas: [Int] = []
    for line in cgroups {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let controllers = parts[1].split(separator: ",")
      for folder in folders(of: String(parts[2])) {
        if parts[0] == "0" {
          for mount in ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] {
            quotas += [share(cpuMax: read(mount + folder + "/cpu.max"))].compactMap(\.self)
          }
        } else if controllers.contains("cpu") {
          for mount in ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"] {
            let (quota, period) = ("cpu.cfs_quota_us", "cpu.cfs_period_us")
            let numbers = (read("\(mount)\(folder)/\(quota)").first, read("\(mount)\(folder)/\(period)").first)
            if let quota = numbers.0, let period = numbers.1 { quotas += [share(quota, of: period)].compactMap(\.self) }
          }
        }
      }
    }
    return quotas.min()
  }

  /// A group and those around it, up to the root: "/a/b", "/a", "". In a container, the path may be the one outside it. Then the
  /// root of what is mounted inside is the process's own group.
  private static func folders(of group: String) -> [String] {
    let names = group.split(separator: "/").filter { $0 != ".." }
    return (0...names.count).reversed().map { names.prefix($0).reduce("") { "\($0)/\($1)" } }
  }

  /// Reads version 2: "150000 100000", or "max 100000" without a quota.
  private static func share(cpuMax: [String]) -> Int? {
    let words = (cpuMax.first ?? "").split(separator: " ")
    return words.count == 2 ? share(String(words[0]), of: String(words[1])) : nil
  }

  /// Whole processors from a quota and a period in microseconds, rounded up. Version 1 says -1 if there is no quota.
  private static func share(_ quota: String, of period: String) -> Int? {
    guard let quota = Int(quota), let period = Int(period), quota > 0, period > 0 else { return nil }
    return (quota - 1) / period + 1
  }
}
