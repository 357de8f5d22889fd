#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Physical memory of this process, as proc(5) tells it. Since Linux 6.2 the kernel may be some hundred KiB behind.
package struct ProcessMemory: Hashable, Sendable {
  /// VmRSS: bytes that are resident.
  package let resident: Int
  /// VmHWM: the most that was, since the process began or ``resetPeak()``.
  package let peak: Int

  /// As it is now; nil where the system does not say. Does not allocate.
  package static func current() -> ProcessMemory? {
    let file = unsafe open("/proc/self/status", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    // A constant size, which is on the stack. The file has some 1.5 KiB.
    return unsafe withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 1) { buffer in
      var count = 0
      while count < buffer.count {
        let more = unsafe read(file, buffer.baseAddress?.advanced(by: count), buffer.count - count)
        if more < 0 && errno == EINTR { continue }
        if more < 0 { return nil }
        if more == 0 { break }
        count += more
      }
      return unsafe ProcessMemory(status: UnsafeRawBufferPointer(buffer)[..<count])
    }
  }

  /// Reads the lines `VmRSS:  1234 kB` and `VmHWM:  1234 kB`; nil where one of them is missing. Does not allocate.
  package init?(status: some Sequence<UInt8>) {
    var resident: Int?
    var peak: Int?
    // The letters of the line so far, the last eight of them in one number, and the number behind them.
    var (name, value, digits) = (UInt64(0), 0, 0)
    for byte in status {
      switch byte {
      case UInt8(ascii: "\n"):
        if digits > 0 && name == Self.residentName { resident = value << 10 }
        if digits > 0 && name == Self.peakName { peak = value << 10 }
        (name, value, digits) = (0, 0, 0)
      case UInt8(ascii: "0")...UInt8(ascii: "9") where digits < 15:
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
        digits += 1
      case _ where digits == 0 && byte > UInt8(ascii: " "):
        name = name << 8 | UInt64(byte)
      default: break
      }
    }
    guard let resident, let peak else { return nil }
    (self.resident, self.peak) = (resident, peak)
  }

  private static var residentName: UInt64 { packed("VmRSS:") }
  private static var peakName: UInt64 { packed("VmHWM:") }

  private static func packed(_ name: StaticString) -> UInt64 {
    unsafe UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Sets the peak to what is resident now (proc(5), clear_refs, 5). False where the kernel does not do that.
  package static func resetPeak() -> Bool {
    let file = unsafe open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    return unsafe write(file, "5", 1) == 1
  }
}
