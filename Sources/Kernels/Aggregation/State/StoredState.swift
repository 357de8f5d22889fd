#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A snapshot that has been looked at: of this plan, whole, canonical, and where its parts lie. Nothing has been made of it yet.
///
/// - It lives no longer than its bytes.
@safe
struct StoredState {
  var watermark: Int64?
  var lateRows: UInt64 = 0
  var overflowRows: UInt64 = 0
  var keyClasses: [KeyClass] = []
  var classes: [ValueClass] = []
  var ledger = SequenceLedger()
  var count = 0
  /// Where there is a window.
  var slices: StoredIntegers?
  /// Of sessions.
  var times: (first: StoredIntegers, last: StoredIntegers)?
  /// Rows of each group, of windows that overlap.
  var rowCounts: StoredIntegers?
  var keys: [StoredKey] = []
  /// Of each state: its bytes, and what they have been found to be.
  var parts: [(bytes: UnsafeRawBufferPointer, staged: StagedColumn)] = unsafe []

  /// Looks at `bytes`, which are to go into `core`, and changes nothing.
  ///
  /// - Throws: ``AggregationError/Code/invalidPlan`` for those of another plan, ``AggregationError/Code/invalidData`` for bytes that are no
  ///   snapshot, or whose columns are of other types.
  /// - `bytes` is readable for its count.
  @unsafe
  init(_ bytes: UnsafeRawBufferPointer, for core: borrowing AggregationCore) throws(AggregationError) {
    var reader = unsafe SnapshotReader(bytes)
    guard bytes.count >= 12 else { throw reader.corrupt("it ends too early") }
    guard try reader.integer(UInt32.self) == SnapshotFormat.magic else { throw reader.corrupt("it is no snapshot") }
    guard try reader.integer(UInt16.self) == SnapshotFormat.version, try reader.integer(UInt16.self) == 0 else {
      throw reader.corrupt("it is of another version")
    }
    let body = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 4)])
    guard unsafe bytes.littleEndian(UInt32.self, at: body.count) == CRC32C.checksum(of: body) else {
      throw reader.corrupt("its checksum is wrong")
    }
    var whole = unsafe SnapshotReader(body)
    whole.position = reader.position
    reader = whole
    let planBytes = try unsafe reader.take(Int(reader.integer(UInt32.self)))
    guard unsafe core.planBytes.elementsEqual(planBytes) else {
      throw AggregationError(.invalidPlan, "snapshot", "it is of another plan")
    }
    try readHead(&reader, core)
    try readGroups(&reader, core)
    try readParts(&reader, core)
    guard reader.left == 0 else { throw reader.corrupt("bytes follow its end") }
  }

  private mutating func readHead(
    _ reader: inout SnapshotReader, _ core: borrowing AggregationCore
  ) throws(AggregationError) {
    let hasWatermark = try reader.integer(UInt8.self)
    let mark = try reader.integer(Int64.self)
    guard hasWatermark <= 1, hasWatermark == 1 || mark == 0 else { throw reader.corrupt("its watermark is none") }
    watermark = hasWatermark == 1 ? mark : nil
    lateRows = try reader.integer()
    overflowRows = try reader.integer()
    keyClasses.reserveCapacity(core.keyClasses.count)
    for (key, mine) in core.keyClasses.enumerated() {
      guard let keyClass = KeyClass(rawValue: try reader.integer()) else {
        throw reader.corrupt("a key's class is none")
      }
      guard keyClass == mine || keyClass == .none || mine == .none else {
        throw AggregationError(
          .invalidData, core.plan.keys[key], "is a key of \(mine) here and of \(keyClass) in the snapshot")
      }
      keyClasses.append(keyClass)
    }
    var read = [ValueClass?](repeating: nil, count: core.classes.count)
    for (i, state) in core.shared.stateOf.enumerated() {
      let mine = core.classes[state]
      guard let valueClass = ValueClass(rawValue: try reader.integer()) else {
        throw reader.corrupt("a value's class is none")
      }
      let operation = core.plan.aggregates[i].operation
      let fixed = operation.fixedClass
      let isAllowed = fixed == .none ? valueClass != .other || operation == .approxDistinct : valueClass == fixed
      guard isAllowed else { throw reader.corrupt("a value's class does not fit its aggregate") }
      guard valueClass == mine || valueClass == .none || mine == .none else {
        throw AggregationError(
          .invalidData, core.plan.aggregates[i].name, "is of \(mine) here and of \(valueClass) in the snapshot")
      }
      guard read[state].map({ $0 == valueClass }) ?? true else {
        throw reader.corrupt("aggregates of one column are of two classes")
      }
      read[state] = valueClass
    }
    classes = read.map { $0 ?? .none }
    try readLedger(&reader)
    let count = try reader.integer(UInt64.self)
    // Each key takes four bytes at least, a slice eight; without either there is one group.
    let isGrouped = core.table.columnCount > 0
    guard count <= UInt64(reader.left) || !isGrouped && count <= 1 else {
      throw reader.corrupt("it has fewer groups than it says")
    }
    guard count < UInt64(GroupTable.maximumCount), isGrouped || count <= 1 else {
      throw reader.corrupt("it has too many groups")
    }
    self.count = Int(count)
  }

  private mutating func readLedger(_ reader: inout SnapshotReader) throws(AggregationError) {
    for _ in 0..<(try reader.integer(UInt32.self)) {
      let name = try unsafe Array(reader.take(Int(reader.integer(UInt32.self))))
      if let last = ledger.shards.last, !last.name.lexicographicallyPrecedes(name) {
        throw reader.corrupt("its shards are not in order")
      }
      var ranges: [SequenceLedger.Range] = []
      for _ in 0..<(try reader.integer(UInt32.self)) {
        let range = SequenceLedger.Range(first: try reader.integer(), last: try reader.integer())
        guard range.first <= range.last, ranges.last.map({ $0.last < range.first && range.first - $0.last > 1 }) ?? true
        else { throw reader.corrupt("its ranges are not in order") }
        ranges.append(range)
      }
      guard !ranges.isEmpty else { throw reader.corrupt("a shard has no ranges") }
      ledger.shards.append(SequenceLedger.Shard(name: name, ranges: ranges))
    }
  }

  private mutating func readParts(
    _ reader: inout SnapshotReader, _ core: borrowing AggregationCore
  ) throws(AggregationError) {
    var bytesOf: [UnsafeRawBufferPointer] = unsafe []
    for state in core.shared.stateOf {
      let length = try reader.integer(UInt64.self)
      guard length <= UInt64(reader.left) else { throw reader.corrupt("it ends too early") }
      // Accumulators take memory by group: no more groups than bytes that describe them.
      guard classes[state] == .none ? length == 0 : length >= UInt64(count) else {
        throw reader.corrupt("an aggregate is too short")
      }
      try unsafe bytesOf.append(reader.take(Int(length)))
    }
    unsafe parts.reserveCapacity(classes.count)
    for (i, state) in core.shared.states.enumerated() {
      let (valueClass, aggregates) = (classes[i], core.plan.aggregates)
      // The one that says all that there is to the state.
      let whole = state.aggregates.first { aggregates[$0].operation == state.operation } ?? state.aggregates[0]
      if valueClass == .none {
        unsafe parts.append((bytesOf[whole], .nothing))
        continue
      }
      let column =
        core.classes[i] == valueClass ? core.states[i] : makeColumn(state.operation, valueClass)
      guard let staged = unsafe column.stage(count: count, bytesOf[whole]) else {
        throw reader.corrupt("aggregate \(aggregates[whole].name) is no state")
      }
      // The others say the same, or what that ends with.
      for other in state.aggregates where other != whole {
        let start = column.start(of: aggregates[other].operation, count: count)
        let same = unsafe UnsafeRawBufferPointer(rebasing: bytesOf[whole][start...])
        guard unsafe same.count == bytesOf[other].count, unsafe Self.isSame(same, bytesOf[other]) else {
          throw reader.corrupt("aggregate \(aggregates[other].name) is of other values than \(aggregates[whole].name)")
        }
      }
      unsafe parts.append((bytesOf[whole], staged))
    }
  }

  /// - The two are readable for as many bytes.
  private static func isSame(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard let first = a.baseAddress, let second = b.baseAddress else { return true }
    return unsafe memcmp(first, second, a.count) == 0
  }
}
