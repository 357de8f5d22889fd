@testable import Kernels

/// A column of a test that owns its memory, in any of the types that come in, with an offset and garbage under nulls.
@safe
final class TestColumn {
  let cells: [Cell]
  let type: InputType
  let column: InputColumn
  private let memory: [GuardedBuffer]

  /// - Parameter offset: rows before the first that belong to nobody.
  init(_ cells: [Cell], _ type: InputType, offset: Int = 0, seed: UInt64 = 1) {
    self.cells = cells
    self.type = type
    var random = AggregationRandom(seed)
    var held: [GuardedBuffer] = []
    func buffer(_ bytes: [UInt8]) -> UnsafeRawPointer {
      let buffer = GuardedBuffer(byteCount: bytes.count)
      unsafe buffer.bytes.copyBytes(from: bytes)
      held.append(buffer)
      return unsafe UnsafeRawPointer(buffer.bytes.baseAddress!)
    }
    var column = InputColumn(type: type)
    column.offset = offset
    let count = offset + cells.count
    if cells.contains(.null) {
      var bits = [UInt8](repeating: 0, count: (count + 7) / 8)
      for (row, cell) in cells.enumerated() where cell != .null {
        bits[(offset + row) >> 3] |= 1 << UInt8((offset + row) & 7)
      }
      unsafe column.validity = buffer(bits).assumingMemoryBound(to: UInt8.self)
    }
    func elements<T: FixedWidthInteger>(_: T.Type, _ value: (Cell) -> T) {
      var bytes: [UInt8] = []
      for _ in 0..<offset { bytes.appendLittleEndian(T(truncatingIfNeeded: random.next())) }
      for cell in cells { bytes.appendLittleEndian(cell == .null ? T(truncatingIfNeeded: random.next()) : value(cell)) }
      unsafe column.values = buffer(bytes)
    }
    func integer<T: FixedWidthInteger>(_: T.Type) {
      elements(T.self) { cell in
        switch cell {
        case .int(let value): T(value)
        case .uint(let value): T(value)
        default: fatalError("TestColumn: no integer")
        }
      }
    }
    func strings(_ strings: [String], large: Bool) {
      var bytes: [UInt8] = []
      var offsets: [UInt8] = []
      func add() {
        if large {
          offsets.appendLittleEndian(Int64(bytes.count))
        } else {
          offsets.appendLittleEndian(Int32(bytes.count))
        }
      }
      add()
      for string in strings {
        bytes.append(contentsOf: string.utf8)
        add()
      }
      column.strings = unsafe StringView(
        offsets: buffer(offsets), bytes: buffer(bytes).assumingMemoryBound(to: UInt8.self), large: large)
    }
    let texts = cells.map { if case .string(let text) = $0 { text } else { "under a null" } }
    switch type {
    case .int8: integer(Int8.self)
    case .int16: integer(Int16.self)
    case .int32: integer(Int32.self)
    case .int64, .timestampMilliseconds: integer(Int64.self)
    case .uint8: integer(UInt8.self)
    case .uint16: integer(UInt16.self)
    case .uint32: integer(UInt32.self)
    case .uint64: integer(UInt64.self)
    case .timestampSeconds:
      elements(Int64.self) { if case .int(let value) = $0 { value / 1000 } else { fatalError("TestColumn: no time") } }
    case .timestampMicroseconds:
      elements(Int64.self) {
        if case .int(let value) = $0 { value * 1000 + 999 } else { fatalError("TestColumn: no time") }
      }
    case .timestampNanoseconds:
      elements(Int64.self) {
        if case .int(let value) = $0 { value * 1_000_000 + 1 } else { fatalError("TestColumn: no time") }
      }
    case .float:
      elements(UInt32.self) {
        if case .double(let value) = $0 { Float(value).bitPattern } else { fatalError("TestColumn: no float") }
      }
    case .double:
      elements(UInt64.self) {
        if case .double(let value) = $0 { value.bitPattern } else { fatalError("TestColumn: no double") }
      }
    case .bool:
      var bits = [UInt8](repeating: 0, count: (count + 7) / 8)
      for (row, cell) in cells.enumerated() where cell == .bool(true) {
        bits[(offset + row) >> 3] |= 1 << UInt8((offset + row) & 7)
      }
      unsafe column.values = buffer(bits)
    case .utf8: strings(Array(repeating: "before", count: offset) + texts, large: false)
    case .largeUTF8: strings(Array(repeating: "before", count: offset) + texts, large: true)
    case .dictionary(let codes, let large):
      // Each string twice, so that two codes mean the same.
      let distinct = Array(Set(cells.compactMap { if case .string(let text) = $0 { text } else { nil } })).sorted()
      strings(distinct + distinct, large: large)
      column.dictionaryCount = 2 * distinct.count
      func code<T: FixedWidthInteger>(_: T.Type) {
        elements(T.self) { cell in
          guard case .string(let text) = cell else { fatalError("TestColumn: no string") }
          let place = distinct.firstIndex(of: text)!
          return T(place + (random.next() & 1 == 0 || UInt64(2 * distinct.count) > UInt64(T.max) ? 0 : distinct.count))
        }
      }
      switch codes {
      case .int8: code(Int8.self)
      case .int16: code(Int16.self)
      case .int32: code(Int32.self)
      case .int64: code(Int64.self)
      case .uint8: code(UInt8.self)
      case .uint16: code(UInt16.self)
      case .uint32: code(UInt32.self)
      case .uint64: code(UInt64.self)
      }
    }
    self.column = column
    memory = held
  }
}
