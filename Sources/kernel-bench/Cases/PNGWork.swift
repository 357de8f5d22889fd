import BenchHarness
import KernelBenchmark
import Kernels

/// An image, as pixels and as a file, and what is done with it; or many small ones.
@safe
final class PNGWork {
  let files: [[UInt8]]
  /// Of the first file, or of each.
  private let info: PNGInfo
  private let layout: PixelLayout
  private let pixels: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableRawBufferPointer
  private var outputCount = 0
  private var resizer = PNGResizer()
  private var decoder = PNGDecoder()
  private var encoder = PNGEncoder()

  /// Files, of the first of which the pixels are known.
  private init(files: [[UInt8]], info: PNGInfo, pixels bytes: [UInt8]) {
    (self.files, self.info, layout) = (files, info, info.layout)
    unsafe pixels = .allocate(byteCount: bytes.count, alignment: 64)
    unsafe pixels.copyBytes(from: bytes)
    unsafe output = .allocate(byteCount: bytes.count * 5 / 4 + 65536, alignment: 64)
  }

  /// A file of the user's.
  convenience init(file: [UInt8]) throws {
    let image = try unsafe PNG.decode(file.span.bytes)
    self.init(files: [file], info: image.info, pixels: image.pixels)
  }

  /// What the benchmark draws, stored at level 6.
  convenience init(_ picture: Picture) throws {
    let (size, layout) = (picture.size, picture.layout)
    let drawn = (0..<picture.count).map { picture.draw(seed: UInt64($0)) }
    let files = try drawn.map { bytes in
      if picture == .interlaced {
        return unsafe bytes.withUnsafeBytes {
          unsafe LibpngPeer.interlaced($0, width: size.width, height: size.height)
        }
      }
      return try unsafe PNG.encode(
        bytes.span.bytes, size: size, layout: layout, options: PNGEncodingOptions(compression: 6))
    }
    let first = files[0]
    self.init(files: files, info: try unsafe PNG.inspect(first.span.bytes), pixels: drawn[0])
  }

  deinit {
    unsafe pixels.deallocate()
    unsafe output.deallocate()
  }

  var file: [UInt8] { files[0] }
  private var pixelCount: Double { Double(info.width * info.height * files.count) }

  // MARK: - Contenders

  func decoding(row: String, withPeer: Bool) throws -> [Contender] {
    let (source, target) = unsafe (file, output)
    let row = [
      Contender(row, role: .kernel, work: pixelCount) { iterations in
        let options = PNGDecodingOptions()
        let stride = self.info.width * self.layout.channels * self.layout.bits / 8
        try repeating(iterations) {
          _ = unsafe try self.decoder.decode(source.span.bytes, options: options, into: target, stride: stride)
        }
      }
    ]
    guard withPeer else { return row }
    var peers = [
      Contender(LibpngPeer.peer.name, role: .peer, work: pixelCount) { iterations in
        repeating(iterations) { unsafe source.withUnsafeBytes { unsafe LibpngPeer.decode($0, into: target) } }
      }
    ]
    if LibspngPeer.shared.decodes(info) {
      let info = info
      peers.append(
        Contender(LibspngPeer.shared.peer.name, role: .peer, work: pixelCount) { iterations in
          repeating(iterations) {
            self.outputCount = unsafe source.withUnsafeBytes {
              unsafe LibspngPeer.shared.decode($0, info, into: target)
            }
          }
        })
    }
    let count = unsafe pixels.count
    return try (row + peers).inAgreement { unsafe Array(target[..<count]) }
  }

  /// - Parameter level: of ours; libpng's is 6, its default.
  func encoding(row: String, level: Int, withPeer: Bool) throws -> [Contender] {
    let pixels = unsafe UnsafeRawBufferPointer(pixels)
    let size = info.size
    let kernel = Contender(row, role: .kernel, work: pixelCount) { iterations in
      try repeating(iterations) {
        unsafe try self.encoder.encode(
          pixels, size: size, layout: self.layout, options: PNGEncodingOptions(compression: level))
      }
    }
    guard withPeer else { return [kernel] }
    try kernel.body(1)
    try check(encoder.output, of: kernel)
    let peer = Contender(LibpngPeer.peer.name, role: .peer, work: pixelCount) { iterations in
      repeating(iterations) {
        self.outputCount = unsafe LibpngPeer.encode(
          pixels, width: size.width, height: size.height, channels: self.layout.channels, level: 6, into: self.output)
      }
    }
    try peer.body(1)
    try check(unsafe Array(output[..<outputCount]), of: peer)
    return [kernel, peer]
  }

  /// A file that was made has the pixels again.
  private func check(_ file: [UInt8], of contender: Contender) throws {
    let back = try unsafe PNG.decode(file.span.bytes)
    guard unsafe back.layout == layout && back.pixels.elementsEqual(pixels) else {
      throw BenchError("the file of \(contender.name) has other pixels")
    }
  }

  /// - Parameters:
  ///   - besideLargest: whether the rival is the first size alone, and not libvips.
  ///   - keepsMemory: whether a resizer is kept for the next call.
  func resizing(
    row: String, to widths: [Int], withPeer: Bool = false, besideLargest: Bool = false, keepsMemory: Bool = true
  ) throws -> [Contender] {
    let files = files
    let targets = widths.map { PNGResizeTarget(width: $0, height: 0) }
    let kernel = Contender(row, role: .kernel, work: pixelCount) { iterations in
      try repeating(iterations) {
        for file in files {
          if keepsMemory {
            unsafe try self.resizer.resize(file.span.bytes, to: targets)
          } else {
            var resizer = PNGResizer()
            unsafe try resizer.resize(file.span.bytes, to: targets)
          }
        }
      }
    }
    if besideLargest {
      let alone = Contender("the largest alone", role: .peer, work: pixelCount) { iterations in
        try repeating(iterations) {
          for file in files { unsafe try self.resizer.resize(file.span.bytes, to: [targets[0]]) }
        }
      }
      return [kernel, alone]
    }
    guard withPeer && LibvipsPeer.shared.isPresent else { return [kernel] }
    let output = unsafe output
    let peer = Contender(LibvipsPeer.shared.peer.name, role: .peer, work: pixelCount) { iterations in
      repeating(iterations) {
        for file in files {
          for width in widths {
            self.outputCount = unsafe file.withUnsafeBytes {
              unsafe LibvipsPeer.shared.resize($0, width: width, into: output)
            }
          }
        }
      }
    }
    // Of several files and sizes, libvips leaves the last.
    for file in files { unsafe try resizer.resize(file.span.bytes, to: targets) }
    try peer.body(1)
    try PNGLikeness.check(
      resizer.output(widths.count - 1), unsafe Array(output[..<outputCount]), names: (kernel.name, peer.name))
    return [kernel, peer]
  }
}
