import Foundation
import Testing

@testable import Kernels

/// A file that goes with the value.
final class TemporaryFile {
  let path = NSTemporaryDirectory() + "kernels-\(UUID().uuidString)"

  init(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: path)) }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite struct FileHashTests {
  /// Sizes about a piece's, by one scratch that small and large files share.
  @Test func everyFunction() throws {
    let piece = filePieceByteCount
    for count in [3 * piece + 17, 0, 1, 1000, piece - 1, piece, piece + 1, 2 * piece] {
      let bytes = patternedBytes(count)
      let file = try TemporaryFile(bytes)
      struct Digests: HashTest {
        let file: TemporaryFile
        let bytes: [UInt8]

        func callAsFunction<Hash: HashFunction>(_: Hash.Type, _ name: String) throws {
          var scratch = Scratch()
          let expected = unsafe Hash.hash(bytes.span.bytes)
          #expect(try Hash.hash(file: file.path, scratch: &scratch) == expected, "\(name)")
          #expect(scratch.capacity <= filePieceByteCount)
          withExtendedLifetime(file) {}
        }
      }
      try withEveryHash(Digests(file: file, bytes: bytes))
    }
  }

  @Test func afterOtherBytes() throws {
    let file = try TemporaryFile(patternedBytes(100))
    var hasher = SHA256()
    var scratch = Scratch()
    unsafe hasher.update(patternedBytes(10).span.bytes)
    try hasher.update(file: file.path, scratch: &scratch)
    withExtendedLifetime(file) {}
    #expect(unsafe hasher.finish() == SHA256.hash((patternedBytes(10) + patternedBytes(100)).span.bytes))
  }

  @Test func absentFile() {
    var hasher = SHA256()
    var scratch = Scratch()
    let error = #expect(throws: FileError.self) { try hasher.update(file: "/nonexistent/part", scratch: &scratch) }
    #expect(error == FileError(path: "/nonexistent/part", operation: .open, code: ENOENT, byteOffset: 0))
    #expect(error?.description == "cannot open /nonexistent/part: No such file or directory")
    #expect(hasher.finish() == SHA256.hash(RawSpan()))
  }

  @Test func folder() {
    let error = #expect(throws: FileError.self) { try SHA256.hash(file: "/") }
    #expect(error == FileError(path: "/", operation: .read, code: EISDIR, byteOffset: 0))
    #expect(error?.description == "cannot read / at byte 0: Is a directory")
  }

  /// Whose size the system does not tell.
  @Test(.enabled(if: FileManager.default.isReadableFile(atPath: "/proc/version")))
  func fileWithoutSize() throws {
    let bytes = Array(try Data(contentsOf: URL(filePath: "/proc/version")))
    let expected = unsafe SHA256.hash(bytes.span.bytes)
    #expect(try SHA256.hash(file: "/proc/version") == expected)
  }
}

@Suite struct TreeHashTests {
  /// As "Computing Checksums" has it: all leaves, then level by level, and who has no partner moves up.
  private func reference<Hash: HashFunction>(_: Hash.Type, _ bytes: [UInt8], leaf: Int) -> Hash.Digest {
    var level = stride(from: 0, to: max(1, bytes.count), by: leaf).map { start in
      unsafe Hash.hash(bytes[start..<min(start + leaf, bytes.count)].span.bytes)
    }
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map { i in
        i + 1 < level.count ? TreeHash<Hash>.node(level[i], level[i + 1]) : level[i]
      }
    }
    return level[0]
  }

  @Test func everyNumberOfLeaves() {
    let bytes = patternedBytes(8000)
    for leaf in [1, 7, 64, 100] {
      for count in Array(0...(70 * min(leaf, 3))) + [33 * leaf - 1, 33 * leaf, 33 * leaf + 1, 64 * leaf, 70 * leaf] {
        let message = Array(bytes[..<count])
        let expected = reference(SHA256.self, message, leaf: leaf)
        #expect(unsafe TreeHash<SHA256>.hash(message.span.bytes, leafByteCount: leaf) == expected, "\(count), \(leaf)")
      }
    }
    #expect(
      unsafe TreeHash<SHA3_512>.hash(bytes.span.bytes, leafByteCount: 300)
        == reference(SHA3_512.self, bytes, leaf: 300))
  }

  @Test func everySplit() {
    let bytes = patternedBytes(1000)
    let expected = reference(SHA256.self, bytes, leaf: 64)
    for split in 0...1000 {
      var tree = TreeHash<SHA256>(leafByteCount: 64)
      unsafe tree.update(bytes.span.bytes.extracting(..<split))
      #expect(tree.finish() == reference(SHA256.self, Array(bytes[..<split]), leaf: 64), "\(split)")
      unsafe tree.update(bytes.span.bytes.extracting(split...))
      #expect(tree.finish() == expected, "\(split)")
    }
  }

  /// At least two nodes of full leaves of a mebibyte, and a file of them.
  @Test func mebibytes() throws {
    let bytes = patternedBytes(5 << 20 | 12345)
    let expected = reference(SHA256.self, bytes, leaf: 1 << 20)
    #expect(unsafe TreeHash<SHA256>.hash(bytes.span.bytes) == expected)
    let file = try TemporaryFile(bytes)
    let result = try withExtendedLifetime(file) { try TreeHash<SHA256>.hash(file: file.path) }
    #expect(result == expected)
    #expect(throws: FileError.self) { try TreeHash<SHA256>.hash(file: "/nonexistent/part") }
  }
}
