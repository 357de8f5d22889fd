import CZlib
import Testing

@testable import Kernels

@Suite struct InflateCoreTests {
  @Test(arguments: CompressionData.allCases)
  func whatZlibDeflates(data: CompressionData) {
    for count in [0, 1, 2, 3, 10, 257, 258, 259, 1000, 32768, 70_000] {
      let bytes = data.bytes(count)
      for level: CInt in [0, 1, 6, 9] {
        for strategy in [Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED] {
          let stream = ZlibOracle.deflate(
            bytes, .raw, level: level, strategy: strategy, memoryLevel: level == 1 ? 1 : 8)
          let result = inflateCore(stream)
          #expect(isSame(result.bytes, bytes), "\(count) bytes, level \(level)")
          #expect(result.consumed == stream.count)
        }
      }
    }
  }

  @Test(arguments: CompressionData.allCases)
  func everySplitOfInput(data: CompressionData) {
    let bytes = data.bytes(1500)
    for stream in [
      ZlibOracle.deflate(bytes, .raw, memoryLevel: 1),
      ZlibOracle.deflate(bytes, .raw, strategy: Z_FIXED, flushEvery: 400),
    ] {
      for piece in [1, 2, 3, 5, 8, 9, 31] {
        let result = inflateCore(stream, inputPiece: piece)
        #expect(isSame(result.bytes, bytes), "pieces of \(piece)")
        #expect(result.consumed == stream.count)
      }
    }
  }

  @Test(arguments: CompressionData.allCases)
  func everySplitOfOutput(data: CompressionData) {
    let bytes = data.bytes(2500)
    let stream = ZlibOracle.deflate(bytes, .raw, memoryLevel: 2) + [1, 2, 3]
    for piece in [1, 2, 3, 7, 258, 300, 1000] {
      for inputPiece in [1, 7, .max] {
        let result = inflateCore(stream, inputPiece: inputPiece, outputPiece: piece)
        #expect(isSame(result.bytes, bytes), "pieces of \(piece)")
        #expect(result.consumed == stream.count - 3)
      }
    }
  }

  /// Bits flipped and bytes replaced: the same bytes come out of both, and both accept or refuse.
  @Test func whatZlibRefuses() {
    var random = CompressionRandom(7)
    for round in 0..<3000 {
      let data = CompressionData.allCases[round % CompressionData.allCases.count]
      let bytes = data.bytes(Int.random(in: 0...1200, using: &random), seed: UInt64(round))
      var stream = ZlibOracle.deflate(
        bytes, .raw, level: CInt(round % 10), strategy: CInt(round % 5), memoryLevel: 1 + CInt(round % 8))
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let i = Int.random(in: 0..<min(stream.count, 200), using: &random)
        stream[i] ^= 1 << UInt8.random(in: 0...7, using: &random)
      }
      if round % 3 == 0 { stream.removeLast(Int.random(in: 0..<stream.count, using: &random)) }
      let expected = ZlibOracle.inflate(stream, .raw, limit: 1 << 16)
      let result = inflateCore(
        stream, limit: 1 << 16, inputPiece: round % 2 == 0 ? .max : 1 + round % 13,
        outputPiece: round % 4 < 2 ? .max : 1 + round % 290)
      #expect(result.consumed == expected.consumed, "round \(round)")
      #expect(isSame(result.bytes, expected.bytes), "round \(round), \(String(describing: result.error))")
    }
  }

  /// Every row of the table, on streams whose codes are of every length, against the bytes that were deflated; and cut and with flipped
  /// bits, against zlib.
  @Test func everyRow() {
    var random = CompressionRandom(11)
    for kernel in InflateKernel.kernels where CPUFeatures.detected.isSuperset(of: kernel.requires) {
      for data in CompressionData.allCases {
        for count in [1, 299, 300, 301, 5000, 32_767, 32_768, 32_769, 70_000] {
          for (level, memoryLevel): (CInt, CInt) in [(1, 1), (6, 8), (9, 9)] {
            let bytes = data.bytes(count, seed: UInt64(count))
            var stream = ZlibOracle.deflate(bytes, .raw, level: level, memoryLevel: memoryLevel)
            let result = inflateCore(stream, kernel: kernel)
            #expect(isSame(result.bytes, bytes), "\(kernel.name), \(data), \(count) bytes, level \(level)")
            #expect(result.consumed == stream.count)
            stream[Int.random(in: 0..<stream.count, using: &random)] ^= 1 << UInt8.random(in: 0...7, using: &random)
            let expected = ZlibOracle.inflate(stream, .raw)
            let flipped = inflateCore(stream, kernel: kernel)
            #expect(flipped.consumed == expected.consumed, "\(kernel.name), \(data), \(count) bytes, level \(level)")
            #expect(isSame(flipped.bytes, expected.bytes))
          }
        }
      }
    }
  }

  /// Matches at each distance of 1 to 40, and of each length: those that overlap themselves go other ways than those that do not.
  @Test func everyDistance() {
    for kernel in InflateKernel.kernels where CPUFeatures.detected.isSuperset(of: kernel.requires) {
      for distance in 1...40 {
        var bytes = CompressionData.random.bytes(distance, seed: UInt64(distance))
        var lengths = Array(3...258)
        lengths.shuffle()
        for length in lengths {
          for _ in 0..<length { bytes.append(bytes[bytes.count - distance]) }
          bytes.append(UInt8(truncatingIfNeeded: length &* 7))
        }
        for level: CInt in [1, 9] {
          let stream = ZlibOracle.deflate(bytes, .raw, level: level)
          #expect(isSame(inflateCore(stream, kernel: kernel).bytes, bytes), "\(kernel.name), distance \(distance)")
        }
      }
    }
  }
}
