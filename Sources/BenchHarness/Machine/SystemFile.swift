#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files of the system: small, or of a size that only reading tells.
package enum SystemFile {
  /// The bytes of a file, or errno.
  package static func bytes(_ path: String) -> Result<[UInt8], Errno> {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return .failure(Errno(code: errno)) }
    defer { close(file) }
    return bytes(reading: file)
  }

  /// All bytes up to the end of an open file, or errno.
  static func bytes(reading file: Int32) -> Result<[UInt8], Errno> {
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(file, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return .failure(Errno(code: errno)) }
      if count == 0 { return .success(result) }
      result += chunk[..<count]
    }
  }

  /// The text of a file without white space at its end, or nil where it cannot be read.
  package static func text(_ path: String) -> String? {
    guard case .success(let bytes) = bytes(path) else { return nil }
    let end = bytes.lastIndex { $0 > 32 }.map { $0 + 1 } ?? 0
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  /// What a symbolic link names; nil where it cannot be read.
  package static func link(_ path: String) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      let count = unsafe readlink(path, buffer.baseAddress!, buffer.count)
      return count > 0 ? unsafe String(decoding: UnsafeRawBufferPointer(buffer).prefix(count), as: UTF8.self) : nil
    }
  }

  /// Names in a directory, sorted; empty where it cannot be read.
  package static func names(in directory: String) -> [String] {
    guard let stream = unsafe opendir(directory) else { return [] }
    defer { unsafe closedir(stream) }
    var result: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { result.append(name) }
    }
    return result.sorted()
  }

  /// The path of this program; what it was called by where the system does not tell.
  package static var executable: String? { link("/proc/self/exe") ?? CommandLine.arguments.first }

  /// A path that means the same in every directory.
  package static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      guard unsafe getcwd(buffer.baseAddress!, buffer.count) != nil else { return path }
      return unsafe String(cString: buffer.baseAddress!) + "/" + path
    }
  }
}

/// An error number of the C library.
package struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
  package let code: Int32

  package init(code: Int32) { self.code = code }

  package var description: String { unsafe String(cString: strerror(code)) }
}
