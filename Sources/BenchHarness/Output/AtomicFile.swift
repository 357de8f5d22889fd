#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears whole or not at all: written beside its place, flushed to disk, and renamed.
///
/// Tried before the work starts, so that a place that cannot be written is told at once and not after an hour. Nothing is
/// left behind by a program that is stopped in between.
package struct AtomicFile: Sendable {
  private let path: String
  private let temporary: String

  /// - Throws: ``BenchError`` when the directory cannot be written, or `path` is a directory.
  package init(path: String) throws(BenchError) {
    self.path = path
    temporary = "\(path).\(getpid()).partial"
    var status = stat()
    if unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR {
      throw BenchError("cannot write \(path): it is a directory; name a file in it")
    }
    close(try create())
    unsafe unlink(temporary)
  }

  /// Puts `bytes` in the file's place. What was there before is replaced in one step, or stays when anything fails.
  package func commit(_ bytes: some Collection<UInt8>) throws(BenchError) {
    let file = try create()
    var result = unsafe Array(bytes).withUnsafeBytes { unsafe Self.writeAll($0, to: file) }
    // EINVAL: what cannot be flushed, a pipe for one.
    if result == 0 && fsync(file) != 0 && errno != EINVAL { result = errno }
    if close(file) != 0 && result == 0 { result = errno }
    if unsafe result == 0 && rename(temporary, path) != 0 { result = errno }
    guard result != 0 else { return }
    unsafe unlink(temporary)
    throw problem(result)
  }

  private func create() throws(BenchError) -> Int32 {
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if file < 0 { throw problem(errno) }
    return file
  }

  /// 0, or the number of the error.
  static func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Int32 {
    var rest = unsafe bytes
    while let address = rest.baseAddress, rest.count > 0 {
      let count = unsafe write(file, address, rest.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return count < 0 ? errno : ENOSPC }
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return 0
  }

  private func problem(_ code: Int32) -> BenchError {
    BenchError("cannot write \(path): \(Errno(code: code)); name a file in a directory that can be written")
  }
}
