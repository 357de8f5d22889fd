import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many CPUs this process may keep busy.
///
/// Asked anew at each call, some tens of microseconds: a container's quota may change while it runs.
package enum CPUQuota {
  /// The CPUs of the affinity mask, or the quota of the tightest cgroup rounded up, whichever is less; at least 1.
  package static var current: Int { max(1, min(affinity, cgroup ?? .max)) }

  /// CPUs that the scheduler may put this process on.
  package static var affinity: Int {
    let count = Int(ck_affinity())
    return count > 0 ? count : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The quota in CPUs, rounded up, of the process's cgroup and all above it; nil where there is none.
  ///
  /// cgroup v2: `cpu.max` (Linux `Documentation/admin-guide/cgroup-v2.rst`);
  /// v1: `cpu.cfs_quota_us` over `cpu.cfs_period_us` (`Documentation/scheduler/sched-bwc.rst`).
  package static var cgroup: Int? { cgroup(root: "") }

  /// - Parameter root: prefix of `/proc` and `/sys`, for tests.
  package static func cgroup(root: String) -> Int? {
    guard let membership = contents(of: root + "/proc/self/cgroup") else { return nil }
    var least: Int?
    // A line is hierarchy:controllers:path; hierarchy 0 is v2.
    for line in membership.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let unified = fields[0] == "0"
      let controllers = fields[1].split(separator: ",")
      guard unified || controllers.contains("cpu") else { continue }
      let mounts =
        unified ? ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] : ["/sys/fs/cgroup/\(fields[1])", "/sys/fs/cgroup/cpu"]
      for mount in mounts {
        // Every level up to the mount point limits what is below it. In a container the path may be the host's, and only
        // the mount point itself is there.
        var path = fields[2]
        while true {
          let directory = root + mount + path
          if let quota = unified ? quotaV2(directory) : quotaV1(directory) { least = min(least ?? .max, quota) }
          guard let slash = path.lastIndex(of: "/"), !path.isEmpty else { break }
          path = path[..<slash]
        }
      }
    }
    return least
  }

  private static func quotaV2(_ directory: String) -> Int? {
    guard let text = contents(of: directory + "/cpu.max") else { return nil }
    let words = text.split { $0 == " " || $0 == "\n" }
    guard words.count == 2 else { return nil }
    return cpus(quota: Int(words[0]), period: Int(words[1]))
  }

  private static func quotaV1(_ directory: String) -> Int? {
    func number(_ name: String) -> Int? {
      contents(of: directory + "/" + name).flatMap { text in text.split(separator: "\n").first.flatMap { Int($0) } }
    }
    return cpus(quota: number("cpu.cfs_quota_us"), period: number("cpu.cfs_period_us"))
  }

  /// "max" and -1 are no quota.
  private static func cpus(quota: Int?, period: Int?) -> Int? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return max(1, quota / period + (quota % period > 0 ? 1 : 0))
  }

  /// The first 4 KiB of a file as text.
  private static func contents(of path: String) -> String? {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let text = unsafe String(unsafeUninitializedCapacity: 4096) { buffer in
      unsafe max(0, read(file, buffer.baseAddress, buffer.count))
    }
    return text.isEmpty ? nil : text
  }
}
