import FunctionRuntime
import Kernels

/// Uploads with validation: what the bytes begin as, how many they are, and the checksums that the object store will ask for.
///
/// The upload is taken as the parts that it will be stored in, of `partSize` bytes: a digest for each, and those of the object.
struct UploadHandler: Handler, ~Copyable {
  static let maximumByteCount = 4 << 20
  private var event = ProxyEvent()

  init() throws(HandlerError) {}

  mutating func handle(_ bytes: RawSpan, response: inout JSONWriter) throws(HandlerError) {
    try event.read(bytes)
    let partSize = try event.query("partSize", in: 1024...(64 << 20)) ?? 1 << 20
    let upload = event.bytes
    let type = try Self.checkedType(upload)
    let whole = Self.checksums(upload)
    var composite = MultipartDigest<SHA256>()
    var object = MultipartCRC<CRC64NVME>()
    var start = 0
    do throws(MultipartError) {
      var number = 1
      repeat {
        let part = upload.extracting(start..<min(start + partSize, upload.byteCount))
        let sums = Self.checksums(part)
        try composite.setPart(number, sums.sha256)
        try object.setPart(number, sums.crc, byteCount: part.byteCount)
        start += part.byteCount
        number += 1
      } while start < upload.byteCount
      response.beginObject()
      response.member("contentType", type.rawValue)
      response.key("byteCount")
      response.number(Int64(upload.byteCount))
      response.member("sha256", whole.sha256.description)
      response.member("crc64nvme", unsafe Base64.encode([whole.crc.bigEndian].span.bytes))
      response.member("compositeSHA256", try composite.compositeText())
      response.member("objectCRC64NVME", try object.fullObjectText())
      response.endObject()
    } catch {
      throw HandlerError("Upload.InvalidParts", error.description)
    }
  }

  /// One pass for both.
  private static func checksums(_ bytes: RawSpan) -> (sha256: SHA256.Digest, crc: UInt64) {
    var sums = UploadChecksums([.sha256, .crc64NVME])
    sums.update(bytes)
    guard let sha256 = sums.sha256, let crc = sums.crc64NVME else { preconditionFailure("both were asked for") }
    return (sha256, crc)
  }

  private static func checkedType(_ upload: RawSpan) throws(HandlerError) -> ContentType {
    do throws(UploadRefusal) {
      var gate = UploadGate(accepting: [.png, .jpeg, .gif, .webP, .pdf], maximumByteCount: maximumByteCount)
      try gate.check(announcing: upload.byteCount)
      try gate.check(upload)
      if let type = try gate.finish() { return type }
      throw .tooShort(byteOffset: upload.byteCount)
    } catch {
      switch error {
      case .contentType: throw HandlerError("Upload.InvalidType", error.description)
      case .tooLong: throw HandlerError("Upload.TooLarge", error.description)
      case .tooShort: throw HandlerError("Upload.TooShort", error.description)
      }
    }
  }
}

extension JSONWriter {
  mutating func member(_ name: String, _ text: String) {
    key(name)
    string(text)
  }
}
