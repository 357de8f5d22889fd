// The C ABI of JSON texts. Contract and names: `include/kernels.h`.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Kernels
public import KernelsABI

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

@c @implementation
public func kn_json_validate(
  _ data: UnsafePointer<UInt8>?, _ length: Int, _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let bytes = unsafe message(data, length) else { return kn_status(KN_INVALID_ARGUMENT) }
  var scratch = Scratch()
  do throws(JSONError) {
    try unsafe JSON.validate(bytes, scratch: &scratch)
    return kn_status(KN_OK)
  } catch let failure {
    return unsafe report(failure, bytes, error)
  }
}

@c @implementation
public func kn_json_minify(
  _ data: UnsafePointer<UInt8>?, _ length: Int, _ out: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ out_length: UnsafeMutablePointer<Int>?, _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let out = unsafe out, let out_length = unsafe out_length, let bytes = unsafe message(data, length) else {
    return kn_status(KN_INVALID_ARGUMENT)
  }
  guard let memory = unsafe malloc(max(bytes.count, 1)) else { return kn_status(KN_OUT_OF_MEMORY) }
  let target = unsafe memory.assumingMemoryBound(to: UInt8.self)
  var scratch = Scratch()
  do throws(JSONError) {
    let count = try unsafe JSON.minify(bytes, target, scratch: &scratch)
    // What is too much goes back; where that fails, the whole is as good.
    let fitting = unsafe realloc(memory, max(count, 1)) ?? memory
    unsafe out.pointee = fitting.assumingMemoryBound(to: UInt8.self)
    unsafe out_length.pointee = count
    return kn_status(KN_OK)
  } catch let failure {
    unsafe free(memory)
    return unsafe report(failure, bytes, error)
  }
}

// MARK: - Errors

/// Fills `error`, where there is one, and says which status it is.
func report(
  _ failure: JSONError, _ text: UnsafeRawBufferPointer, _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  let status = failure.kind == .outOfMemory ? KN_OUT_OF_MEMORY : failure.isLimit ? KN_LIMIT_EXCEEDED : KN_INVALID_DATA
  if let error = unsafe error {
    let position = unsafe failure.position(in: RawSpan(_unsafeBytes: text))
    unsafe fill(
      error, offset: failure.offset, line: position.line, column: position.column, path: failure.path,
      message: failure.kind.sentence)
  }
  return kn_status(status)
}

/// Fills an error of the C ABI. Texts that do not fit are cut at a character.
func fill(
  _ error: UnsafeMutablePointer<kn_error>, offset: Int, line: Int, column: Int, path: String, message: String
) {
  var filled = kn_error()
  filled.offset = UInt64(offset)
  filled.line = UInt32(clamping: line)
  filled.column = UInt32(clamping: column)
  unsafe withUnsafeMutableBytes(of: &filled.path) { unsafe write(path, $0) }
  unsafe withUnsafeMutableBytes(of: &filled.message) { unsafe write(message, $0) }
  unsafe error.pointee = filled
}

/// The text and a NUL, into a field of zeros.
private func write(_ text: String, _ field: UnsafeMutableRawBufferPointer) {
  var count = 0
  for character in text.unicodeScalars {
    let units = unsafe UTF8.encode(character).unsafelyUnwrapped
    guard count + units.count < field.count else { return }
    for unit in units {
      unsafe field[count] = unit
      count += 1
    }
  }
}
