#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A control group of the system whose processes have a share of a CPU, as a function of so many megabytes has: one CPU at 1,769 MB.
///
/// The share is given in periods of 20 ms: who has used up its own waits for the next one.
struct CPUGroup: ~Copyable {
  private static let period = 20_000

  private let folder: String

  /// - Throws: ``Mistake`` with the reason where there is no such group to be had.
  init(megabytes: Int) throws(Mistake) { folder = try Self.folder(megabytes: megabytes) }

  private static func folder(megabytes: Int) throws(Mistake) -> String {
    let quota = Self.period * megabytes / 1769
    let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    guard quota <= Self.period * processors else {
      throw Mistake(
        "this machine has \(processors) CPUs, and \(megabytes) MB stand for \(decimal(Double(megabytes) / 1769, 2))")
    }
    let isSecond =
      readText("/sys/fs/cgroup/cgroup.controllers")?.split(whereSeparator: \.isWhitespace).contains("cpu") == true
    let root = isSecond ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu"
    guard unsafe isSecond || access(root + "/cpu.cfs_quota_us", F_OK) == 0 else {
      throw Mistake("there is no group of the system for CPUs under /sys/fs/cgroup")
    }
    if isSecond { Self.write("+cpu", to: root + "/cgroup.subtree_control") }
    let folder = "\(root)/function-bench-\(getpid())-\(megabytes)"
    guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
      throw Mistake("cannot make \(folder): \(unsafe String(cString: strerror(errno)))")
    }
    let isSet =
      isSecond
      ? Self.write("\(quota) \(Self.period)", to: folder + "/cpu.max")
      : Self.write("\(Self.period)", to: folder + "/cpu.cfs_period_us")
        && Self.write("\(quota)", to: folder + "/cpu.cfs_quota_us")
    if !isSet {
      unsafe rmdir(folder)
      throw Mistake("cannot give \(folder) a share of a CPU")
    }
    return folder
  }

  deinit {
    // It is empty once its processes have ended, which the system may take a moment to notice.
    for _ in 0..<200 where unsafe rmdir(folder) != 0 && errno == EBUSY { usleep(1000) }
  }

  /// The file that a process enters by.
  var entrance: String { folder + "/cgroup.procs" }

  @discardableResult
  private static func write(_ text: String, to path: String) -> Bool {
    let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
    if file < 0 { return false }
    defer { close(file) }
    let bytes = Array(text.utf8)
    return unsafe bytes.withUnsafeBytes { unsafe systemWrite(file, $0.baseAddress, $0.count) } == bytes.count
  }
}

extension CPUGroup? {
  var entrance: String? {
    switch self {
    case .some(let group): group.entrance
    case .none: nil
    }
  }
}

/// `write` by a name of its own: the type above has one too.
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(file, bytes, count)
}
