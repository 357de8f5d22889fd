/// A column that is filled value by value from text, and then lent to an update.
struct TextColumn: Sendable {
  enum Kind: Hashable, Sendable { case unknown, integer, boolean, double, string }

  /// What may come; ``Kind/unknown`` as long as nothing has.
  private(set) var kind: Kind
  private let initial: Kind
  private var numbers: [Int64] = []
  private var bytes: [UInt8] = []
  private var offsets: [Int32] = [0]
  private var validity: [UInt8] = []
  private var hasNulls = false
  private(set) var count = 0

  init(_ kind: Kind) { (self.kind, initial) = (kind, kind) }

  mutating func removeAll() {
    kind = initial
    numbers.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
    offsets.append(0)
    validity.removeAll(keepingCapacity: true)
    (hasNulls, count) = (false, 0)
  }

  @inline(__always)
  private mutating func begin(isValid: Bool) {
    if count & 7 == 0 { validity.append(0) }
    if isValid { validity[count >> 3] |= 1 << UInt8(count & 7) } else { hasNulls = true }
    count += 1
  }

  mutating func appendNull() {
    begin(isValid: false)
    numbers.append(0)
    offsets.append(Int32(truncatingIfNeeded: bytes.count))
  }

  /// False where the column is of another kind.
  mutating func append(integer value: Int64) -> Bool {
    if kind == .unknown { kind = .integer }
    guard kind == .integer else { return false }
    begin(isValid: true)
    numbers.append(value)
    offsets.append(Int32(truncatingIfNeeded: bytes.count))
    return true
  }

  mutating func append(boolean value: Bool) -> Bool {
    if kind == .unknown { kind = .boolean }
    guard kind == .boolean else { return false }
    begin(isValid: true)
    numbers.append(value ? 1 : 0)
    offsets.append(Int32(truncatingIfNeeded: bytes.count))
    return true
  }

  mutating func append(double value: Double) -> Bool {
    if kind == .unknown { kind = .double }
    guard kind == .double else { return false }
    begin(isValid: true)
    numbers.append(Int64(bitPattern: value.bitPattern))
    offsets.append(Int32(truncatingIfNeeded: bytes.count))
    return true
  }

  /// Also false past 2 GiB of strings.
  mutating func append(string: UnsafeRawBufferPointer) -> Bool {
    if kind == .unknown { kind = .string }
    guard kind == .string, bytes.count + string.count <= Int(Int32.max) else { return false }
    begin(isValid: true)
    unsafe bytes.append(contentsOf: string)
    numbers.append(0)
    offsets.append(Int32(truncatingIfNeeded: bytes.count))
    return true
  }

  /// What a boolean column holds, a bit each, so that ``lend(_:)`` can lend it.
  mutating func close() {
    guard kind == .boolean else { return }
    bytes = [UInt8](repeating: 0, count: (count + 7) / 8)
    for row in 0..<count where numbers[row] != 0 { bytes[row >> 3] |= 1 << UInt8(row & 7) }
  }

  /// A view for as long as `body` runs.
  @unsafe
  func lend<R, E: Error>(_ body: (InputColumn) throws(E) -> R) throws(E) -> R {
    var column: InputColumn
    switch kind {
    case .integer: column = InputColumn(type: .int64)
    case .boolean: column = InputColumn(type: .bool)
    case .unknown:
      column = InputColumn(type: .int64)
      column.isUntyped = true
    case .double: column = InputColumn(type: .double)
    case .string: column = InputColumn(type: .utf8)
    }
    // Arrays lend their memory for the length of a closure; typed throws do not go through all of those, so a result does.
    let result = unsafe numbers.withUnsafeBytes { numbers in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe offsets.withUnsafeBytes { offsets in
          unsafe validity.withUnsafeBufferPointer { validity -> Result<R, E> in
            if hasNulls { unsafe column.validity = validity.baseAddress }
            unsafe column.values =
              kind == .boolean ? bytes.baseAddress.map { unsafe UnsafeRawPointer($0) } : numbers.baseAddress
            column.strings = unsafe StringView(offsets: offsets.baseAddress, bytes: bytes.baseAddress, large: false)
            do throws(E) {
              return .success(try body(column))
            } catch {
              return .failure(error)
            }
          }
        }
      }
    }
    return try result.get()
  }
}

/// Rows read from text, in the columns of a plan.
struct TextRows: Sendable {
  var columns: [TextColumn]

  /// - Parameter keysAreStrings: as in CSV, where nothing tells a number from a string of digits.
  init(_ plan: Aggregation, _ places: PlanColumns, keysAreStrings: Bool) {
    columns = places.names.indices.map { index in
      if places.time == index { return TextColumn(.integer) }
      if places.keys.contains(index) { return TextColumn(keysAreStrings ? .string : .unknown) }
      let operations = plan.aggregates.indices.filter { places.aggregates[$0] == index }.map {
        plan.aggregates[$0].operation
      }
      let isFree = operations.allSatisfy { $0 == .count || $0 == .approxDistinct }
      return TextColumn(isFree ? (keysAreStrings ? .string : .unknown) : .double)
    }
  }

  mutating func removeAll() { for i in columns.indices { columns[i].removeAll() } }
}

extension Aggregator {
  /// Folds rows that were read.
  mutating func update(_ rows: inout TextRows, rowCount: Int) throws(AggregationError) {
    gathered.removeAll(keepingCapacity: true)
    for i in rows.columns.indices { rows.columns[i].close() }
    try lend(rows, 0, rowCount)
  }

  private mutating func lend(_ rows: borrowing TextRows, _ index: Int, _ rowCount: Int) throws(AggregationError) {
    guard index < rows.columns.count else { return try updateGathered(rowCount) }
    let column = rows.columns[index]
    try unsafe column.lend { (view) throws(AggregationError) in
      gathered.append(view)
      try lend(rows, index + 1, rowCount)
    }
  }
}
