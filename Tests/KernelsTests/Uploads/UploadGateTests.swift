import Testing

@testable import Kernels

@Suite struct ContentTypeTests {
  static let samples: [(ContentType, [UInt8])] = [
    (.png, bytes("89504e470d0a1a0a0000000d49484452")), (.jpeg, bytes("ffd8ffe000104a464946")),
    (.gif, Array("GIF87a..".utf8)), (.gif, Array("GIF89a..".utf8)), (.webP, Array("RIFFabcdWEBPVP8 ".utf8)),
    (.tiff, bytes("49492a0008000000")), (.tiff, bytes("4d4d002a00000008")),
    (.heif, Array("\0\0\0\u{18}ftypheic".utf8)), (.avif, Array("\0\0\0\u{1c}ftypavif".utf8)),
    (.mp4, Array("\0\0\0\u{20}ftypisom".utf8)), (.mp4, Array("\0\0\0\u{18}ftypmp42".utf8)),
    (.quickTime, Array("\0\0\0\u{14}ftypqt  ".utf8)), (.matroska, bytes("1a45dfa39f428681")),
    (.ogg, Array("OggS\0\u{2}".utf8)), (.flac, Array("fLaC\0".utf8)), (.wave, Array("RIFFabcdWAVEfmt ".utf8)),
    (.pdf, Array("%PDF-1.7\n".utf8)), (.zip, bytes("504b030414000000")), (.zip, bytes("504b050600000000")),
    (.gzip, bytes("1f8b0800")), (.zstandard, bytes("28b52ffd24")), (.bzip2, bytes("425a6839314159265359")),
    (.xz, bytes("fd377a585a0000")), (.sevenZip, bytes("377abcaf271c0004")), (.parquet, Array("PAR1".utf8)),
    (.arrow, Array("ARROW1\0\0".utf8)), (.sqlite, Array("SQLite format 3\0".utf8)),
    (.webAssembly, bytes("0061736d01000000")),
  ]

  @Test func samplesCoverEveryType() { #expect(Set(Self.samples.map(\.0)) == Set(ContentType.allCases)) }

  @Test(arguments: samples)
  func known(type: ContentType, content: [UInt8]) {
    #expect(unsafe ContentType.guess(from: content.span.bytes) == .known(type))
    // Undecided from the first byte on, until it is known.
    var isKnown = false
    for count in 0...content.count {
      let guess = unsafe ContentType.guess(from: content.span.bytes.extracting(..<count))
      #expect(guess == (isKnown ? .known(type) : guess), "\(count)")
      isKnown = guess == .known(type)
      #expect(isKnown || guess == .undecided, "\(count)")
    }
  }

  @Test func unknown() {
    for text in [
      "Hello, world and all", "<?xml version=\"1.0\"?>", "RIFFabcdAVI LIST", "PK\u{7}\u{8}    ", "1234ftypnone",
    ] {
      #expect(unsafe ContentType.guess(from: Array(text.utf8).span.bytes) == .unknown, "\(text)")
    }
    #expect(ContentType.guess(from: RawSpan()) == .undecided)
    #expect(ContentType.longestSignature == 16)
  }
}

@Suite struct UploadGateTests {
  private func check(_ gate: inout UploadGate, _ bytes: [UInt8]) throws(UploadRefusal) {
    try unsafe gate.check(bytes.span.bytes)
  }

  @Test func acceptedByteByByte() throws {
    for (type, content) in ContentTypeTests.samples {
      var gate = UploadGate(accepting: [type, .pdf], maximumByteCount: content.count)
      for byte in content { try check(&gate, [byte]) }
      #expect(try gate.finish() == type)
      #expect(gate.byteCount == content.count)
      #expect(throws: UploadRefusal.tooLong(byteOffset: content.count)) { try check(&gate, [0]) }
      #expect(gate.byteCount == content.count)
    }
  }

  /// The first byte that cannot be, whether bytes come one by one or all at once.
  @Test func refusedAtTheFirstByteThatCannotBe() throws {
    let cases: [([UInt8], UploadRefusal)] = [
      (Array("GIF89a".utf8), .contentType(found: .gif, byteOffset: 0)),
      (bytes("89504e470d0a1a0b"), .contentType(found: nil, byteOffset: 7)),
      (bytes("ffd9"), .contentType(found: nil, byteOffset: 1)),
      (Array("RIFFabcdWAVE".utf8), .contentType(found: .wave, byteOffset: 9)),
    ]
    for (content, refusal) in cases {
      var gate = UploadGate(accepting: [.png, .jpeg, .webP])
      #expect(throws: refusal) { try check(&gate, content) }
      #expect(gate.byteCount == 0 && gate.contentType == nil)
      guard case .contentType(_, let offset) = refusal else { continue }
      try check(&gate, Array(content[..<offset]))
      let error = #expect(throws: UploadRefusal.self) { try check(&gate, [content[offset]]) }
      guard case .contentType(_, offset) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test func sizes() throws {
    var gate = UploadGate(accepting: [.png], maximumByteCount: 4)
    try gate.check(announcing: 4)
    #expect(throws: UploadRefusal.tooLong(byteOffset: 4)) { try gate.check(announcing: 5) }
    #expect(throws: UploadRefusal.tooLong(byteOffset: 4)) { try check(&gate, bytes("89504e470d")) }
    // What comes first in the upload is what it is refused for.
    #expect(throws: UploadRefusal.contentType(found: nil, byteOffset: 3)) { try check(&gate, bytes("89504e480d")) }
    try check(&gate, bytes("89504e47"))
    #expect(throws: UploadRefusal.tooShort(byteOffset: 4)) { try gate.finish() }
    var nothing = UploadGate(maximumByteCount: 0)
    try check(&nothing, [])
    #expect(throws: UploadRefusal.tooLong(byteOffset: 0)) { try check(&nothing, [1]) }
  }

  @Test func anything() throws {
    var gate = UploadGate()
    try check(&gate, Array("some text that is nothing in particular".utf8))
    #expect(try gate.finish() == nil)
    var image = UploadGate()
    try check(&image, bytes("89504e470d0a1a0a"))
    #expect(try image.finish() == .png)
  }
}
