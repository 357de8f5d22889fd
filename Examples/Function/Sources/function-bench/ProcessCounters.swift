#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the system counts of another process: read right before and right after an invocation, and in none of its time.
struct ProcessCounters: ~Copyable {
  private let stat: Int32
  private let status: Int32
  private var buffer = [UInt8](repeating: 0, count: 4096)

  init(process id: Int32) {
    stat = unsafe open("/proc/\(id)/stat", O_RDONLY | O_CLOEXEC)
    status = unsafe open("/proc/\(id)/status", O_RDONLY | O_CLOEXEC)
  }

  deinit {
    close(stat)
    close(status)
  }

  struct Values {
    /// Page faults of all threads.
    var faults = 0
    /// How often its first thread, which is the one that serves, lost the CPU to another.
    var switches = 0
  }

  mutating func read() -> Values {
    var values = Values()
    // proc(5): behind the name in brackets, the eighth field counts minor faults, and the tenth major ones.
    let line = bytes(of: stat)
    if let bracket = line.lastIndex(of: UInt8(ascii: ")")) {
      let fields = line[(bracket + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 11)
      if fields.count > 9 { values.faults = Self.number(fields[7]) + Self.number(fields[9]) }
    }
    let name = Array("nonvoluntary_ctxt_switches:".utf8)
    for line in bytes(of: status).split(separator: UInt8(ascii: "\n")).reversed() where line.starts(with: name) {
      values.switches = Self.number(line.dropFirst(name.count))
      break
    }
    return values
  }

  private mutating func bytes(of file: Int32) -> ArraySlice<UInt8> {
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe pread(file, $0.baseAddress, $0.count, 0) }
    return buffer[..<max(0, count)]
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int {
    var value = 0
    for digit in digits where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) {
      value = 10 * value + Int(digit & 15)
    }
    return value
  }
}
