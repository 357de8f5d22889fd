import Foundation
import Testing

@testable import Kernels

/// NIST's CAVP vectors where they are present: `crypto/hashes` in `$KERNELS_DATA`, else in `../shared/data`.
private enum Vectors {
  static let directory: URL? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
    let data =
      ProcessInfo.processInfo.environment["KERNELS_DATA"].map { URL(filePath: $0) }
      ?? package.appending(path: "../shared/data").standardized
    let directory = data.appending(path: "crypto/hashes")
    let present = FileManager.default.fileExists(atPath: directory.appending(path: "SHA2/SHA256ShortMsg.rsp").path)
    if !present { print("Hashes: no NIST vectors at \(directory.path); generated messages alone are tested.") }
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
}

/// The SHA Validation System (NIST, 2014), section 6.4: 1000 messages, each of the three digests before it; for SHA-3 (the
/// SHA-3 Validation System, NIST, 2016, section 6.2.3) of the one.
private func monteCarlo(_ seed: [UInt8], of subject: String, _ hash: ([UInt8]) -> [UInt8]) -> [UInt8] {
  if subject.hasPrefix("SHA3-") { return (0..<1000).reduce(seed) { digest, _ in hash(digest) } }
  var (a, b, c) = (seed, seed, seed)
  for _ in 0..<1000 { (a, b, c) = (b, c, hash(a + b + c)) }
  return c
}

/// The files of a function, by libcrypto's name of it; nil where NIST has none.
private func files(_ subject: String) -> String? {
  switch subject {
  case "SHA224", "SHA256", "SHA384", "SHA512": "SHA2/\(subject)"
  case "SHA512-256": "SHA2/SHA512_256"
  case "SHA3-256": "SHA3/SHA3_256"
  case "SHA3-512": "SHA3/SHA3_512"
  case "SHA1": "SHA1/SHA1"
  default: nil
  }
}

private func hash(_ message: [UInt8], _ row: HashSubject.Row) -> [UInt8] {
  unsafe message.withUnsafeBytes { unsafe row.hash($0) }
}

@Suite struct HashVectorTests {
  static let rows = HashSubject.allRows.filter { files($0.subject) != nil }

  /// Of the hundred results of a file, each of which hangs on those before, as many as unoptimised code does in seconds.
  #if DEBUG
    static let monteCarloCounts = 3
  #else
    static let monteCarloCounts = 100
  #endif

  @Test(.enabled(if: Vectors.directory != nil, "NIST vectors are not present"), arguments: rows)
  func shortAndLongMessages(row: HashSubject.Row) throws {
    for kind in ["ShortMsg", "LongMsg"] {
      var (length, message, checked) = (0, [UInt8](), 0)
      for (name, value) in try Vectors.read(files(row.subject)! + kind + ".rsp") {
        switch name {
        case "Len": length = Int(value)! / 8
        case "Msg": message = Array(bytes(value).prefix(length))
        case "MD":
          #expect(hexadecimal(hash(message, row)) == value, "\(kind), \(length) bytes")
          checked += 1
        default: break
        }
      }
      #expect(checked >= 64)
    }
  }

  @Test(.enabled(if: Vectors.directory != nil, "NIST vectors are not present"), arguments: rows)
  func monteCarloOfNIST(row: HashSubject.Row) throws {
    var (seed, checked) = ([UInt8](), 0)
    for (name, value) in try Vectors.read(files(row.subject)! + "Monte.rsp") where checked < Self.monteCarloCounts {
      switch name {
      case "Seed": seed = bytes(value)
      case "MD":
        seed = monteCarlo(seed, of: row.subject) { hash($0, row) }
        #expect(hexadecimal(seed) == value, "COUNT = \(checked)")
        checked += 1
      default: break
      }
    }
    #expect(checked == Self.monteCarloCounts)
  }

  @Test(arguments: HashSubject.allRows)
  func monteCarloAgainstLibcrypto(row: HashSubject.Row) {
    var ours = patternedBytes(HashSubject[row.subject].digestByteCount)
    for round in 0..<(isOptimised ? 2 : 1) {
      let theirs = monteCarlo(ours, of: row.subject) { Libcrypto.digest(row.subject, $0) }
      ours = monteCarlo(ours, of: row.subject) { hash($0, row) }
      #expect(ours == theirs, "round \(round)")
    }
  }

  /// Lengths past those that every test takes, one of them of many pages.
  @Test(arguments: HashSubject.allRows)
  func generatedLengths(row: HashSubject.Row) {
    var random = SplitMix64(state: 3)
    let bytes = patternedBytes(1_000_003)
    for length in (0..<20).map({ _ in Int.random(in: 1100...50_000, using: &random) }) + [
      1 << 16, isOptimised ? 1_000_003 : 100_003,
    ] {
      let message = Array(bytes[..<length])
      #expect(hash(message, row) == Libcrypto.digest(row.subject, message), "\(length) bytes")
    }
  }
}
