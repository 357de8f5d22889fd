#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A copy of this program whose pages can be taken out of the page cache: those of the program itself cannot, while it runs.
///
/// The copy has no name: it lies beside the program, for the sake of libraries found relative to it, and goes with this process,
/// however that ends.
@safe
package final class EvictableCopy {
  private let file: Int32
  private let bytes: Int

  /// What a child of this process finds the copy by.
  package var path: String { "/proc/self/fd/\(file)" }

  /// - Throws: ``BenchError`` with the reason why there is no copy, or why its pages stay.
  package init() throws(BenchError) {
    guard case .success(let contents) = SystemFile.bytes("/proc/self/exe"),
      let program = SystemFile.link("/proc/self/exe")
    else { throw BenchError("the program's own file cannot be read") }
    let name = "\(program).\(getpid()).cold"
    let writing = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o700)
    guard writing >= 0 else { throw BenchError("no copy of the program can be made beside it: \(Errno(code: errno))") }
    defer { unsafe unlink(name) }
    let written = unsafe contents.withUnsafeBytes { unsafe AtomicFile.writeAll($0, to: writing) }
    let flushed = fsync(writing)
    close(writing)
    guard written == 0 && flushed == 0 else { throw BenchError("no copy of the program can be written beside it") }
    bytes = contents.count
    file = unsafe open(name, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw BenchError("the copy of the program cannot be opened: \(Errno(code: errno))") }
    evict()
    let left = residentPages
    if left != 0 { throw BenchError("\(left.map(String.init) ?? "unknown") pages of the copy stay in the page cache") }
  }

  deinit { close(file) }

  /// Asks the system to forget the pages; those that no process has mapped go.
  package func evict() { _ = posix_fadvise(file, 0, 0, 4) }  // POSIX_FADV_DONTNEED of Linux

  /// Pages that are in the page cache; nil where the system does not tell.
  private var residentPages: Int? {
    let map = unsafe mmap(nil, bytes, PROT_READ, MAP_PRIVATE, file, 0)
    guard let map = unsafe map, unsafe map != MAP_FAILED else { return nil }
    defer { unsafe munmap(map, bytes) }
    var pages = [UInt8](repeating: 0, count: (bytes + 4095) / 4096)
    guard unsafe mincore(map, bytes, &pages) == 0 else { return nil }
    return pages.count { $0 & 1 == 1 }
  }
}
