extension AggregationCore {
  /// The rows of an emission. Changes nothing.
  func result(_ emission: Emission) throws(AggregationError) -> AggregationResult {
    var columns: [ResultColumn] = []
    for key in plan.keys.indices { columns.append(keyColumn(key, emission.representatives)) }
    if slices != nil {
      columns.append(ResultColumn(name: "window_start", values: .int64(emission.starts), validity: nil))
      columns.append(ResultColumn(name: "window_end", values: .int64(emission.ends), validity: nil))
    }
    let rows =
      emission.merges == nil ? emission.representatives : Array(0..<UInt32(truncatingIfNeeded: emission.count))
    let states = emission.merges.map { merges in
      self.states.map { $0.windows(merges, rowCount: emission.count) }
    }
    for (i, aggregate) in plan.aggregates.enumerated() {
      let outcome = try Self.outcome((states ?? self.states)[shared.stateOf[i]], rows, aggregate)
      columns.append(ResultColumn(name: aggregate.name, values: outcome.values, validity: outcome.validity))
    }
    return AggregationResult(rowCount: emission.count, columns: columns)
  }

  private static func outcome(
    _ column: any AggregateColumn, _ rows: [UInt32], _ aggregate: Aggregation.Aggregate
  ) throws(AggregationError) -> Outcome {
    let result = unsafe rows.withUnsafeBufferPointer { rows -> Result<Outcome, AggregationError> in
      do throws(AggregationError) {
        return .success(try unsafe column.outcome(rows, aggregate))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func keyColumn(_ key: Int, _ groups: [UInt32]) -> ResultColumn {
    let column = key + firstKey
    var validity = ValidityBuilder(count: groups.count)
    if !table.nulls.isEmpty {
      for (row, group) in groups.enumerated() where table.isNull(column, Int(group)) { validity.setNull(row) }
    }
    let codes = table.codes[column]
    let values: ResultColumn.Values
    switch keyClasses[key] {
    case .int64: values = .int64(groups.map { codes[Int($0)] })
    case .uint64: values = .uint64(groups.map { UInt64(bitPattern: codes[Int($0)]) })
    case .bool: values = .bool(groups.map { codes[Int($0)] != 0 })
    case .string, .none:
      var strings = ResultStrings()
      strings.ends.reserveCapacity(groups.count)
      for group in groups {
        if !table.isNull(column, Int(group)) {
          unsafe self.strings[key].withBytes(Int(codes[Int(group)])) { unsafe strings.bytes.append(contentsOf: $0) }
        }
        strings.ends.append(strings.bytes.count)
      }
      values = .strings(strings)
    }
    return ResultColumn(name: plan.keys[key], values: values, validity: validity.bits)
  }

  /// Only the given groups stay; in this order.
  mutating func keep(_ survivors: [UInt32]) {
    guard survivors.count < table.count else { return }
    var kept = blank
    (kept.watermark, kept.lateRows, kept.overflowRows, kept.ledger) = (watermark, lateRows, overflowRows, ledger)
    kept.absorb(self, survivors)
    self = kept
  }

  /// Groups of windows that overlap go, where all of these are closed at `watermark`, and their rows count as late.
  mutating func dropClosed(at watermark: Int64) {
    guard let slices, slices.overlap else { return }
    let bound = slices.firstLive(watermark)
    var survivors: [UInt32] = []
    for group in 0..<table.count {
      if table.codes[0][group] >= bound {
        survivors.append(UInt32(truncatingIfNeeded: group))
      } else {
        lateRows &+= rowCounts[group]
      }
    }
    keep(survivors)
  }

  /// Adds groups of another state of the same plan and classes, and merges those that are there.
  mutating func absorb(_ other: borrowing AggregationCore, _ groups: [UInt32]) {
    guard !groups.isEmpty else { return }
    let stride = AggregationScratch.blockRows
    let columnCount = Swift.max(table.columnCount, 1)
    var targets = [UInt32](repeating: 0, count: groups.count)
    var codes = [Int64](repeating: 0, count: stride * columnCount)
    var masks = [UInt64](repeating: 0, count: stride)
    var packed = [UInt64](repeating: 0, count: stride)
    var numbers = strings.indices.map { key in
      keyClasses[key] == .string ? [Int64](repeating: -1, count: other.strings[key].count) : []
    }
    var first = 0
    while first < groups.count {
      let count = Swift.min(stride, groups.count - first)
      for column in 0..<table.columnCount {
        let key = column - firstKey
        let isString = key >= 0 && keyClasses[key] == .string
        for row in 0..<count {
          let group = Int(groups[first + row])
          var code = other.table.codes[column][group]
          if isString && !other.table.isNull(column, group) {
            if numbers[key][Int(code)] < 0 {
              numbers[key][Int(code)] = unsafe other.strings[key].withBytes(Int(code)) { bytes in
                unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1) { nothing in
                  let start = unsafe bytes.baseAddress ?? UnsafeRawPointer(nothing.baseAddress.unsafelyUnwrapped)
                  return unsafe Int64(strings[key].number(start, bytes.count))
                }
              }
            }
            code = numbers[key][Int(code)]
          }
          codes[column * stride + row] = code
        }
      }
      let hasNulls = !other.table.nulls.isEmpty
      if hasNulls { for row in 0..<count { masks[row] = other.table.nullMask(Int(groups[first + row])) } }
      unsafe codes.withUnsafeBufferPointer { codes in
        unsafe masks.withUnsafeBufferPointer { masks in
          unsafe packed.withUnsafeMutableBufferPointer { packed in
            unsafe targets.withUnsafeMutableBufferPointer { targets in
              unsafe table.resolve(
                codes.baseAddress.unsafelyUnwrapped, stride: stride, count: count,
                masks: hasNulls ? masks.baseAddress : nil, keys: packed.baseAddress.unsafelyUnwrapped,
                groups: targets.baseAddress.unsafelyUnwrapped + first)
            }
          }
        }
      }
      first += count
    }
    growColumns()
    if slices?.overlap == true {
      for (i, target) in targets.enumerated() { rowCounts[Int(target)] &+= other.rowCounts[Int(groups[i])] }
    }
    if slices?.isSession == true {
      for (i, target) in targets.enumerated() {
        let (target, group) = (Int(target), Int(groups[i]))
        firstTimes[target] = Swift.min(firstTimes[target], other.firstTimes[group])
        lastTimes[target] = Swift.max(lastTimes[target], other.lastTimes[group])
      }
    }
    for i in states.indices {
      unsafe groups.withUnsafeBufferPointer { sources in
        unsafe targets.withUnsafeBufferPointer { targets in
          unsafe states[i].merge(other.states[i], sources: sources.baseAddress, targets: targets)
        }
      }
    }
  }
}
