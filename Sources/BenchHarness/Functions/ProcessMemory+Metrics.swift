import CMachineCeilings

extension ProcessMemory {
  /// The most physical memory so far (VmHWM). Unlike `ru_maxrss` it is of this program alone, and not of the one that
  /// started it, whose memory a new process shares until it has its own.
  package static var highWaterMark: Metric { metric(statusField("VmHWM:"), "/proc/self/status has no VmHWM") }

  /// Physical memory now: exact where the kernel sums its page tables up, else its counter, which lags by some pages.
  package static var exactResident: Metric {
    let exact = field("Rss:", of: SystemFile.text("/proc/self/smaps_rollup"))
    return metric(exact ?? statusField("VmRSS:"), "/proc/self/status has no VmRSS")
  }

  /// What the C library's allocator has handed out and not taken back.
  package static var heapInUse: Metric {
    var bytes: UInt64 = 0
    guard unsafe cm_heap_in_use(&bytes) else {
      return .unavailable(reason: "the C library's allocator does not tell what is in use (glibc 2.33 and later does)")
    }
    return .value(Double(bytes), unit: "B", source: .measured)
  }

  private static func metric(_ bytes: Int?, _ reason: String) -> Metric {
    bytes.map { .value(Double($0), unit: "B", source: .measured) } ?? .unavailable(reason: reason)
  }

  private static func statusField(_ name: String) -> Int? { field(name, of: SystemFile.text("/proc/self/status")) }

  /// The bytes of a line "VmHWM:     5120 kB".
  static func field(_ name: String, of text: String?) -> Int? {
    let line = text?.split(separator: "\n").first { $0.hasPrefix(name) }
    guard let words = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }), words.count == 3, words[2] == "kB"
    else {
      return nil
    }
    return Int(words[1]).map { $0 << 10 }
  }
}
