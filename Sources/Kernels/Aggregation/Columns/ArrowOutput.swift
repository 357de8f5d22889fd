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
enum ArrowOutput {
  typealias Schema = UnsafeMutablePointer<ck_arrow_schema>
  typealias Array = UnsafeMutablePointer<ck_arrow_array>

  /// - `schema` and `array` are writable; what they held is overwritten.
  @unsafe
  static func export(_ result: AggregationResult, _ schema: Schema, _ array: Array) {
    let children = unsafe result.columns.map { column in unsafe node(column) }
    unsafe fill(schema, format: "+s", name: "", children: children.map { unsafe $0.schema }, isNullable: false)
    unsafe fill(
      array, length: result.rowCount, nullCount: 0, buffers: [nil], children: children.map { unsafe $0.array })
  }

  // MARK: - Columns

  @unsafe
  private static func node(_ column: ResultColumn) -> (schema: Schema, array: Array) {
    let validity = unsafe column.validity.map { unsafe bytes($0) } ?? nil
    let count = column.rowCount
    let nulls = column.nullCount
    func simple(_ format: String, _ buffers: [UnsafeMutableRawPointer?]) -> (schema: Schema, array: Array) {
      unsafe node(format, column.name, length: count, nullCount: nulls, buffers: [validity] + buffers, children: [])
    }
    switch column.values {
    case .int64(let values): return unsafe simple("l", [bytes(values)])
    case .uint64(let values): return unsafe simple("L", [bytes(values)])
    case .double(let values): return unsafe simple("g", [bytes(values)])
    case .bool(let values):
      var bits = [UInt8](repeating: 0, count: (count + 7) / 8)
      for row in 0..<count where values[row] { bits[row >> 3] |= 1 << UInt8(row & 7) }
      return unsafe simple("b", [bytes(bits)])
    case .strings(let strings):
      let (format, offsets) = unsafe offsets(strings.ends, "u", "U")
      return unsafe simple(format, [offsets, bytes(strings.bytes)])
    case .counts(let counts, let perRow):
      let (format, offsets) = unsafe offsets((1...Swift.max(count, 1)).prefix(count).map { $0 * perRow }, "+l", "+L")
      let item = unsafe node(
        "l", "item", length: counts.count, nullCount: 0, buffers: [nil, bytes(counts)], children: [])
      return unsafe node(
        format, column.name, length: count, nullCount: nulls, buffers: [validity, offsets], children: [item])
    case .frequent(let values):
      let (format, offsets) = unsafe offsets(values.ends, "+l", "+L")
      let length = values.counts.count
      let keys: (schema: Schema, array: Array) =
        switch values.keys {
        case .int64(let keys):
          unsafe node("l", "value", length: length, nullCount: 0, buffers: [nil, bytes(keys)], children: [])
        case .uint64(let keys):
          unsafe node("L", "value", length: length, nullCount: 0, buffers: [nil, bytes(keys)], children: [])
        case .double(let keys):
          unsafe node("g", "value", length: length, nullCount: 0, buffers: [nil, bytes(keys)], children: [])
        }
      let counts = unsafe node(
        "l", "count", length: length, nullCount: 0, buffers: [nil, bytes(values.counts)], children: [])
      let errors = unsafe node(
        "l", "error", length: length, nullCount: 0, buffers: [nil, bytes(values.errors)], children: [])
      let item = unsafe node(
        "+s", "item", length: length, nullCount: 0, buffers: [nil], children: [keys, counts, errors])
      return unsafe node(
        format, column.name, length: count, nullCount: nulls, buffers: [validity, offsets], children: [item])
    }
  }

  /// Ends as offsets of 32 bits where they fit, and the format that says which.
  @unsafe
  private static func offsets(_ ends: [Int], _ small: String, _ large: String) -> (String, UnsafeMutableRawPointer) {
    if (ends.last ?? 0) <= Int(Int32.max) {
      return unsafe (small, bytes([0] + ends.map { Int32(truncatingIfNeeded: $0) }))
    }
    return unsafe (large, bytes([0] + ends.map { Int64($0) }))
  }

  // MARK: - Memory

  @unsafe
  private static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = unsafe malloc(Swift.max(byteCount, 8)) else {
      fatalError("ArrowOutput: the system has no more memory")
    }
    return unsafe memory
  }

  @unsafe
  private static func bytes<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutableRawPointer {
    let memory = unsafe allocate(values.count * MemoryLayout<T>.stride)
    unsafe values.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { unsafe memory.copyMemory(from: start, byteCount: bytes.count) }
    }
    return unsafe memory
  }

  @unsafe
  private static func text(_ string: String) -> UnsafeMutablePointer<CChar> {
    let bytes = Swift.Array(string.utf8) + [0]
    return unsafe Self.bytes(bytes).assumingMemoryBound(to: CChar.self)
  }

  @unsafe
  private static func pointers<T>(_ pointers: [UnsafeMutablePointer<T>]) -> UnsafeMutablePointer<
    UnsafeMutablePointer<T>?
  >? {
    guard unsafe !pointers.isEmpty else { return nil }
    let memory = unsafe allocate(pointers.count * MemoryLayout<UnsafeMutableRawPointer>.stride)
      .assumingMemoryBound(to: UnsafeMutablePointer<T>?.self)
    for i in unsafe pointers.indices { unsafe memory[i] = pointers[i] }
    return unsafe memory
  }

  // MARK: - Nodes

  @unsafe
  private static func node(
    _ format: String, _ name: String, length: Int, nullCount: Int, buffers: [UnsafeMutableRawPointer?],
    children: [(schema: Schema, array: Array)]
  ) -> (schema: Schema, array: Array) {
    let schema = unsafe allocate(MemoryLayout<ck_arrow_schema>.stride).assumingMemoryBound(to: ck_arrow_schema.self)
    let array = unsafe allocate(MemoryLayout<ck_arrow_array>.stride).assumingMemoryBound(to: ck_arrow_array.self)
    unsafe fill(schema, format: format, name: name, children: children.map { unsafe $0.schema }, isNullable: true)
    unsafe fill(
      array, length: length, nullCount: nullCount, buffers: buffers, children: children.map { unsafe $0.array })
    return unsafe (schema, array)
  }

  @unsafe
  private static func fill(_ schema: Schema, format: String, name: String, children: [Schema], isNullable: Bool) {
    unsafe schema.initialize(
      to: ck_arrow_schema(
        format: UnsafePointer(text(format)), name: UnsafePointer(text(name)), metadata: nil,
        flags: isNullable ? Int64(CK_ARROW_FLAG_NULLABLE) : 0, n_children: Int64(children.count),
        children: pointers(children), dictionary: nil, release: releaseSchema, private_data: nil))
  }

  @unsafe
  private static func fill(
    _ array: Array, length: Int, nullCount: Int, buffers: [UnsafeMutableRawPointer?], children: [Array]
  ) {
    let held = unsafe allocate(buffers.count * MemoryLayout<UnsafeRawPointer?>.stride)
      .assumingMemoryBound(to: UnsafeRawPointer?.self)
    for i in unsafe buffers.indices { unsafe held[i] = buffers[i].map { UnsafeRawPointer($0) } }
    unsafe array.initialize(
      to: ck_arrow_array(
        length: Int64(length), null_count: Int64(nullCount), offset: 0, n_buffers: Int64(buffers.count),
        n_children: Int64(children.count), buffers: held, children: pointers(children), dictionary: nil,
        release: releaseArray, private_data: nil))
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
  @unsafe
  public func exportArrow(schema: UnsafeMutableRawPointer, array: UnsafeMutableRawPointer) {
    unsafe ArrowOutput.export(
      self, schema.assumingMemoryBound(to: ck_arrow_schema.self), array.assumingMemoryBound(to: ck_arrow_array.self))
  }
}
