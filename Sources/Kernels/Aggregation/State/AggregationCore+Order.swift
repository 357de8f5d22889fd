extension AggregationCore {
  /// Whether groups 0, 1, … are in the canonical order, none there twice.
  var groupsAscend: Bool {
    guard table.count > 1 else { return true }
    if table.nulls.isEmpty, firstColumnAscends { return true }
    return (1..<table.count).allSatisfy { precedes($0 - 1, $0) }
  }

  /// Whether numbers of the first column rise from group to group, so that the others decide nothing.
  private var firstColumnAscends: Bool {
    guard table.columnCount > 0, firstKey == 1 || keyClasses[0] == .int64 else { return false }
    let codes = table.codes[0]
    var ascends = true
    for group in 1..<table.count { ascends = ascends && codes[group - 1] < codes[group] }
    return ascends
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    for column in 0..<table.columnCount {
      let isNull = (table.isNull(column, a), table.isNull(column, b))
      if isNull.0 || isNull.1 {
        if isNull.0 && isNull.1 { continue }
        return isNull.1
      }
      let (first, second) = (table.codes[column][a], table.codes[column][b])
      if first == second { continue }
      switch column < firstKey ? .int64 : keyClasses[column - firstKey] {
      case .string: return strings[column - firstKey].isLess(Int(first), Int(second))
      case .uint64: return UInt64(bitPattern: first) < UInt64(bitPattern: second)
      default: return first < second
      }
    }
    return false
  }
}
