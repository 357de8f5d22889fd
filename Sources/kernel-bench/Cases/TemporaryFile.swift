import BenchHarness
import KernelBenchmark
import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file without a name, in the page cache; it goes with the value.
@safe
final class TemporaryFile {
  private let descriptor: Int32
  private let path: String
  private var scratch = Scratch()

  init(_ bytes: UnsafeRawBufferPointer) throws(BenchError) {
    var name = Array("/tmp/kernel-bench-XXXXXX".utf8CString)
    descriptor = unsafe name.withUnsafeMutableBufferPointer { unsafe mkstemp($0.baseAddress!) }
    guard descriptor >= 0 else {
      throw BenchError("cannot make a file in /tmp: \(unsafe String(cString: strerror(errno)))")
    }
    unsafe unlink(name)
    path = "/proc/self/fd/\(descriptor)"
    var written = 0
    while written < bytes.count {
      let count = unsafe write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      guard count > 0 else { throw BenchError("cannot write to /tmp: \(unsafe String(cString: strerror(errno)))") }
      written += count
    }
  }

  deinit { close(descriptor) }

  /// `iterations` times the SHA-256 of the file, opened anew each time.
  func hash(_ iterations: Int) throws {
    for _ in 0..<iterations { blackHole(try SHA256.hash(file: path, scratch: &scratch)) }
  }
}
