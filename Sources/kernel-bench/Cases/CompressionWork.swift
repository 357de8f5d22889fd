import BenchHarness
import KernelBenchmark
import Kernels

/// Bytes, what they deflate to, and room for either.
@safe
final class CompressionWork {
  private let bytes: [UInt8]
  private let output: UnsafeMutableRawBufferPointer
  private var written = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    unsafe output = .allocate(byteCount: Deflate.mostDeflated(of: bytes.count, format: .gzip) + 1024, alignment: 64)
  }

  deinit { unsafe output.deallocate() }

  /// zlib's stream of level 6, inflated by all, after each has given the bytes.
  func inflating(format: DeflateFormat, peers: [CompressionPeer]) throws -> [Contender] {
    guard let deflate = CompressionPeer.zlib.deflater(format, 6) else { throw BenchError("zlib has no deflate") }
    let output = unsafe output
    let count = unsafe bytes.withUnsafeBytes { unsafe deflate($0, output) }
    let stream = unsafe Array(output[..<count])
    let work = Double(bytes.count)
    let box = Box(Inflate(format))
    let kernel = Contender("inflate", role: .kernel, work: work) { iterations in
      try unsafe stream.withUnsafeBytes { stream in
        try repeating(iterations) { self.written = unsafe try box.value.inflate(stream, into: output) }
      }
    }
    let others = peers.compactMap { peer in
      peer.inflater(format).map { inflate in
        Contender(peer.peer.name, role: .peer, work: work) { iterations in
          unsafe stream.withUnsafeBytes { stream in
            repeating(iterations) { self.written = unsafe inflate(stream, output) }
          }
        }
      }
    }
    if others.isEmpty { return [kernel] }
    return try ([kernel] + others).inAgreement { unsafe Array(output[..<self.written]) }.giving(bytes) {
      unsafe Array(output[..<self.written])
    }
  }

  /// The bytes deflated by all, after what each has made has been inflated by zlib.
  func deflating(format: DeflateFormat, level: Int, peers: [CompressionPeer]) throws -> [Contender] {
    guard let inflate = CompressionPeer.zlib.inflater(format) else { throw BenchError("zlib has no inflate") }
    let (output, bytes) = unsafe (output, bytes)
    let work = Double(bytes.count)
    let box = try Box(Deflate(format, level: level))
    let kernel = Contender("deflate", role: .kernel, work: work) { iterations in
      unsafe bytes.withUnsafeBytes { bytes in
        repeating(iterations) { self.written = unsafe box.value.deflate(bytes, into: output) ?? 0 }
      }
    }
    let others = peers.compactMap { peer in
      peer.deflater(format, level).map { deflate in
        Contender(peer.peer.name, role: .peer, work: work) { iterations in
          unsafe bytes.withUnsafeBytes { bytes in
            repeating(iterations) { self.written = unsafe deflate(bytes, output) }
          }
        }
      }
    }
    if others.isEmpty { return [kernel] }
    let back = {
      unsafe [UInt8](unsafeUninitializedCapacity: bytes.count + 1) { memory, count in
        count = unsafe inflate(
          UnsafeRawBufferPointer(rebasing: output[..<self.written]), UnsafeMutableRawBufferPointer(memory))
      }
    }
    return try ([kernel] + others).inAgreement(back).giving(bytes, back)
  }

  /// A value that is not copied, for a closure to change.
  private final class Box<Value: ~Copyable> {
    var value: Value

    init(_ value: consuming Value) { self.value = value }
  }
}

extension [Contender] {
  /// The same contenders, after the last of them, which gave what all gave, has given `expected`.
  fileprivate func giving(_ expected: [UInt8], _ result: () -> [UInt8]) throws -> Self {
    guard result() == expected else { throw BenchError("\(self[0].name) does not give the bytes back") }
    return self
  }
}
