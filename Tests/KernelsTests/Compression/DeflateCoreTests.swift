import Testing

@testable import Kernels

/// What a compressor writes, fed with pieces of the input and of the output.
func deflateCore(
  _ bytes: [UInt8], level: Int, inputPiece: Int = .max, outputPiece: Int = .max
) -> [UInt8] {
  guard var core = DeflateCore(level: level) else { fatalError("no memory") }
  return deflateCore(&core, bytes, inputPiece: inputPiece, outputPiece: outputPiece)
}

func deflateCore(
  _ core: inout DeflateCore, _ bytes: [UInt8], inputPiece: Int = .max, outputPiece: Int = .max
) -> [UInt8] {
  let limit = DeflateCore.mostDeflated(bytes.count)
  return unsafe [UInt8](unsafeUninitializedCapacity: limit) { output, count in
    unsafe bytes.withUnsafeBytes { input in
      var consumed = 0
      var inputEnd = min(inputPiece, input.count)
      var outputEnd = min(outputPiece, limit)
      while true {
        let status = unsafe core.encode(
          UnsafeRawBufferPointer(rebasing: input[..<inputEnd]), consumed: &consumed,
          into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(output)[..<outputEnd]),
          position: &count, isFinalInput: inputEnd == input.count)
        switch status {
        case .needsInput: inputEnd = min(inputEnd + inputPiece, input.count)
        case .outputFull:
          precondition(outputEnd < limit, "the output is longer than was promised")
          outputEnd = min(outputEnd + outputPiece, limit)
        case .finished: return
        }
      }
    }
  }
}

@Suite struct DeflateCoreTests {
  @Test(arguments: CompressionData.allCases, 0...9)
  func zlibInflatesIt(data: CompressionData, level: Int) {
    for count in [
      0, 1, 2, 3, 4, 5, 8, 100, 257, 258, 259, 5000, 32_767, 32_768, 32_769, 65_534, 65_535, 65_536, 65_537,
      PNGTestBudget.isDebug ? 70_000 : 150_000,
    ] {
      let bytes = data.bytes(count)
      let stream = deflateCore(bytes, level: level)
      let inflated = ZlibOracle.inflate(stream, .raw)
      #expect(inflated.consumed == stream.count, "\(count) bytes")
      #expect(isSame(inflated.bytes, bytes), "\(count) bytes")
      #expect(isSame(inflateCore(stream).bytes, bytes), "\(count) bytes")
    }
  }

  @Test(arguments: [0, 1, 3, 6, 9])
  func piecesOfOutputChangeNothing(level: Int) {
    for data in CompressionData.allCases {
      let bytes = data.bytes(3000)
      let whole = deflateCore(bytes, level: level)
      for piece in [1, 2, 7, 8, 9, 100] {
        #expect(isSame(deflateCore(bytes, level: level, outputPiece: piece), whole), "\(data), pieces of \(piece)")
      }
    }
  }

  @Test(arguments: [0, 1, 2, 6, 8])
  func piecesOfInput(level: Int) {
    for data in CompressionData.allCases {
      for piece in [1, 3, 700, 40_000] {
        let bytes = data.bytes(piece < 100 ? 4000 : 140_000)
        let stream = deflateCore(bytes, level: level, inputPiece: piece, outputPiece: piece)
        #expect(isSame(ZlibOracle.inflate(stream, .raw).bytes, bytes), "\(data), pieces of \(piece)")
      }
    }
  }

  @Test(arguments: [0, 1, 2, 6, 9])
  func aCoreIsUsedAgain(level: Int) {
    guard var core = DeflateCore(level: level) else { fatalError("no memory") }
    for data in CompressionData.allCases {
      let bytes = data.bytes(90_000)
      core.reset()
      #expect(isSame(deflateCore(&core, bytes), deflateCore(bytes, level: level)), "\(data)")
    }
  }

  /// More effort is not more bytes, but for what a search cannot know.
  @Test func higherLevelsAreSmaller() {
    for data in [CompressionData.text, .photo, .periods, .mixture] {
      let bytes = data.bytes(200_000)
      let counts = [1, 3, 6, 9].map { deflateCore(bytes, level: $0).count }
      for (fast, slow) in zip(counts, counts.dropFirst()) { #expect(slow <= fast + fast / 100, "\(data): \(counts)") }
      let theirs = ZlibOracle.deflate(bytes, .raw, level: 9).count
      #expect(counts[3] <= theirs + (data == .periods ? theirs / 32 : 0), "\(data)")
    }
  }

  /// Many searches in vain do not keep later matches from being found; a block may have some of both.
  @Test(arguments: 1...7)
  func textAfterNoise(level: Int) {
    let noise = CompressionData.photo.bytes(600_000)
    let text = CompressionData.text.bytes(100_000)
    let apart = deflateCore(noise, level: level).count + deflateCore(text, level: level).count
    let together = deflateCore(noise + text, level: level).count
    #expect(together <= apart + apart / 50, "\(together), \(apart) apart")
  }

  /// What does not get smaller is stored.
  @Test(arguments: 0...9)
  func randomBytesHardlyGrow(level: Int) {
    let bytes = CompressionData.random.bytes(300_000)
    #expect(deflateCore(bytes, level: level).count <= bytes.count + 5 * 14)
  }
}
