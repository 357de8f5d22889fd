import Foundation
import Testing

@testable import Kernels

/// A colour type and a depth that go together: there are fifteen.
struct PNGKind: Hashable, Sendable, CustomTestStringConvertible {
  let colorType: PNGInfo.ColorType
  let bitDepth: Int

  static let all: [PNGKind] = PNGInfo.ColorType.allCases.flatMap { color in
    [1, 2, 4, 8, 16].filter { color.allows(depth: $0) }.map { PNGKind(colorType: color, bitDepth: $0) }
  }

  var testDescription: String { "\(colorType) \(bitDepth)" }

  /// A smooth image with noise, as stored rows; bits beyond a row's last pixel are zero.
  func rows(width: Int, height: Int, seed: UInt64) -> [UInt8] {
    var random = CompressionRandom(seed)
    let bits = bitDepth * colorType.storedChannels
    let rowBytes = (width * bits + 7) / 8
    var result = [UInt8](repeating: 0, count: rowBytes * height)
    for y in 0..<height {
      for i in 0..<rowBytes {
        let noise = UInt8(truncatingIfNeeded: random.next() & 7)
        result[y * rowBytes + i] = UInt8(truncatingIfNeeded: i * 3 + y * 5 + (i * y) / 16) &+ noise
      }
      let used = width * bits & 7
      if used > 0 { result[y * rowBytes + rowBytes - 1] &= UInt8(truncatingIfNeeded: 0xff00 >> used) }
    }
    return result
  }

  var palette: [UInt8] {
    colorType == .palette ? (0..<3 << bitDepth).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) } : []
  }

  /// One that makes something transparent.
  func transparency(_ rows: [UInt8]) -> [UInt8] {
    switch colorType {
    case .palette: return (0..<(1 << bitDepth) * 3 / 4).map { UInt8(truncatingIfNeeded: $0 * 91 + 5) }
    case .grey: return bitDepth == 16 ? Array(rows.prefix(2)) : [0, rows[0] >> (8 - UInt8(bitDepth))]
    case .rgb: return bitDepth == 16 ? Array(rows.prefix(6)) : [0, rows[0], 0, rows[1], 0, rows[2]]
    default: return []
    }
  }
}

enum PNGTestBudget {
  /// Checks of every index and every overflow are on: the same tests over less.
  static let isDebug: Bool = {
    #if DEBUG
      true
    #else
      false
    #endif
  }()
}

enum PNGFiles {
  /// The folder of real files, where there is one.
  static let folder: URL? = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let candidates = [
      ProcessInfo.processInfo.environment["KERNELS_DATA"].map { URL(fileURLWithPath: $0) },
      root.appendingPathComponent("../shared/data").standardized,
    ].compactMap { $0?.appendingPathComponent("png") }
    return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  static func names(_ folder: String) -> [String] {
    guard let url = Self.folder?.appendingPathComponent(folder) else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter { $0.hasSuffix(".png") }.sorted()
  }

  static func read(_ folder: String, _ name: String) throws -> [UInt8] {
    guard let url = Self.folder else { throw CocoaError(.fileNoSuchFile) }
    return [UInt8](try Data(contentsOf: url.appendingPathComponent(folder).appendingPathComponent(name)))
  }
}

/// Chunks put together by hand.
enum PNGBuilder {
  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

  static func chunk(_ name: String, _ data: [UInt8] = []) -> [UInt8] {
    let body = Array(name.utf8) + data
    let checksum = unsafe CRC32.checksum(of: body.span.bytes)
    return word(UInt32(data.count)) + body + word(checksum)
  }

  static func header(
    _ width: UInt32 = 4, _ height: UInt32 = 4, depth: UInt8 = 8, color: UInt8 = 0, compression: UInt8 = 0,
    filter: UInt8 = 0, interlace: UInt8 = 0
  ) -> [UInt8] {
    chunk("IHDR", word(width) + word(height) + [depth, color, compression, filter, interlace])
  }

  /// A good file: 4 x 4 grey, all 7.
  static func file(
    header: [UInt8] = header(), before: [UInt8] = [], image: [UInt8]? = nil, after: [UInt8] = [],
    end: [UInt8] = chunk("IEND")
  ) -> [UInt8] {
    let stream = ZlibOracle.deflate([0, 7, 7, 7, 7, 0, 7, 7, 7, 7, 2, 0, 0, 0, 0, 0, 7, 7, 7, 7], .zlib)
    return signature + header + before + (image ?? chunk("IDAT", stream)) + after + end
  }
}

extension PNG {
  static func inspect(array file: [UInt8]) throws(PNGError) -> PNGInfo { unsafe try inspect(file.span.bytes) }

  static func decode(_ file: [UInt8], channels: Int? = nil, bits: Int? = nil) throws(PNGError) -> PNGImage {
    unsafe try decode(file.span.bytes, options: PNGDecodingOptions(channels: channels, bits: bits))
  }
}
