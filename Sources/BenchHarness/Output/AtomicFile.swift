#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that appears whole or not at all: written beside its place, flushed to disk, and renamed.
///
/// Opened before the work starts, so that a place that cannot be written is told at once and not after an hour.
package final class AtomicFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32

  /// - Throws: ``BenchError`` when the directory cannot be written, or `path` is a directory.
  package init(path: String) throws(BenchError) {
    self.path = path
    temporary = "\(path).\(getpid()).partial"
    descriptor = -1
    var status = stat()
    if unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR {
      throw BenchError("cannot write \(path): it is a directory; name a file in it")
    }
    descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    if descriptor < 0 { throw problem(errno) }
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unsafe unlink(temporary)
    }
  }

  /// Puts `bytes` in the file's place. What was there before is replaced in one step, or stays when anything fails.
  package func commit(_ bytes: some Collection<UInt8>) throws(BenchError) {
    precondition(descriptor >= 0, "AtomicFile: commit is called once")
    let bytes = Array(bytes)
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { throw problem(errno) }
      written += count
    }
    if fsync(descriptor) != 0 && errno != EINVAL { throw problem(errno) }
    if unsafe rename(temporary, path) != 0 { throw problem(errno) }
    close(descriptor)
    descriptor = -1
  }

  private func problem(_ code: Int32) -> BenchError {
    BenchError("cannot write \(path): \(Errno(code: code)); name a file in a directory that can be written")
  }
}
