import Foundation
import Testing

@testable import Kernels

/// NIST's CAVP vectors where they are present: `crypto/hashes/SHA2` in `$KERNELS_DATA`, else in `../shared/data`.
private enum Vectors {
  static let directory: URL? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
    let data =
      ProcessInfo.processInfo.environment["KERNELS_DATA"].map { URL(filePath: $0) }
      ?? package.appending(path: "../shared/data").standardized
    let directory = data.appending(path: "crypto/hashes/SHA2")
    let present = FileManager.default.fileExists(atPath: directory.appending(path: "SHA256ShortMsg.rsp").path)
    if !present { print("SHA-256: no NIST vectors at \(directory.path); generated messages alone are tested.") }
    return present ? directory : nil
  }()

  /// `Name = value` lines in their order.
  static func read(_ file: String) throws -> [(name: String, value: String)] {
    let text = try String(contentsOf: #require(directory).appending(path: file), encoding: .utf8)
    return text.split(whereSeparator: \.isNewline).compactMap { line in
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, !line.hasPrefix("["), !line.hasPrefix("#") else { return nil }
      return (parts[0].trimmingCharacters(in: .whitespaces), parts[1].trimmingCharacters(in: .whitespaces))
    }
  }

  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.utf8.map { UInt8(String(UnicodeScalar($0)), radix: 16)! }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}

/// The SHA Validation System (NIST, 2014), section 6.4: 1000 messages, each of the three digests before it.
private func monteCarlo(_ seed: [UInt8], _ hash: ([UInt8]) -> [UInt8]) -> [UInt8] {
  var (a, b, c) = (seed, seed, seed)
  for _ in 0..<1000 { (a, b, c) = (b, c, hash(a + b + c)) }
  return c
}

private func hash(_ message: [UInt8], _ kernel: SHA256Kernel) -> [UInt8] {
  unsafe message.withUnsafeBytes { unsafe SHA256.hash($0, kernel: kernel) }.array
}

@Suite struct SHA256VectorTests {
  @Test(.enabled(if: Vectors.directory != nil, "NIST vectors are not present"), arguments: SHA256Kernel.supported)
  func shortAndLongMessages(kernel: SHA256Kernel) throws {
    for (file, count) in [("SHA256ShortMsg.rsp", 65), ("SHA256LongMsg.rsp", 64)] {
      var (length, message, checked) = (0, [UInt8](), 0)
      for (name, value) in try Vectors.read(file) {
        switch name {
        case "Len": length = Int(value)! / 8
        case "Msg": message = Array(Vectors.bytes(value).prefix(length))
        case "MD":
          #expect(hexadecimal(hash(message, kernel)) == value, "\(file), \(length) bytes")
          checked += 1
        default: break
        }
      }
      #expect(checked == count)
    }
  }

  @Test(.enabled(if: Vectors.directory != nil, "NIST vectors are not present"), arguments: SHA256Kernel.supported)
  func monteCarloOfNIST(kernel: SHA256Kernel) throws {
    var (seed, checked) = ([UInt8](), 0)
    for (name, value) in try Vectors.read("SHA256Monte.rsp") {
      switch name {
      case "Seed": seed = Vectors.bytes(value)
      case "MD":
        seed = monteCarlo(seed) { hash($0, kernel) }
        #expect(hexadecimal(seed) == value, "COUNT = \(checked)")
        checked += 1
      default: break
      }
    }
    #expect(checked == 100)
  }

  @Test(arguments: SHA256Kernel.supported)
  func monteCarloAgainstLibcrypto(kernel: SHA256Kernel) {
    var ours = patternedBytes(32)
    for round in 0..<5 {
      let theirs = monteCarlo(ours) { Libcrypto.sha256($0).array }
      ours = monteCarlo(ours) { hash($0, kernel) }
      #expect(ours == theirs, "round \(round)")
    }
  }

  /// Lengths past those that every test takes, one of them of many pages.
  @Test(arguments: SHA256Kernel.supported)
  func generatedLengths(kernel: SHA256Kernel) {
    var random = SplitMix64(state: 3)
    let bytes = patternedBytes(1_000_003)
    for length in (0..<50).map({ _ in Int.random(in: 1100...100_000, using: &random) }) + [1 << 16, 1_000_003] {
      let message = Array(bytes[..<length])
      #expect(hash(message, kernel) == Libcrypto.sha256(message).array, "\(length) bytes")
    }
  }
}
