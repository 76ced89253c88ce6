// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import System

/// The available processors and memory.
@Suite struct ResourceTests {
  @Test func processors() {
    let allowed = SystemFile.lines(of: "/proc/self/status").first { $0.hasPrefix("Cpus_allowed:") } ?? ""
    let count = allowed.dropFirst(13).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
    #expect((1...count).contains(ProcessorCount.usable))
  }

  private func processors(_ cgroups: [String], _ files: [String: String]) -> Int? {
    ProcessorQuota.processors(cgroups: cgroups) { path in files[path].map { [$0] } ?? [] }
  }

  @Test func theLeastQuotaOfTheGroupsAroundCounts() {
    let unit = "/sys/fs/cgroup/system.slice/assigner.service/cpu.max"
    let group = ["0::/system.slice/assigner.service"]
    #expect(processors(group, [unit: "150000 100000"]) == 2)
    #expect(processors(group, [unit: "50000 100000"]) == 1)
    #expect(processors(group, [unit: "max 100000"]) == nil)
    #expect(processors(group, [unit: "800000 100000", "/sys/fs/cgroup/system.slice/cpu.max": "300000 100000"]) == 3)
    // In a container, the group's path is the host's, but the mounted root is the container's own.
    #expect(processors(["0::/../../docker/1f"], ["/sys/fs/cgroup/cpu.max": "400000 100000"]) == 4)
    #expect(processors(["0::/"], ["/sys/fs/cgroup/cpu.max": "100000 100000"]) == 1)
    #expect(processors(group, [:]) == nil && processors([], [unit: "1 1"]) == nil)
    for broken in ["", "1", "a b", "0 100000", "100000 0", "-1 100000", "1 2 3"] {
      #expect(processors(group, [unit: broken]) == nil)
    }
  }

  @Test func versionOneKeepsQuotaAndPeriodApart() {
    let folder = "/sys/fs/cgroup/cpu,cpuacct/docker/1f"
    let groups = ["11:memory:/docker/1f", "4:cpu,cpuacct:/docker/1f", "1:name=systemd:/docker/1f"]
    func processors(_ groups: [String], in folder: String, _ quota: String, _ period: String?) -> Int? {
      var files = ["\(folder)/cpu.cfs_quota_us": quota]
      files["\(folder)/cpu.cfs_period_us"] = period
      return self.processors(groups, files)
    }
    #expect(processors(groups, in: folder, "250000", "100000") == 3)
    #expect(processors(groups, in: folder, "-1", "100000") == nil)
    #expect(processors(groups, in: folder, "250000", nil) == nil)
    #expect(processors(groups, in: "/sys/fs/cgroup/cpu", "100000", "100000") == 1)
    // A group of another controller.
    #expect(processors([groups[0]], in: "/sys/fs/cgroup/cpu/docker/1f", "100000", "100000") == nil)
  }

  @Test func residentMemory() {
    let status = ["Name:\tx", "VmHWM:\t  106176 kB", "VmRSS:\t    8 kB"]
    #expect(ProcessMemory.bytes("VmHWM:", status: status) == 106_176 * 1024)
    #expect(ProcessMemory.bytes("VmRSS:", status: status) == 8192)
    #expect(ProcessMemory.bytes("VmSwap:", status: status) == 0)
    let (now, peak) = (ProcessMemory.resident, ProcessMemory.peak)
    #expect(now > 1 << 20 && peak >= now / 2)
  }
}
