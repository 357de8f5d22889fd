import CKernels

@testable import Kernels

extension ResultStrings {
  init(_ strings: some Sequence<String>) {
    self.init()
    for string in strings {
      bytes += Array(string.utf8)
      ends.append(bytes.count)
    }
  }
}

/// What a pair of structs says, read by the specification alone.
@safe
struct ArrowNode {
  let format: String
  let name: String
  let length: Int
  let nullCount: Int
  let children: [ArrowNode]
  private let buffers: [UnsafeRawPointer?]

  @unsafe
  init(_ schema: ck_arrow_schema, _ array: ck_arrow_array) {
    format = unsafe String(cString: schema.format)
    name = unsafe String(cString: schema.name)
    (length, nullCount) = unsafe (Int(array.length), Int(array.null_count))
    unsafe precondition(array.offset == 0 && schema.n_children == array.n_children && schema.release != nil)
    children = unsafe (0..<Int(array.n_children)).map { i in
      unsafe ArrowNode(schema.children[i]!.pointee, array.children[i]!.pointee)
    }
    unsafe buffers = (0..<Int(array.n_buffers)).map { unsafe array.buffers[$0] }
  }

  private func bit(_ buffer: Int, _ row: Int) -> Bool? {
    guard let start = unsafe buffers[buffer] else { return nil }
    return unsafe start.load(fromByteOffset: row >> 3, as: UInt8.self) >> UInt8(row & 7) & 1 != 0
  }

  func isValid(_ row: Int) -> Bool { bit(0, row) ?? true }

  func elements<T: BitwiseCopyable>(_: T.Type) -> [T?] {
    (0..<length).map { row in
      isValid(row) ? unsafe buffers[1]!.load(fromByteOffset: row * MemoryLayout<T>.stride, as: T.self) : nil
    }
  }

  var bits: [Bool?] { (0..<length).map { isValid($0) ? bit(1, $0) : nil } }

  /// The offsets of strings and lists.
  var ends: [Int] {
    (0...length).map { row in unsafe Int(buffers[1]!.load(fromByteOffset: 4 * row, as: Int32.self)) }
  }

  var strings: [String?] {
    let ends = ends
    return (0..<length).map { row in
      guard isValid(row) else { return nil }
      let bytes = unsafe UnsafeRawBufferPointer(start: buffers[2]! + ends[row], count: ends[row + 1] - ends[row])
      return unsafe String(decoding: bytes, as: UTF8.self)
    }
  }

  var cells: [Cell] {
    switch format {
    case "l": elements(Int64.self).map { $0.map(Cell.int) ?? .null }
    case "L": elements(UInt64.self).map { $0.map(Cell.uint) ?? .null }
    case "g": elements(Double.self).map { $0.map(Cell.double) ?? .null }
    case "b": bits.map { $0.map(Cell.bool) ?? .null }
    case "u": strings.map { $0.map(Cell.string) ?? .null }
    default: fatalError("ArrowNode: \(format)")
    }
  }
}

/// Columns of tests as structs that a producer would hand over, with the books of their release.
@safe
final class ArrowInputStructs {
  let schema: UnsafeMutableRawPointer
  let array: UnsafeMutableRawPointer
  private let counts: UnsafeMutablePointer<Int>
  private let columns: [TestColumn]
  private var blocks: [UnsafeMutableRawPointer] = unsafe []

  /// Of the schema and of the array.
  var releases: [Int] { unsafe [counts[0], counts[1]] }

  init(_ names: [String], _ columns: [TestColumn], rows: Int) {
    self.columns = columns
    var blocks: [UnsafeMutableRawPointer] = unsafe []
    func held<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
      let memory = UnsafeMutablePointer<T>.allocate(capacity: Swift.max(values.count, 1))
      unsafe memory.initialize(from: values, count: values.count)
      unsafe blocks.append(UnsafeMutableRawPointer(memory))
      return unsafe memory
    }
    func text(_ string: String) -> UnsafePointer<CChar> {
      unsafe UnsafePointer(held(Array(string.utf8CString)))
    }
    let counts = unsafe held([0, 0])
    func schema(
      _ format: String, _ name: String, _ children: [UnsafeMutablePointer<ck_arrow_schema>?],
      _ dictionary: UnsafeMutablePointer<ck_arrow_schema>?
    ) -> ck_arrow_schema {
      unsafe ck_arrow_schema(
        format: text(format), name: text(name), metadata: nil, flags: 2, n_children: Int64(children.count),
        children: held(children), dictionary: dictionary,
        release: { schema in
          unsafe schema!.pointee.private_data.assumingMemoryBound(to: Int.self)[0] += 1
        }, private_data: counts)
    }
    func array(
      _ length: Int, _ nulls: Int, _ offset: Int, _ buffers: [UnsafeRawPointer?],
      _ children: [UnsafeMutablePointer<ck_arrow_array>?], _ dictionary: UnsafeMutablePointer<ck_arrow_array>?
    ) -> ck_arrow_array {
      unsafe ck_arrow_array(
        length: Int64(length), null_count: Int64(nulls), offset: Int64(offset), n_buffers: Int64(buffers.count),
        n_children: Int64(children.count), buffers: held(buffers), children: held(children), dictionary: dictionary,
        release: { array in unsafe array!.pointee.private_data.assumingMemoryBound(to: Int.self)[1] += 1 },
        private_data: counts)
    }
    var schemas: [UnsafeMutablePointer<ck_arrow_schema>?] = unsafe []
    var arrays: [UnsafeMutablePointer<ck_arrow_array>?] = unsafe []
    for (name, test) in zip(names, columns) {
      let column = test.column
      let validity = unsafe column.validity.map { unsafe UnsafeRawPointer($0) }
      let bytes = unsafe column.strings.bytes.map { unsafe UnsafeRawPointer($0) }
      var format = ""
      var buffers: [UnsafeRawPointer?] = unsafe [validity, column.values]
      var (dictionarySchema, dictionaryArray):
        (UnsafeMutablePointer<ck_arrow_schema>?, UnsafeMutablePointer<ck_arrow_array>?) = (nil, nil)
      switch test.type {
      case .int64: format = "l"
      case .uint64: format = "L"
      case .bool: format = "b"
      case .utf8:
        format = "u"
        unsafe buffers = [validity, column.strings.offsets, bytes]
      case .dictionary(let codes, let large):
        format = codes == .int8 ? "c" : "I"
        unsafe dictionarySchema = held([schema(large ? "U" : "u", "", [], nil)])
        unsafe dictionaryArray = held([
          array(column.dictionaryCount, 0, 0, [nil, column.strings.offsets, bytes], [], nil)
        ])
      default: fatalError("ArrowInputStructs: \(test.type)")
      }
      unsafe schemas.append(held([schema(format, name, [], dictionarySchema)]))
      let nulls = test.cells.count { $0 == .null }
      unsafe arrays.append(held([array(rows, nulls, column.offset, buffers, [], dictionaryArray)]))
    }
    unsafe self.schema = UnsafeMutableRawPointer(held([schema("+s", "", schemas, nil)]))
    unsafe self.array = UnsafeMutableRawPointer(held([array(rows, 0, 0, [nil], arrays, nil)]))
    unsafe self.counts = counts
    unsafe self.blocks = blocks
  }

  deinit { for i in unsafe blocks.indices { unsafe blocks[i].deallocate() } }
}
