// The C ABI of checksums. Contract and names: `include/kernels.h`.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Kernels
import KernelsABI

@c @implementation
public func kn_crc(_ algorithm: Int32, _ crc: UInt64, _ data: UnsafePointer<UInt8>?, _ length: Int) -> UInt64 {
  guard let bytes = unsafe message(data, length) else { return 0 }
  return unsafe withCRC(algorithm, Continuation(crc: crc, bytes: bytes)) ?? 0
}

@c @implementation
public func kn_crc_combine(_ algorithm: Int32, _ crc_a: UInt64, _ crc_b: UInt64, _ length_b: UInt64) -> UInt64 {
  withCRC(algorithm, Combination(a: crc_a, b: crc_b, byteCount: length_b)) ?? 0
}

// MARK: - Calls

/// Something to be done with a CRC.
private protocol CRCCall {
  func callAsFunction<Code: ReflectedCRC>(_: Code.Type) -> UInt64
}

/// What `call` gives with the CRC that `algorithm` names; nil where it names none.
@inline(__always)
private func withCRC<Call: CRCCall>(_ algorithm: Int32, _ call: Call) -> UInt64? {
  switch Int(algorithm) {
  case Int(KN_CRC32): call(CRC32.self)
  case Int(KN_CRC32C): call(CRC32C.self)
  case Int(KN_CRC64NVME): call(CRC64NVME.self)
  default: nil
  }
}

@safe
private struct Continuation: CRCCall {
  let crc: UInt64
  let bytes: UnsafeRawBufferPointer

  func callAsFunction<Code: ReflectedCRC>(_: Code.Type) -> UInt64 {
    var code = Code(resuming: Code.Value(truncatingIfNeeded: crc))
    unsafe code.update(bytes)
    return UInt64(code.value)
  }
}

private struct Combination: CRCCall {
  let a, b, byteCount: UInt64

  func callAsFunction<Code: ReflectedCRC>(_: Code.Type) -> UInt64 {
    UInt64(Code.sum(Code.Value(truncatingIfNeeded: a), Code.Value(truncatingIfNeeded: b), byteCount: byteCount))
  }
}
