import Foundation
import Kernels
import Testing

/// Quotas read from made-up `/proc` and `/sys` trees: what containers, services and nested groups show a process.
@Suite struct CPUQuotaTests {
  @Test func readsVersion2() throws {
    #expect(try quota(["proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "200000 100000\n"]) == 2)
    #expect(try quota(["proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/cpu.max": "300000 100000\n"]) == 3)
  }

  @Test func roundsUpAndNeverToZero() throws {
    #expect(try version2("150000 100000") == 2)
    #expect(try version2("100001 100000") == 2)
    #expect(try version2("100000 100000") == 1)
    #expect(try version2("1000 100000") == 1)
  }

  @Test func theTightestLevelCounts() throws {
    let files = [
      "proc/self/cgroup": "0::/outer/inner\n",
      "sys/fs/cgroup/outer/cpu.max": "200000 100000\n",
      "sys/fs/cgroup/outer/inner/cpu.max": "800000 100000\n",
    ]
    #expect(try quota(files) == 2)
  }

  /// Inside a container, `/proc/self/cgroup` may name the host's path while only the mount point is there.
  @Test func aPathOfTheHostFallsBackToTheMountPoint() throws {
    let files = ["proc/self/cgroup": "0::/docker/0123456789ab\n", "sys/fs/cgroup/cpu.max": "400000 100000\n"]
    #expect(try quota(files) == 4)
  }

  @Test func readsVersion1() throws {
    let files = [
      "proc/self/cgroup": "12:memory:/job\n4:cpu,cpuacct:/job\n1:name=systemd:/job\n",
      "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us": "250000\n",
      "sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_period_us": "100000\n",
    ]
    #expect(try quota(files) == 3)
  }

  @Test func ofBothVersionsTheTighterCounts() throws {
    let files = [
      "proc/self/cgroup": "4:cpu:/\n0::/\n",
      "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "500000\n",
      "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/unified/cpu.max": "200000 100000\n",
    ]
    #expect(try quota(files) == 2)
  }

  @Test func noQuotaIsNoQuota() throws {
    #expect(try version2("max 100000") == nil)
    #expect(try quota([:]) == nil)
    #expect(try quota(["proc/self/cgroup": "0::/\n"]) == nil)
    let unlimited = [
      "proc/self/cgroup": "4:cpu:/\n",
      "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    ]
    #expect(try quota(unlimited) == nil)
  }

  @Test(arguments: [
    "", " ", "\n", "100000", "100000 0", "0 100000", "-1 -1", "a b", "1e5 1e5", "100000 100000 1",
    "99999999999999999999 100000", "9223372036854775807 -9223372036854775808",
  ])
  func nonsenseIsNoQuota(text: String) throws {
    #expect(try version2(text) == nil)
  }

  @Test func extremeNumbersDoNotTrap() throws {
    #expect(try version2("9223372036854775807 1") == .max)
    #expect(try version2("9223372036854775807 2") == 1 << 62)
    #expect(try version2("1 9223372036854775807") == 1)
  }

  @Test(arguments: ["", "\n\n", "0", "0:", "0::", "::", "nonsense", "0::relative", "0::/../../..", "\u{0}:\u{0}:\u{0}"])
  func hostileMembershipDoesNotTrap(text: String) throws {
    _ = try quota(["proc/self/cgroup": text, "sys/fs/cgroup/cpu.max": "200000 100000\n"])
  }

  @Test func thisProcessMayKeepAtLeastOneCPUBusy() {
    #expect(CPUQuota.current >= 1)
    #expect(CPUQuota.affinity >= 1)
    #expect(CPUQuota.current <= CPUQuota.affinity)
  }

  private func version2(_ max: String) throws -> Int? {
    try quota(["proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": max + "\n"])
  }

  /// The quota that a tree of these files gives.
  private func quota(_ files: [String: String]) throws -> Int? {
    let root = FileManager.default.temporaryDirectory.appending(path: "kernels-cgroup-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: false, encoding: .utf8)
    }
    return CPUQuota.cgroup(root: root.path)
  }
}
