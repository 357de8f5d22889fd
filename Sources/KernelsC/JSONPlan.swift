// The C ABI of JSON plans. Contract and names: `include/kernels.h`.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Kernels
public import KernelsABI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// A kn_json_plan is a retained plan: immutable, so that threads may share it.

@c @implementation
public func kn_json_plan_create(
  _ language: Int32, _ text: UnsafePointer<CChar>?, _ length: Int, _ plan: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let plan = unsafe plan, let language = JSONPlan.Language(rawValue: language),
    let bytes = unsafe message(
      UnsafeRawPointer(text)?.assumingMemoryBound(to: UInt8.self), length)
  else { return invalidArgument }
  do throws(JSONPlanError) {
    let compiled = try unsafe JSONPlan(language, Array(bytes))
    unsafe plan.pointee = OpaquePointer(Unmanaged.passRetained(HeldPlan(compiled)).toOpaque())
    return ok
  } catch let failure {
    unsafe fill(error, offset: failure.step, message: failure.message)
    return invalidArgument
  }
}

@c @implementation
public func kn_json_plan_apply(
  _ plan: OpaquePointer?, _ data: UnsafePointer<UInt8>?, _ length: Int,
  _ out: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ out_length: UnsafeMutablePointer<Int>?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let plan = unsafe plan, let out = unsafe out, let out_length = unsafe out_length,
    let bytes = unsafe message(data, length)
  else { return invalidArgument }
  let held = unsafe Unmanaged<HeldPlan>.fromOpaque(UnsafeRawPointer(plan)).takeUnretainedValue()
  var workspace = JSONPlan.Workspace()
  do throws(JSONPlanError) {
    let result = try unsafe held.plan.applyToMemory(bytes, workspace: &workspace)
    unsafe out.pointee = result.memory
    unsafe out_length.pointee = result.count
    return ok
  } catch let failure {
    return unsafe report(failure, bytes, lineStart: 0, line: nil, error)
  }
}

@c @implementation
public func kn_json_plan_apply_lines(
  _ plan: OpaquePointer?, _ data: UnsafePointer<UInt8>?, _ length: Int, _ bad_line: Int32, _ skip_null: Int32,
  _ threads: Int32, _ out: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ out_length: UnsafeMutablePointer<Int>?, _ bad_lines: UnsafeMutablePointer<UInt64>?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let plan = unsafe plan, let out = unsafe out, let out_length = unsafe out_length,
    let bytes = unsafe message(data, length), threads >= 1, skip_null == 0 || skip_null == 1
  else { return invalidArgument }
  let policy: JSONBadLine
  switch Int(bad_line) {
  case Int(KN_BAD_LINE_FAIL): policy = .fail
  case Int(KN_BAD_LINE_SKIP): policy = .skip
  default: return invalidArgument
  }
  let held = unsafe Unmanaged<HeldPlan>.fromOpaque(UnsafeRawPointer(plan)).takeUnretainedValue()
  do throws(JSONPlanLineError) {
    let parts = try unsafe held.plan.lines(bytes, policy, skip_null == 1, Int(threads), JSONPlan.Limits())
    let count = parts.reduce(0) { $0 + $1.byteCount }
    guard let memory = unsafe malloc(max(1, count)) else { return kn_status(KN_OUT_OF_MEMORY) }
    let target = unsafe memory.bindMemory(to: UInt8.self, capacity: max(1, count))
    var at = 0
    for part in parts {
      unsafe part.copy(to: target + at)
      at += part.byteCount
    }
    unsafe out.pointee = target
    unsafe out_length.pointee = count
    if let bad_lines = unsafe bad_lines { unsafe bad_lines.pointee = UInt64(parts.reduce(0) { $0 + $1.badLineCount }) }
    return ok
  } catch let failure {
    return unsafe report(failure.error, bytes, lineStart: failure.byteOffset, line: failure.line, error)
  }
}

@c @implementation
public func kn_json_plan_destroy(_ plan: OpaquePointer?) {
  guard let plan = unsafe plan else { return }
  unsafe Unmanaged<HeldPlan>.fromOpaque(UnsafeRawPointer(plan)).release()
}

private final class HeldPlan: Sendable {
  let plan: JSONPlan
  init(_ plan: JSONPlan) { self.plan = plan }
}

// MARK: - Errors

/// The status of a failed apply, with the error filled.
private func report(
  _ failure: JSONPlanError, _ text: UnsafeRawBufferPointer, lineStart: Int, line: Int?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  // What is wrong with a value that was computed is wrong with the whole.
  let offset = failure.input?.offset ?? 0
  let place = unsafe JSONError(.unexpectedByte, offset: offset).position(in: RawSpan(_unsafeBytes: text))
  // A line is a text of its own, and its number is known.
  let (lineNumber, column) =
    line.map { ($0, offset + 1) } ?? (failure.input == nil ? (0, 0) : (place.line, place.column))
  let path = failure.input?.path ?? ""
  switch failure.kind {
  case .invalidDocument(let cause):
    unsafe fill(
      error, offset: lineStart + offset, line: lineNumber, column: column, path: path, message: cause.description)
    if cause.kind == .outOfMemory { return kn_status(KN_OUT_OF_MEMORY) }
    return kn_status(cause.isLimit ? KN_LIMIT_EXCEEDED : KN_INVALID_DATA)
  default:
    unsafe fill(
      error, offset: lineStart + offset, line: lineNumber, column: column, path: path,
      message: "\(failure.message), in the plan at byte \(failure.step)")
    return kn_status(failure.kind == .limitExceeded ? KN_LIMIT_EXCEEDED : KN_INVALID_DATA)
  }
}

private func fill(
  _ error: UnsafeMutablePointer<kn_error>?, offset: Int, line: Int = 0, column: Int = 0, path: String = "",
  message: String
) {
  guard let error = unsafe error else { return }
  unsafe error.pointee = kn_error()
  unsafe error.pointee.offset = UInt64(max(0, offset))
  unsafe error.pointee.line = UInt32(clamping: line)
  unsafe error.pointee.column = UInt32(clamping: column)
  unsafe withUnsafeMutableBytes(of: &error.pointee.path) { unsafe write(path, $0) }
  unsafe withUnsafeMutableBytes(of: &error.pointee.message) { unsafe write(message, $0) }
}

/// As much of a text as there is room for, whole characters, and a NUL.
private func write(_ text: String, _ target: UnsafeMutableRawBufferPointer) {
  var count = 0
  for scalar in text.unicodeScalars {
    let length = UTF8.width(scalar)
    guard count + length < target.count else { break }
    for unit in UTF8.encode(scalar)! {
      unsafe target[count] = unit
      count += 1
    }
  }
  unsafe target[count] = 0
}
