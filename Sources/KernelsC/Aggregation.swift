// The C ABI of streaming aggregation. Contract and names: `include/kernels.h`.
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

/// - Returns: `KN_INVALID_ARGUMENT` for a plan that is none, with the field in the error's path and the byte where it is no JSON.
@c @implementation
public func kn_agg_create(
  _ plan: UnsafePointer<CChar>?, _ length: Int, _ agg: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let agg = unsafe agg, unsafe length == 0 || (length > 0 && plan != nil) else {
    return unsafe misused("plan or agg is NULL", error)
  }
  let bytes = unsafe UnsafeRawBufferPointer(start: plan, count: length)
  do throws(AggregationError) {
    let held = HeldAggregator(try Aggregator(Aggregation(parsing: unsafe bytes.bytes)))
    unsafe agg.pointee = OpaquePointer(Unmanaged.passRetained(held).toOpaque())
    return ok
  } catch let failure {
    return unsafe refused(failure, error)
  }
}

@c @implementation
public func kn_agg_update(
  _ agg: OpaquePointer?, _ schema: UnsafeMutablePointer<ArrowSchema>?, _ array: UnsafeMutablePointer<ArrowArray>?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let held = unsafe HeldAggregator.of(agg), let schema = unsafe schema, let array = unsafe array else {
    return unsafe misused("agg, schema or array is NULL", error)
  }
  return unsafe call(error) { () throws(AggregationError) in
    try unsafe held.aggregator.update(
      arrowSchema: UnsafeMutableRawPointer(schema), array: UnsafeMutableRawPointer(array))
  }
}

@c @implementation
public func kn_agg_update_ndjson(
  _ agg: OpaquePointer?, _ data: UnsafePointer<UInt8>?, _ length: Int, _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let held = unsafe HeldAggregator.of(agg), let bytes = unsafe message(data, length) else {
    return unsafe misused("agg or data is NULL", error)
  }
  let status = unsafe call(error) { () throws(AggregationError) in
    try held.aggregator.update(ndjson: unsafe bytes.bytes)
  }
  if status != ok, let error = unsafe error {
    // Where it went wrong is a line as well.
    var (line, start) = (UInt32(1), 0)
    let offset = unsafe Swift.min(Int(clamping: error.pointee.offset), bytes.count)
    for i in 0..<offset where unsafe bytes[i] == UInt8(ascii: "\n") {
      line &+= 1
      start = i + 1
    }
    unsafe error.pointee.line = line
    unsafe error.pointee.column = UInt32(clamping: offset - start + 1)
  }
  return status
}

@c @implementation
public func kn_agg_advance(
  _ agg: OpaquePointer?, _ watermark_ms: Int64, _ schema: UnsafeMutablePointer<ArrowSchema>?,
  _ array: UnsafeMutablePointer<ArrowArray>?, _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let held = unsafe HeldAggregator.of(agg), let schema = unsafe schema, let array = unsafe array else {
    return unsafe misused("agg, schema or array is NULL", error)
  }
  return unsafe call(error) { () throws(AggregationError) in
    try unsafe held.aggregator.advance(
      to: watermark_ms, arrowSchema: UnsafeMutableRawPointer(schema), array: UnsafeMutableRawPointer(array))
  }
}

@c @implementation
public func kn_agg_finish(
  _ agg: OpaquePointer?, _ schema: UnsafeMutablePointer<ArrowSchema>?, _ array: UnsafeMutablePointer<ArrowArray>?,
  _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let held = unsafe HeldAggregator.of(agg), let schema = unsafe schema, let array = unsafe array else {
    return unsafe misused("agg, schema or array is NULL", error)
  }
  return unsafe call(error) { () throws(AggregationError) in
    try unsafe held.aggregator.finish(
      arrowSchema: UnsafeMutableRawPointer(schema), array: UnsafeMutableRawPointer(array))
  }
}

/// - Returns: 0 for NULL.
@c @implementation
public func kn_agg_late_rows(_ agg: OpaquePointer?) -> UInt64 {
  unsafe HeldAggregator.of(agg)?.aggregator.lateRowCount ?? 0
}

@c @implementation
public func kn_agg_snapshot(
  _ agg: OpaquePointer?, _ out: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?,
  _ out_length: UnsafeMutablePointer<Int>?, _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let held = unsafe HeldAggregator.of(agg), let out = unsafe out, let length = unsafe out_length else {
    return unsafe misused("agg, out or out_length is NULL", error)
  }
  // Written where it is handed out, and cut to its length.
  let room = held.aggregator.snapshotRoom
  guard var memory = unsafe malloc(room) else { return unsafe outOfMemory(error) }
  var (count, grown) = unsafe held.aggregator.writeSnapshot(
    to: UnsafeMutableRawBufferPointer(start: memory, count: room))
  if let grown { count = grown.count }
  guard let exact = unsafe realloc(memory, count) else {
    unsafe free(memory)
    return unsafe outOfMemory(error)
  }
  unsafe memory = exact
  if let grown {
    unsafe grown.withUnsafeBytes { unsafe memory.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: count) }
  }
  unsafe out.pointee = memory.assumingMemoryBound(to: UInt8.self)
  unsafe length.pointee = count
  return ok
}

@c @implementation
public func kn_agg_merge(
  _ agg: OpaquePointer?, _ snapshot: UnsafePointer<UInt8>?, _ length: Int, _ error: UnsafeMutablePointer<kn_error>?
) -> kn_status {
  guard let held = unsafe HeldAggregator.of(agg), let bytes = unsafe message(snapshot, length) else {
    return unsafe misused("agg or snapshot is NULL", error)
  }
  return unsafe call(error) { () throws(AggregationError) in try held.aggregator.merge(unsafe bytes.bytes) }
}

@c @implementation
public func kn_agg_destroy(_ agg: OpaquePointer?) {
  guard let agg = unsafe agg else { return }
  unsafe Unmanaged<HeldAggregator>.fromOpaque(UnsafeRawPointer(agg)).release()
}

// MARK: - What the calls share

/// A kn_agg: an aggregator at a place that stays.
private final class HeldAggregator {
  var aggregator: Aggregator

  init(_ aggregator: consuming Aggregator) { self.aggregator = aggregator }

  /// - `agg` is nil or came of ``kn_agg_create`` and has not been destroyed.
  @unsafe
  static func of(_ agg: OpaquePointer?) -> HeldAggregator? {
    guard let agg = unsafe agg else { return nil }
    return unsafe Unmanaged<HeldAggregator>.fromOpaque(UnsafeRawPointer(agg)).takeUnretainedValue()
  }
}

@unsafe
private func call(
  _ error: UnsafeMutablePointer<kn_error>?, _ body: () throws(AggregationError) -> Void
) -> kn_status {
  do throws(AggregationError) {
    try body()
    return ok
  } catch let failure {
    return unsafe refused(failure, error)
  }
}

@unsafe
private func refused(_ failure: AggregationError, _ error: UnsafeMutablePointer<kn_error>?) -> kn_status {
  unsafe fill(error, AggregationErrorText(path: failure.field, message: failure.message, offset: failure.offset))
  switch failure.code {
  case .invalidPlan, .sequence: return kn_status(KN_INVALID_ARGUMENT)
  case .invalidData: return kn_status(KN_INVALID_DATA)
  case .limitExceeded: return kn_status(KN_LIMIT_EXCEEDED)
  case .outOfMemory: return kn_status(KN_OUT_OF_MEMORY)
  }
}

@unsafe
private func misused(_ message: String, _ error: UnsafeMutablePointer<kn_error>?) -> kn_status {
  unsafe fill(error, AggregationErrorText(message: message))
  return kn_status(KN_INVALID_ARGUMENT)
}

@unsafe
private func outOfMemory(_ error: UnsafeMutablePointer<kn_error>?) -> kn_status {
  unsafe fill(error, AggregationErrorText(message: "the system has no more memory"))
  return kn_status(KN_OUT_OF_MEMORY)
}

private struct AggregationErrorText {
  var path = ""
  var message: String
  var offset = 0
}

@unsafe
private func fill(_ error: UnsafeMutablePointer<kn_error>?, _ text: AggregationErrorText) {
  guard let error = unsafe error else { return }
  unsafe error.pointee = kn_error()
  unsafe error.pointee.offset = UInt64(text.offset)
  unsafe withUnsafeMutableBytes(of: &error.pointee.path) { field in
    for (i, byte) in text.path.utf8.prefix(field.count - 1).enumerated() { unsafe field[i] = byte }
  }
  unsafe withUnsafeMutableBytes(of: &error.pointee.message) { field in
    for (i, byte) in text.message.utf8.prefix(field.count - 1).enumerated() { unsafe field[i] = byte }
  }
}
