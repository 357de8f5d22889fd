import Foundation
import Testing

@testable import Kernels

@Suite struct UploadChecksumsTests {
  private let all: UploadChecksums.Kinds = [.sha256, .sha1, .md5, .crc32, .crc32C, .crc64NVME]

  private func check(_ checksums: UploadChecksums, _ message: [UInt8], _ what: Comment) {
    let kinds = checksums.kinds
    let span = unsafe message.span.bytes
    #expect(checksums.byteCount == message.count, what)
    #expect(checksums.sha256 == (kinds.contains(.sha256) ? SHA256.hash(span) : nil), what)
    #expect(checksums.sha1 == (kinds.contains(.sha1) ? Insecure.SHA1.hash(span) : nil), what)
    #expect(checksums.md5 == (kinds.contains(.md5) ? Insecure.MD5.hash(span) : nil), what)
    #expect(checksums.crc32 == (kinds.contains(.crc32) ? CRC32.checksum(of: span) : nil), what)
    #expect(checksums.crc32C == (kinds.contains(.crc32C) ? CRC32C.checksum(of: span) : nil), what)
    #expect(checksums.crc64NVME == (kinds.contains(.crc64NVME) ? CRC64NVME.checksum(of: span) : nil), what)
  }

  /// Those of the table's rows that this CPU can run.
  private static let rows = UploadKernel.all.filter { CPUFeatures.detected.isSuperset(of: $0.requires) }

  @Test func theLastRowNeedsNothing() throws {
    #expect(try #require(UploadKernel.all.last).requires == [])
    #expect(UploadKernel.select([]).name.description == UploadKernel.all.last?.name.description)
  }

  @Test func everyChoiceByEveryRow() {
    let message = patternedBytes(40_000)
    for row in Self.rows {
      for kinds in 0...all.rawValue {
        var checksums = UploadChecksums(UploadChecksums.Kinds(rawValue: kinds))
        unsafe message.withUnsafeBytes { unsafe checksums.update($0, kernel: row) }
        check(checksums, message, "\(row.name) \(kinds)")
      }
    }
  }

  /// Every length, from every place in a block on, right before a page that must not be read.
  @Test func everyLengthByEveryRow() {
    let memory = GuardedBuffer(byteCount: 300)
    let message = patternedBytes(300)
    unsafe memory.bytes.copyBytes(from: message)
    let choices: [UploadChecksums.Kinds] = [
      [.sha256, .crc64NVME], [.sha256, .crc32C], [.sha256, .crc32], [.sha256, .md5],
      [.sha256, .md5, .crc64NVME, .crc32],
    ]
    for row in Self.rows {
      for kinds in choices {
        for start in 0...300 {
          var checksums = UploadChecksums(kinds)
          unsafe checksums.update(UnsafeRawBufferPointer(rebasing: memory.bytes[start...]), kernel: row)
          check(checksums, Array(message[start...]), "\(row.name) \(kinds) from \(start)")
          let first = start / 2
          var split = UploadChecksums(kinds)
          unsafe split.update(UnsafeRawBufferPointer(rebasing: memory.bytes[..<first]), kernel: row)
          unsafe split.update(UnsafeRawBufferPointer(rebasing: memory.bytes[first...]), kernel: row)
          check(split, message, "\(row.name) \(kinds) split at \(first)")
        }
      }
    }
  }

  @Test func everyLengthAndSplit() {
    let message = patternedBytes(700)
    for count in 0...700 {
      var whole = UploadChecksums(all)
      unsafe whole.update(message.span.bytes.extracting(..<count))
      check(whole, Array(message[..<count]), "\(count)")
      unsafe whole.update(message.span.bytes.extracting(count...))
      check(whole, message, "split at \(count)")
    }
  }

  @Test func pieces() {
    let message = patternedBytes(100_000)
    var random = SplitMix64(state: 8)
    for kinds in [all, [.sha256, .crc64NVME], [.sha256, .md5]] {
      var (checksums, start) = (UploadChecksums(kinds), 0)
      while start < message.count {
        let end = min(message.count, start + Int.random(in: 0...20_000, using: &random))
        unsafe checksums.update(message.span.bytes.extracting(start..<end))
        start = end
      }
      check(checksums, message, "\(kinds)")
    }
  }

  @Test func files() throws {
    let message = patternedBytes(300_000)
    var checksums = UploadChecksums(all)
    var memory = Scratch()
    let file = try TemporaryFile(message)
    try checksums.update(file: file.path, scratch: &memory)
    withExtendedLifetime(file) {}
    check(checksums, message, "file")
    #expect(throws: FileError.self) { try checksums.update(file: "/nonexistent/part", scratch: &memory) }
    check(checksums, message, "after an absent file")
  }
}

@Suite struct MultipartTests {
  private let message = patternedBytes(10_000)
  private let bounds = [0, 1000, 1000, 5000, 5001, 10_000]

  /// Bytes of parts 1 to 5, in no order.
  private var parts: [(number: Int, bytes: [UInt8])] {
    [3, 1, 5, 2, 4].map { ($0, Array(message[bounds[$0 - 1]..<bounds[$0]])) }
  }

  @Test func fullObjectAndComposite() throws {
    func test<Function: Checksum>(_: Function.Type) throws {
      var object = MultipartCRC<Function>()
      for (number, bytes) in parts {
        try object.setPart(number, unsafe Function.checksum(of: bytes.span.bytes), byteCount: bytes.count)
      }
      #expect(try object.fullObject() == (unsafe Function.checksum(of: message.span.bytes)))
      let sums = parts.sorted { $0.number < $1.number }.flatMap { part in
        let value = unsafe Function.checksum(of: part.bytes.span.bytes)
        return (0..<(Function.Value.bitWidth / 8)).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      }
      let composite = try object.composite()
      #expect(composite.value == (unsafe Function.checksum(of: sums.span.bytes)) && composite.partCount == 5)
    }
    try test(CRC32.self)
    try test(CRC32C.self)
    try test(CRC64NVME.self)
  }

  @Test func digests() throws {
    var object = MultipartDigest<SHA256>()
    try object.setPart(2, unsafe SHA256.hash([1].span.bytes))
    for (number, bytes) in parts { try object.setPart(number, unsafe SHA256.hash(bytes.span.bytes)) }
    let digests = parts.sorted { $0.number < $1.number }.flatMap { unsafe SHA256.hash($0.bytes.span.bytes).array }
    let result = try object.finish()
    #expect(result.digest == (unsafe SHA256.hash(digests.span.bytes)) && result.partCount == 5)
  }

  @Test func textsOfS3() throws {
    var (crc, digest, tag) = (MultipartCRC<CRC64NVME>(), MultipartDigest<SHA256>(), MultipartDigest<Insecure.MD5>())
    for (number, bytes) in parts {
      try crc.setPart(number, unsafe CRC64NVME.checksum(of: bytes.span.bytes), byteCount: bytes.count)
      try digest.setPart(number, unsafe SHA256.hash(bytes.span.bytes))
      try tag.setPart(number, unsafe Insecure.MD5.hash(bytes.span.bytes))
    }
    func bigEndian(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) } }
    #expect(try crc.compositeText() == Data(bigEndian(crc.composite().value)).base64EncodedString() + "-5")
    #expect(try crc.fullObjectText() == Data(bigEndian(crc.fullObject())).base64EncodedString())
    #expect(try digest.compositeText() == Data(digest.finish().digest.array).base64EncodedString() + "-5")
    #expect(try tag.entityTag() == "\(tag.finish().digest)-5")
  }

  @Test func refused() throws {
    var object = MultipartCRC<CRC32>()
    #expect(throws: MultipartError.missingPart(1)) { try object.fullObject() }
    #expect(throws: MultipartError.missingPart(1)) { try MultipartDigest<SHA256>().finish() }
    for number in [0, -1, 10_001, .max, .min] {
      #expect(throws: MultipartError.partNumber(number)) { try object.setPart(number, 0, byteCount: 0) }
    }
    try object.setPart(3, 7, byteCount: 7)
    #expect(throws: MultipartError.missingPart(1)) { try object.composite() }
    try object.setPart(1, 7, byteCount: 7)
    #expect(throws: MultipartError.missingPart(2)) { try object.fullObject() }
    try object.setPart(10_000, 7, byteCount: 7)
    #expect(MultipartError.partNumber(0).description == "part number 0 is not within 1 ... 10000")
  }
}
