import BenchHarness
import Kernels

extension KernelCases {
  /// DEFLATE both ways, raw and as gzip, and Adler-32. Speed is of the bytes that are not compressed.
  func compressions(_ context: CaseContext) -> [CaseSeries] {
    let peers = context.kernelAlone ? [] : CompressionPeer.all
    let inflates = [("inflate", DeflateFormat.raw), ("gunzip", .gzip)].map { name, format in
      compression(name, row: "inflate", peers: peers.filter { $0.inflater(format) != nil }, absent: peers) {
        try CompressionWork($0.bytes()).inflating(format: format, peers: peers)
      }
    }
    let deflates = [
      ("deflate-1", DeflateFormat.raw, 1), ("deflate-6", .raw, 6), ("deflate-8", .raw, 8), ("deflate-9", .raw, 9),
      ("gzip-6", .gzip, 6),
    ]
    .map { name, format, level in
      compression(name, row: "deflate", peers: peers.filter { $0.deflater(format, level) != nil }, absent: peers) {
        try CompressionWork($0.bytes()).deflating(format: format, level: level, peers: peers)
      }
    }
    let adler = checksum(
      context, Adler32.self, rows: AdlerKernel.kernels.map { ($0.name, $0.requires) }, "adler32",
      peers: ChecksumPeer.adler32)
    return inflates + deflates + adler
  }

  /// - Parameter peers: those that can do it; of `absent` those are named too that are not there.
  private func compression(
    _ name: String, row: String, peers: [CompressionPeer], absent: [CompressionPeer],
    prepare: @escaping (CompressionData) throws -> [Contender]
  ) -> CaseSeries {
    let data = CompressionData.all
    let points = data.map { CaseSeries.Point($0.byteCount, label: $0.name, isLong: $0.isLong) }
    let shown = peers.map(\.peer) + absent.map(\.peer).filter { $0.absent != nil }
    return CaseSeries(name: name, points: points) { point, caseName in
      let data = data.first { $0.name == point.label } ?? data[0]
      return BenchmarkCase(
        name: caseName, series: name, size: point.size, parameters: [.init("bytes", point.size)], unit: .bytes,
        row: row,
        ceiling: .none(reason: "what the symbols of a stream allow is not known before"), workingSet: 3 * point.size,
        peers: shown
      ) { try prepare(data) }
    }
  }
}

/// What is compressed.
struct CompressionData {
  let name: String
  /// Of what is not compressed; of a file, at a guess, for it is read when it is measured.
  let byteCount: Int
  let isLong: Bool
  let bytes: () throws -> [UInt8]

  /// Text, and the filtered rows of a photo, which the benchmark generates; what PNG and JSON files of `KERNELS_DATA` hold.
  static var all: [CompressionData] {
    let texts = [(64 << 10, "text-64KiB"), (1 << 20, "text-1MiB")].map { count, name in
      CompressionData(name: name, byteCount: count, isLong: false) { text(count) }
    }
    let size = PNGWork.Picture.photo2M.size
    let photo = CompressionData(name: "photo-rows", byteCount: (3 * size.width + 1) * size.height, isLong: false) {
      try rows(PNGWork(.photo2M).file)
    }
    let photos = DataFolder.files("png/photos", ending: ".png").map { name, path in
      CompressionData(name: name, byteCount: photo.byteCount, isLong: true) { try rows(InputFile(path: path).bytes) }
    }
    let documents = DataFolder.files("json", ending: "json").map { name, path in
      CompressionData(name: name, byteCount: photo.byteCount, isLong: true) { try InputFile(path: path).bytes }
    }
    return texts + [photo] + photos + documents
  }

  /// Words of a made-up language, some of them often: the n-th of them a 1/n-th as often as the first (Zipf).
  private static func text(_ count: Int) -> [UInt8] {
    var random = SplitMix64(seed: 5)
    let words = (0..<2000).map { _ in
      (0..<2 + random.next() % 8).map { _ in 97 + UInt8(truncatingIfNeeded: min(random.next() % 26, random.next() % 26))
      }
    }
    // A random power of the number of words has that distribution, for its logarithm is even.
    var text: [UInt8] = []
    while text.count < count {
      var place = 1.0
      for bit in 0..<16 where random.next() & 1 == 1 { place *= Self.roots[bit] }
      text += words[min(Int(place) - 1, words.count - 1)]
      text += random.next() % 12 == 0 ? [46, 10] : [32]
    }
    return Array(text[..<count])
  }

  /// 2000 to the powers of 1/2, 1/4, 1/8 ...
  private static let roots: [Double] = (1...16).map { bit in (0..<bit).reduce(2000.0) { root, _ in root.squareRoot() } }

  /// What the image data of a PNG file inflates to: rows with their filters on.
  private static func rows(_ file: [UInt8]) throws -> [UInt8] {
    var stream: [UInt8] = []
    var at = 8
    while at + 12 <= file.count {
      let length = file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard at + 12 + length <= file.count else { break }
      if file[at + 4..<at + 8].elementsEqual("IDAT".utf8) { stream += file[at + 8..<at + 8 + length] }
      at += 12 + length
    }
    return unsafe try Inflate.inflate(stream.span.bytes, format: .zlib, maximumByteCount: 1 << 30)
  }
}
