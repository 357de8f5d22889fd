import Testing

@testable import Kernels

/// The examples of the Amazon S3 API reference, "Signature Calculations for the Authorization Header", for one payload and for
/// several chunks.
@Suite struct SigV4Tests {
  static let secret = Array("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".utf8)
  static let time = SigV4.Timestamp("20130524T000000Z")!
  static let scope = SigV4.Scope(time: time, region: "us-east-1", service: "s3")
  static let emptyDigest = SHA256.hash(RawSpan())

  struct Example: Sendable {
    let name: String
    let request: SigV4.Request
    let canonicalDigest, signature: String
  }

  static let examples: [Example] = {
    let host = "examplebucket.s3.amazonaws.com"
    let common = [("Host", host), ("x-amz-date", time.description)]
    let empty = ("x-amz-content-sha256", emptyDigest.description)
    let welcome = unsafe SHA256.hash(Array("Welcome to Amazon S3.".utf8).span.bytes)
    return [
      Example(
        name: "GET Object",
        request: SigV4.Request(
          method: "GET", path: "/test.txt", headers: common + [("Range", "bytes=0-9"), empty],
          payload: .sha256(Self.emptyDigest)),
        canonicalDigest: "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972",
        signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
      Example(
        name: "PUT Object",
        request: SigV4.Request(
          method: "PUT", path: "/test$file.text",
          headers: common + [
            ("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("x-amz-content-sha256", welcome.description),
          ], payload: .sha256(welcome)),
        canonicalDigest: "9e0e90d9c76de8fa5b200d8c849cd5b8dc7a3be3951ddb7f6a76b4158342019d",
        signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
      Example(
        name: "GET Bucket Lifecycle",
        request: SigV4.Request(
          method: "GET", path: "/", query: [("lifecycle", "")], headers: common + [empty],
          payload: .sha256(Self.emptyDigest)),
        canonicalDigest: "9766c798316ff2757b517bc739a67f6213b4ab36dd5da2f94eaebf79c77395ca",
        signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
      Example(
        name: "GET Bucket (List Objects)",
        request: SigV4.Request(
          method: "GET", path: "/", query: [("prefix", "J"), ("max-keys", "2")], headers: common + [empty],
          payload: .sha256(Self.emptyDigest)),
        canonicalDigest: "df57d21db20da04d7fa30298dd4488ba3a2b47ca3a489c74750e0f1e7df1b9b7",
        signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ]
  }()

  @Test(arguments: examples)
  func published(_ example: Example) {
    let key = unsafe SigV4.Key(secret: Self.secret.span.bytes, scope: Self.scope)
    #expect(
      example.request.stringToSign(at: Self.time, scope: Self.scope)
        == "AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n\(example.canonicalDigest)",
      "\(example.request.canonical)")
    #expect(example.request.signature(at: Self.time, by: key).description == example.signature)
  }

  @Test func pieces() {
    let request = Self.examples[0].request
    #expect(
      request.canonical == """
        GET
        /test.txt

        host:examplebucket.s3.amazonaws.com
        range:bytes=0-9
        x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        x-amz-date:20130524T000000Z

        host;range;x-amz-content-sha256;x-amz-date
        e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
        """)
    let key = unsafe SigV4.Key(secret: Self.secret.span.bytes, scope: Self.scope)
    #expect(
      request.authorization(
        accessKey: "AKIAIOSFODNN7EXAMPLE", scope: Self.scope, signature: request.signature(at: Self.time, by: key))
        == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
  }

  @Test func canonicalForm() {
    let request = SigV4.Request(
      method: "GET", path: "/a b/ü~+.txt", query: [("b", "2"), ("a", "x y"), ("a", "=&"), ("a-b", "")],
      headers: [("X-Amz-Meta", "  one   two "), ("host", "h"), ("x-amz-meta", "three"), ("Empty", "")],
      payload: .unsigned)
    #expect(
      request.canonical.split(separator: "\n", omittingEmptySubsequences: false) == [
        "GET", "/a%20b/%C3%BC~%2B.txt", "a=%3D%26&a=x%20y&a-b=&b=2", "empty:", "host:h", "x-amz-meta:one two,three", "",
        "empty;host;x-amz-meta", "UNSIGNED-PAYLOAD",
      ])
    #expect(SigV4.Payload.signedChunksWithTrailer.description == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
    #expect(SigV4.Payload.unsignedChunksWithTrailer.description == "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
  }

  /// 65 KiB of "a", in chunks of 64 KiB and one.
  @Test func chunks() {
    let request = SigV4.Request(
      method: "PUT", path: "/examplebucket/chunkObject.txt",
      headers: [
        ("content-encoding", "aws-chunked"), ("content-length", "66824"), ("host", "s3.amazonaws.com"),
        ("x-amz-content-sha256", SigV4.Payload.signedChunks.description), ("x-amz-date", Self.time.description),
        ("x-amz-decoded-content-length", "66560"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
      ], payload: .signedChunks)
    #expect(SigV4.chunkedByteCount(of: 66_560, chunkByteCount: 65_536) == 66_824)
    let key = unsafe SigV4.Key(secret: Self.secret.span.bytes, scope: Self.scope)
    let seed = request.signature(at: Self.time, by: key)
    #expect(seed.description == "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
    var signer = SigV4.ChunkSigner(time: Self.time, scope: Self.scope, seed: seed)
    let body = [UInt8](repeating: UInt8(ascii: "a"), count: 65_536)
    let first = unsafe signer.sign(body.span.bytes, by: key)
    #expect(first.description == "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648")
    #expect(SigV4.chunkHeader(byteCount: 65_536, signature: first) == "10000;chunk-signature=\(first)\r\n")
    let second = unsafe signer.sign(body.span.bytes.extracting(..<1024), by: key)
    #expect(second.description == "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497")
    let last = signer.sign(RawSpan(), by: key)
    #expect(last.description == "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9")
  }

  /// The same with a trailer of a checksum.
  @Test func trailer() {
    let request = SigV4.Request(
      method: "PUT", path: "/examplebucket/chunkObject.txt",
      headers: [
        ("content-encoding", "aws-chunked"), ("host", "s3.amazonaws.com"),
        ("x-amz-content-sha256", SigV4.Payload.signedChunksWithTrailer.description),
        ("x-amz-date", Self.time.description), ("x-amz-decoded-content-length", "66560"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"), ("x-amz-trailer", "x-amz-checksum-crc32c"),
      ], payload: .signedChunksWithTrailer)
    let key = unsafe SigV4.Key(secret: Self.secret.span.bytes, scope: Self.scope)
    let seed = request.signature(at: Self.time, by: key)
    #expect(seed.description == "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e")
    var signer = SigV4.ChunkSigner(time: Self.time, scope: Self.scope, seed: seed)
    let body = [UInt8](repeating: UInt8(ascii: "a"), count: 65_536)
    let signatures = unsafe [
      signer.sign(body.span.bytes, by: key), signer.sign(body.span.bytes.extracting(..<1024), by: key),
      signer.sign(RawSpan(), by: key),
    ]
    #expect(
      signatures.map { "\($0)" } == [
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
      ])
    let trailer = Array("x-amz-checksum-crc32c:sOO8/Q==\n".utf8)
    #expect(
      unsafe signer.sign(trailer: trailer.span.bytes, by: key).description
        == "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435")
  }

  @Test func keyCache() {
    var cache = unsafe SigV4.KeyCache(secret: Self.secret.span.bytes, capacity: 2)
    let scopes = ["us-east-1", "eu-central-1", "ap-south-1", "us-east-1", "us-east-1", "ap-south-1", "eu-central-1"]
      .map { SigV4.Scope(time: Self.time, region: $0, service: "s3") }
    for scope in scopes {
      let key = unsafe SigV4.Key(secret: Self.secret.span.bytes, scope: scope)
      let signature = cache.withKey(for: scope) { held in
        #expect(held.scope == scope)
        return held.signature(of: "text")
      }
      #expect(signature == key.signature(of: "text"))
    }
  }

  @Test func timestamps() {
    for (seconds, text) in [
      (0, "19700101T000000Z"), (951_782_399, "20000228T235959Z"), (951_782_400, "20000229T000000Z"),
      (951_868_800, "20000301T000000Z"), (1_369_353_600, "20130524T000000Z"), (-1, "19691231T235959Z"),
      (4_107_542_400, "21000301T000000Z"), (253_402_300_799, "99991231T235959Z"),
      (-62_167_219_200, "00000101T000000Z"),
    ] as [(Int64, String)] {
      #expect(SigV4.Timestamp(secondsSince1970: seconds).description == text)
      #expect(SigV4.Timestamp(text)?.description == text)
    }
    #expect(Self.time.date == "20130524")
    for text in ["", "20130524", "20130524T000000", "2013-05-24T00:00", "20130524 000000Z", "2013052xT000000Z"] {
      #expect(SigV4.Timestamp(text) == nil)
    }
  }
}
