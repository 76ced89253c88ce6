// SPDX-License-Identifier: Apache-2.0

import CSystem

/// How many threads this process may keep busy: the affinity mask, and the quota of its cgroups where that is less. Never
/// the number of processors in the machine, which on a shared one means threads that only wait for each other.
package enum ProcessorCount {
  package static var usable: Int {
    let allowed = Int(assigner_allowed_processors())
    let quota = ProcessorQuota.processors(
      cgroups: SystemFile.lines(of: "/proc/self/cgroup"), read: SystemFile.lines(of:))
    return max(1, min(allowed, quota ?? allowed))
  }
}

/// What the control groups of this process grant of the processors' time (Linux, cgroups(7)): the least of its own group's
/// quota and those of the groups around it.
enum ProcessorQuota {
  /// Whole processors, rounded up; nil where no group has a quota.
  ///
  /// - Parameters:
  ///   - cgroups: the lines of /proc/self/cgroup, "0::/user.slice" in version 2, "4:cpu,cpuacct:/user.slice" in version 1.
  ///   - read: the lines of a file, none where it is not there.
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

  /// A group and those around it, up to the root: "/a/b", "/a", "". In a container a group's path may be the one that it
  /// has outside; the root of what is mounted inside is then its own.
  private static func folders(of group: String) -> [String] {
    let names = group.split(separator: "/").filter { $0 != ".." }
    return (0...names.count).reversed().map { names.prefix($0).reduce("") { "\($0)/\($1)" } }
  }

  /// Version 2: "150000 100000", or "max 100000" without a quota.
  private static func share(cpuMax: [String]) -> Int? {
    let words = (cpuMax.first ?? "").split(separator: " ")
    return words.count == 2 ? share(String(words[0]), of: String(words[1])) : nil
  }

  /// Whole processors in microseconds of a period, rounded up; version 1 says -1 where there is no quota.
  private static func share(_ quota: String, of period: String) -> Int? {
    guard let quota = Int(quota), let period = Int(period), quota > 0, period > 0 else { return nil }
    return (quota - 1) / period + 1
  }
}
