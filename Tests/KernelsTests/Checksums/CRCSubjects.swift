import Testing

@testable import Kernels

/// A CRC under test, its type erased.
@safe
struct CRCSubject: CustomTestStringConvertible, Sendable {
  let name: String
  let reference: CRCReference
  /// Of "123456789".
  let check: UInt64
  /// By the public doors.
  let checksum: @Sendable (UnsafeRawBufferPointer) -> UInt64
  let combine: @Sendable (UInt64, UInt64, Int) -> UInt64
  /// The rows that this machine can run.
  let rows: [Row]
  let constants: [UInt64]

  @safe
  struct Row: CustomTestStringConvertible, Sendable {
    let name: String
    let subject: String
    let reference: CRCReference
    /// A checksum after the parts, in turn.
    let parts: @Sendable ([UnsafeRawBufferPointer]) -> UInt64
    var testDescription: String { "\(subject) \(name)" }

    func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 { unsafe parts([bytes]) }
  }

  var testDescription: String { name }

  static let all = [
    CRCSubject(CRC32.self, .crc32, check: 0xcbf4_3926), CRCSubject(CRC32C.self, .crc32c, check: 0xe306_9283),
    CRCSubject(CRC64NVME.self, .crc64nvme, check: 0xae8b_1486_0a79_9888),
  ]
  static var allRows: [Row] { all.flatMap(\.rows) }

  private init<Code: ReflectedCRC>(_: Code.Type, _ reference: CRCReference, check: UInt64) {
    let name = "\(Code.self)"
    self.name = name
    self.reference = reference
    self.check = check
    constants = Code.constants
    unsafe checksum = { bytes in unsafe UInt64(Code.checksum(of: bytes)) }
    combine = { UInt64(Code.combine(Code.Value($0), Code.Value($1), byteCount: $2)) }
    rows = Code.kernels.filter(\.isSupported).map { kernel in
      unsafe Row(name: kernel.name.description, subject: name, reference: reference) { parts in
        var crc = Code()
        for i in unsafe parts.indices { unsafe crc.update(parts[i], kernel: kernel) }
        return UInt64(crc.value)
      }
    }
  }
}
