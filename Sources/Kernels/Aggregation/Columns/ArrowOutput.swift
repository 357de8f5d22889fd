import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A result as the two structs of the Arrow C data interface, in memory of malloc. Each node frees what it holds when it is released, and its
/// children where nobody has moved them away.
@safe
struct ArrowOutput: ~Copyable {
  typealias Schema = UnsafeMutablePointer<ck_arrow_schema>
  typealias Array = UnsafeMutablePointer<ck_arrow_array>

  /// Malloc, or what a test has in its place.
  private let allocate: (Int) -> UnsafeMutableRawPointer?
  /// What has been allocated, to be freed where the next one cannot be.
  private var blocks: [UnsafeMutableRawPointer] = unsafe []

  @safe
  private struct Node {
    let schema: Schema
    let array: Array
  }

  /// - Throws: ``AggregationError/Code/outOfMemory``; nothing is written or held then.
  /// - `schema` and `array` are writable; what they held is overwritten. `allocate` answers as malloc does.
  @unsafe
  static func export(
    _ result: AggregationResult, _ schema: Schema, _ array: Array,
    allocate: @escaping (Int) -> UnsafeMutableRawPointer? = { unsafe malloc($0) }
  ) throws(AggregationError) {
    var output = unsafe ArrowOutput(allocate: allocate)
    do throws(AggregationError) {
      var children: [Node] = []
      for column in result.columns { children.append(try unsafe output.node(column)) }
      let top = unsafe try (
        output.schema("+s", "", children.map { unsafe $0.schema }, isNullable: false),
        output.array(result.rowCount, 0, [nil], children.map { unsafe $0.array })
      )
      unsafe schema.initialize(to: top.0)
      unsafe array.initialize(to: top.1)
    } catch {
      for i in unsafe output.blocks.indices { unsafe free(output.blocks[i]) }
      throw error
    }
  }

  // MARK: - Columns

  @unsafe
  private mutating func node(_ column: ResultColumn) throws(AggregationError) -> Node {
    let validity = unsafe try column.validity.map { (bits) throws(AggregationError) in unsafe try bytes(bits) }
    let (name, count, nulls) = (column.name, column.rowCount, column.nullCount)
    switch column.values {
    case .int64(let values): return unsafe try node("l", name, count, nulls, [validity, bytes(values)])
    case .uint64(let values): return unsafe try node("L", name, count, nulls, [validity, bytes(values)])
    case .double(let values): return unsafe try node("g", name, count, nulls, [validity, bytes(values)])
    case .bool(let values):
      var bits = [UInt8](repeating: 0, count: (count + 7) / 8)
      for row in 0..<count where values[row] { bits[row >> 3] |= 1 << UInt8(row & 7) }
      return unsafe try node("b", name, count, nulls, [validity, bytes(bits)])
    case .strings(let strings):
      let (format, offsets) = unsafe try offsets(strings.ends, "u", "U")
      return unsafe try node(format, name, count, nulls, [validity, offsets, bytes(strings.bytes)])
    case .counts(let counts, let perRow):
      let item = unsafe try node("l", "item", counts.count, 0, [nil, bytes(counts)])
      let (format, offsets) = unsafe try offsets(
        (1...Swift.max(count, 1)).prefix(count).map { $0 * perRow }, "+l", "+L")
      return unsafe try node(format, name, count, nulls, [validity, offsets], [item])
    case .frequent(let values):
      let length = values.counts.count
      let keys =
        switch values.keys {
        case .int64(let keys): unsafe try node("l", "value", length, 0, [nil, bytes(keys)])
        case .uint64(let keys): unsafe try node("L", "value", length, 0, [nil, bytes(keys)])
        case .double(let keys): unsafe try node("g", "value", length, 0, [nil, bytes(keys)])
        }
      let counts = unsafe try node("l", "count", length, 0, [nil, bytes(values.counts)])
      let errors = unsafe try node("l", "error", length, 0, [nil, bytes(values.errors)])
      let item = unsafe try node("+s", "item", length, 0, [nil], [keys, counts, errors])
      let (format, offsets) = unsafe try offsets(values.ends, "+l", "+L")
      return unsafe try node(format, name, count, nulls, [validity, offsets], [item])
    }
  }

  /// Ends as offsets of 32 bits where they fit, and the format that says which.
  @unsafe
  private mutating func offsets(
    _ ends: [Int], _ small: String, _ large: String
  ) throws(AggregationError) -> (String, UnsafeMutableRawPointer) {
    if (ends.last ?? 0) <= Int(Int32.max) {
      return unsafe (small, try bytes([0] + ends.map { Int32(truncatingIfNeeded: $0) }))
    }
    return unsafe (large, try bytes([0] + ends.map { Int64($0) }))
  }

  // MARK: - Nodes

  @unsafe
  private mutating func node(
    _ format: String, _ name: String, _ length: Int, _ nullCount: Int, _ buffers: [UnsafeMutableRawPointer?],
    _ children: [Node] = []
  ) throws(AggregationError) -> Node {
    let schema = unsafe try schema(format, name, children.map { unsafe $0.schema }, isNullable: true)
    let array = unsafe try array(length, nullCount, buffers, children.map { unsafe $0.array })
    return unsafe try Node(schema: held([schema]), array: held([array]))
  }

  @unsafe
  private mutating func schema(
    _ format: String, _ name: String, _ children: [Schema], isNullable: Bool
  ) throws(AggregationError) -> ck_arrow_schema {
    unsafe try ck_arrow_schema(
      format: UnsafePointer(held(format.utf8CString.map(\.self))),
      name: UnsafePointer(held(name.utf8CString.map(\.self))),
      metadata: nil, flags: isNullable ? Int64(CK_ARROW_FLAG_NULLABLE) : 0, n_children: Int64(children.count),
      children: children.isEmpty ? nil : held(children.map { unsafe Optional($0) }), dictionary: nil,
      release: releaseSchema, private_data: nil)
  }

  @unsafe
  private mutating func array(
    _ length: Int, _ nullCount: Int, _ buffers: [UnsafeMutableRawPointer?], _ children: [Array]
  ) throws(AggregationError) -> ck_arrow_array {
    unsafe try ck_arrow_array(
      length: Int64(length), null_count: Int64(nullCount), offset: 0, n_buffers: Int64(buffers.count),
      n_children: Int64(children.count), buffers: held(buffers.map { UnsafeRawPointer($0) }),
      children: children.isEmpty ? nil : held(children.map { unsafe Optional($0) }), dictionary: nil,
      release: releaseArray, private_data: nil)
  }

  // MARK: - Memory

  @unsafe
  private mutating func held<T: BitwiseCopyable>(_ values: [T]) throws(AggregationError) -> UnsafeMutablePointer<T> {
    unsafe try bytes(values).assumingMemoryBound(to: T.self)
  }

  @unsafe
  private mutating func bytes<T: BitwiseCopyable>(_ values: [T]) throws(AggregationError) -> UnsafeMutableRawPointer {
    guard let memory = unsafe allocate(Swift.max(values.count * MemoryLayout<T>.stride, 8)) else {
      throw AggregationError(.outOfMemory, "", "the system has no more memory")
    }
    unsafe blocks.append(memory)
    unsafe values.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { unsafe memory.copyMemory(from: start, byteCount: bytes.count) }
    }
    return unsafe memory
  }
}

/// Frees what a schema of ours holds, and marks it released.
private let releaseSchema: @convention(c) (UnsafeMutablePointer<ck_arrow_schema>?) -> Void = { schema in
  guard let schema = unsafe schema, unsafe schema.pointee.release != nil else { return }
  for i in unsafe 0..<Int(schema.pointee.n_children) {
    guard let child = unsafe schema.pointee.children[i] else { continue }
    if let release = unsafe child.pointee.release { unsafe release(child) }
    unsafe free(child)
  }
  unsafe free(schema.pointee.children)
  unsafe free(UnsafeMutablePointer(mutating: schema.pointee.format))
  unsafe free(UnsafeMutablePointer(mutating: schema.pointee.name))
  unsafe schema.pointee.release = nil
}

/// Frees what an array of ours holds, and marks it released.
private let releaseArray: @convention(c) (UnsafeMutablePointer<ck_arrow_array>?) -> Void = { array in
  guard let array = unsafe array, unsafe array.pointee.release != nil else { return }
  for i in unsafe 0..<Int(array.pointee.n_children) {
    guard let child = unsafe array.pointee.children[i] else { continue }
    if let release = unsafe child.pointee.release { unsafe release(child) }
    unsafe free(child)
  }
  unsafe free(array.pointee.children)
  for i in unsafe 0..<Int(array.pointee.n_buffers) {
    unsafe free(UnsafeMutableRawPointer(mutating: array.pointee.buffers[i]))
  }
  unsafe free(array.pointee.buffers)
  unsafe array.pointee.release = nil
}

extension AggregationResult {
  /// The result as a struct array of the Arrow C data interface.
  ///
  /// Keys are int64, uint64, bool or utf8; aggregates int64, uint64 or double; a histogram is a list of int64, and top_k one of structs with
  /// value, count and error. Strings of 2^31 bytes and more are large_utf8.
  ///
  /// - `schema` and `array` point to an ArrowSchema and an ArrowArray to be filled, whose release is then the caller's to call, once.
  /// - Throws: ``AggregationError/Code/outOfMemory``; neither is written then.
  @unsafe
  public func exportArrow(
    schema: UnsafeMutableRawPointer, array: UnsafeMutableRawPointer
  ) throws(AggregationError) {
    try unsafe ArrowOutput.export(
      self, schema.assumingMemoryBound(to: ck_arrow_schema.self), array.assumingMemoryBound(to: ck_arrow_array.self))
  }
}

extension Aggregator {
  /// ``advance(to:)`` whose rows go out as ``AggregationResult/exportArrow(schema:array:)`` says.
  ///
  /// - Throws: as both; nothing is written or forgotten then.
  @unsafe
  public mutating func advance(
    to watermark: Int64, arrowSchema schema: UnsafeMutableRawPointer, array: UnsafeMutableRawPointer
  ) throws(AggregationError) {
    try advance(to: watermark) { (result) throws(AggregationError) in
      try unsafe result.exportArrow(schema: schema, array: array)
    }
  }

  /// ``finish()`` whose rows go out as ``AggregationResult/exportArrow(schema:array:)`` says.
  ///
  /// - Throws: as both; nothing is written or emptied then.
  @unsafe
  public mutating func finish(
    arrowSchema schema: UnsafeMutableRawPointer, array: UnsafeMutableRawPointer
  ) throws(AggregationError) {
    try finish { (result) throws(AggregationError) in try unsafe result.exportArrow(schema: schema, array: array) }
  }
}
