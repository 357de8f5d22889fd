@testable import Kernels

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
struct CompressionRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

/// Bytes of one kind, made from a seed.
enum CompressionData: String, CaseIterable, Sendable {
  case zeros
  case random
  case text
  case photo
  case periods
  case ramp
  /// Kinds in turn: blocks end where one begins.
  case mixture
  /// The same bytes again at distances about the window's.
  case far

  func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = CompressionRandom(seed)
    switch self {
    case .zeros: return [UInt8](repeating: 0, count: count)
    case .random: return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    case .text:
      // Words of a small vocabulary, some far more often than others.
      let words = (0..<200).map { _ in
        (0..<Int.random(in: 1...9, using: &random)).map { _ in UInt8.random(in: 97...122, using: &random) } + [32]
      }
      var result: [UInt8] = []
      while result.count < count {
        let i = Int.random(in: 0..<200, using: &random) * Int.random(in: 0..<200, using: &random) / 200
        result += words[i]
      }
      return Array(result.prefix(count))
    case .photo:
      // Differences of neighbours: small numbers of both signs, the smaller the more often.
      return (0..<count).map { _ in
        let word = random.next()
        let size = (word & (word >> 20) & 7) * (word >> 40 & 3)
        return UInt8(truncatingIfNeeded: word >> 63 == 0 ? Int(size) : -Int(size))
      }
    case .periods:
      // Runs that repeat what is some bytes back, at short distances above all.
      var result: [UInt8] = [1]
      while result.count < count {
        let distance = min(result.count, Int.random(in: 1...20, using: &random) * (random.next() % 8 == 0 ? 999 : 1))
        for _ in 0..<Int.random(in: 3...300, using: &random) { result.append(result[result.count - distance]) }
        result.append(UInt8.random(in: 0...255, using: &random))
      }
      return Array(result.prefix(count))
    case .mixture:
      let kinds: [Self] = [.text, .photo, .zeros, .random, .periods]
      var result: [UInt8] = []
      while result.count < count {
        let kind = kinds[Int.random(in: 0..<5, using: &random)]
        result += kind.bytes(Int.random(in: 1...30_000, using: &random), seed: random.next())
      }
      return Array(result.prefix(count))
    case .far:
      var result: [UInt8] = []
      while result.count < count {
        let distance = Int.random(in: 32_760...32_775, using: &random)
        let length = Int.random(in: 3...400, using: &random)
        if result.count >= distance {
          result += result[(result.count - distance)...].prefix(length)
        } else {
          result += (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        result.append(UInt8.random(in: 0...255, using: &random))
      }
      return Array(result.prefix(count))
    case .ramp: return (0..<count).map { UInt8(truncatingIfNeeded: $0 % 251) }
    }
  }
}

/// Whether two are equal; a comparison inside an expectation shows how arrays differ, which takes minutes.
func isSame(_ a: @autoclosure () -> [UInt8], _ b: @autoclosure () -> [UInt8]) -> Bool { a() == b() }

/// What a decoder made of a stream.
struct Inflated: Equatable {
  var bytes: [UInt8]
  var consumed: Int?
  var error: InflateError?
}

/// Feeds a core pieces of the input and of the output, and gives what the pieces come to.
func inflateCore(
  _ bytes: [UInt8], limit: Int = 1 << 20, inputPiece: Int = .max, outputPiece: Int = .max,
  kernel: InflateKernel = .kernel(.current)
) -> Inflated {
  var core = InflateCore(kernel: kernel)
  var result = Inflated(bytes: [], consumed: nil, error: nil)
  let output = UnsafeMutableRawBufferPointer.allocate(byteCount: limit, alignment: 1)
  defer { unsafe output.deallocate() }
  var (consumed, position) = (0, 0)
  unsafe bytes.withUnsafeBytes { input in
    var inputEnd = min(inputPiece, input.count)
    var outputEnd = min(outputPiece, limit)
    while true {
      do throws(InflateError) {
        let status = try unsafe core.decode(
          UnsafeRawBufferPointer(rebasing: input[..<inputEnd]), consumed: &consumed,
          into: UnsafeMutableRawBufferPointer(rebasing: output[..<outputEnd]), position: &position,
          isFinalInput: inputEnd == input.count)
        switch status {
        case .needsInput: inputEnd = min(inputEnd + inputPiece, input.count)
        case .outputFull:
          if outputEnd == limit { return }
          outputEnd = min(outputEnd + outputPiece, limit)
        case .finished:
          result.consumed = consumed
          return
        }
      } catch {
        result.error = error
        return
      }
    }
  }
  result.bytes = unsafe Array(output[..<position])
  return result
}
