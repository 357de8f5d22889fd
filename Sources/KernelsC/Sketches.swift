// The C ABI of sketches that Apache DataSketches reads and writes. Contract and names: `include/kernels.h`.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Kernels
public import KernelsABI

@c @implementation
public func kn_sketch_distinct(
  _ kind: Int32, _ bytes: UnsafePointer<UInt8>?, _ length: Int, _ estimate: UnsafeMutablePointer<Double>?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard Int(kind) == Int(KN_SKETCH_HLL), let bytes = unsafe message(bytes, length), let estimate = unsafe estimate
  else { return unsafe misused("an HLL sketch, its bytes and a place for the estimate are needed", error) }
  do throws(SketchError) {
    let sketch = try HLLSketch(unsafe RawSpan(_unsafeBytes: bytes))
    unsafe estimate.pointee = sketch.estimate
    return kn_status(KN_OK)
  } catch let failure {
    return unsafe refused(failure, error)
  }
}

@c @implementation
public func kn_sketch_quantile(
  _ kind: Int32, _ bytes: UnsafePointer<UInt8>?, _ length: Int, _ q: Double, _ value: UnsafeMutablePointer<Double>?,
  _ n: UnsafeMutablePointer<UInt64>?, _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard Int(kind) == Int(KN_SKETCH_KLL_DOUBLE), let bytes = unsafe message(bytes, length), let value = unsafe value,
    q >= 0, q <= 1
  else { return unsafe misused("a KLL sketch of doubles, its bytes, q in 0 ... 1 and a place are needed", error) }
  do throws(SketchError) {
    let sketch = try KLLSketch(unsafe RawSpan(_unsafeBytes: bytes))
    // Of nothing there is no quantile; the number says so.
    unsafe value.pointee = sketch.quantile(q) ?? .nan
    if let n = unsafe n { unsafe n.pointee = sketch.count }
    return kn_status(KN_OK)
  } catch let failure {
    return unsafe refused(failure, error)
  }
}

// MARK: - Errors

@unsafe
private func refused(_ failure: SketchError, _ error: UnsafeMutablePointer<kn_error>?) -> kn_status {
  unsafe fill(error, failure.reason.rawValue, offset: failure.byteOffset)
  return kn_status(KN_INVALID_DATA)
}

@unsafe
private func misused(_ message: String, _ error: UnsafeMutablePointer<kn_error>?) -> kn_status {
  unsafe fill(error, message, offset: 0)
  return kn_status(KN_INVALID_ARGUMENT)
}

@unsafe
private func fill(_ error: UnsafeMutablePointer<kn_error>?, _ message: String, offset: Int) {
  guard let error = unsafe error else { return }
  unsafe error.pointee = kn_error()
  unsafe error.pointee.offset = UInt64(offset)
  unsafe withUnsafeMutableBytes(of: &error.pointee.message) { field in
    for (i, byte) in message.utf8.prefix(field.count - 1).enumerated() { unsafe field[i] = byte }
  }
}
