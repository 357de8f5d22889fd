/// What is to be emitted: a row for each window and key, and the partial states that make it.
struct Emission {
  /// A group whose keys the row has.
  var representatives: [UInt32] = []
  var starts: [Int64] = []
  var ends: [Int64] = []
  /// Rows that more than one partial goes into: source group and row, in pairs. Empty where each row is its representative.
  var sources: [UInt32] = []
  var targets: [UInt32] = []
  var isMerged = false
  /// Groups that nothing needs afterwards: all but these stay.
  var survivors: [UInt32] = []

  var count: Int { representatives.count }
}

extension AggregationCore {
  /// Windows closed at `watermark`; all that there are, where it is nil.
  func emission(_ watermark: Int64?) -> Emission {
    guard let slices else { return watermark == nil ? unboundedEmission() : Emission(survivors: allGroups) }
    switch slices.kind {
    case .tumbling(let size): return tumblingEmission(slices, size, watermark)
    case .hopping(let size, let hop): return hoppingEmission(slices, size, hop, watermark)
    case .session: return sessionEmission(slices, watermark)
    }
  }

  var allGroups: [UInt32] { Array(0..<UInt32(truncatingIfNeeded: table.count)) }
  private var allColumns: [Int] { Array(0..<table.columnCount) }

  private func unboundedEmission() -> Emission {
    var emission = Emission()
    let groups = allGroups
    emission.representatives = GroupOrder(self, groups, columns: allColumns).sortedGroups()
    return emission
  }

  private func tumblingEmission(_ slices: WindowSlices, _ size: Int64, _ watermark: Int64?) -> Emission {
    var emission = Emission()
    var closed: [UInt32] = []
    let bound = watermark.map(slices.firstLive) ?? .max
    for group in 0..<table.count {
      let number = UInt32(truncatingIfNeeded: group)
      if table.codes[0][group] < bound { closed.append(number) } else { emission.survivors.append(number) }
    }
    emission.representatives = GroupOrder(self, closed, columns: allColumns).sortedGroups()
    emission.starts = emission.representatives.map { table.codes[0][Int($0)] * size }
    emission.ends = emission.starts.map { $0 + size }
    return emission
  }

  private func hoppingEmission(_ slices: WindowSlices, _ size: Int64, _ hop: Int64, _ watermark: Int64?) -> Emission {
    var emission = Emission()
    emission.isMerged = true
    let bound = watermark.map(slices.firstLive) ?? .max
    let groups = allGroups
    // Groups by slice and keys, and a number for each combination of keys in its order.
    let order = GroupOrder(self, groups, columns: allColumns).sorted()
    let keyOrder = GroupOrder(self, groups, columns: Array(1..<table.columnCount))
    var keyNumbers = [Int](repeating: 0, count: groups.count)
    var keyCount = 0
    var previous = -1
    for position in keyOrder.sorted() {
      if previous >= 0 && !keyOrder.isSame(previous, position) { keyCount += 1 }
      keyNumbers[position] = keyCount
      previous = position
    }
    let slice = { (position: Int) in table.codes[0][order[position]] }
    var rowOfKey = [Int](repeating: -1, count: keyCount + 1)
    // Windows that were emitted before are not again.
    let emitted = self.watermark.map { floorDivide(WindowSlices.clamped($0) - slices.lateness - size, hop) + 1 } ?? .min
    var first = 0
    var window = Int64.min
    while first < order.count {
      // The first window that holds the slice, or the next one; windows count in hops.
      let earliest = floorDivide(slice(first) - slices.perWindow, slices.perHop) + 1
      window = Swift.max(Swift.max(window, earliest), emitted)
      let start = window * slices.perHop
      if let watermark, !slices.isClosed(end: window * hop + size, watermark) { break }
      while first < order.count && slice(first) < start { first += 1 }
      guard first < order.count else { break }
      if slice(first) >= start + slices.perWindow { continue }
      var keys: [(key: Int, group: UInt32)] = []
      var last = first
      while last < order.count && slice(last) < start + slices.perWindow {
        let group = groups[order[last]]
        let key = keyNumbers[order[last]]
        if rowOfKey[key] < 0 {
          rowOfKey[key] = 0
          keys.append((key, group))
        }
        last += 1
      }
      keys.sort { $0.key < $1.key }
      for (key, group) in keys {
        rowOfKey[key] = emission.count
        emission.representatives.append(group)
        emission.starts.append(window * hop)
        emission.ends.append(window * hop + size)
      }
      for position in first..<last {
        emission.sources.append(groups[order[position]])
        emission.targets.append(UInt32(truncatingIfNeeded: rowOfKey[keyNumbers[order[position]]]))
      }
      for (key, _) in keys { rowOfKey[key] = -1 }
      window += 1
    }
    for group in 0..<table.count where table.codes[0][group] >= bound {
      emission.survivors.append(UInt32(truncatingIfNeeded: group))
    }
    return emission
  }

  private func sessionEmission(_ slices: WindowSlices, _ watermark: Int64?) -> Emission {
    struct Session {
      var first: Int
      var last: Int
      var start: Int64
      var end: Int64
    }
    let groups = allGroups
    let keyOrder = GroupOrder(self, groups, columns: Array(1..<table.columnCount) + [0])
    let byKeys = GroupOrder(self, groups, columns: Array(1..<table.columnCount))
    let order = keyOrder.sorted()
    var sessions: [Session] = []
    var emission = Emission()
    emission.isMerged = true
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, byKeys.isSame(order[last], order[last + 1]),
        firstTimes[order[last + 1]] - lastTimes[order[last]] < slices.width
      { last += 1 }
      let end = lastTimes[order[last]] + slices.width
      if let watermark, !slices.isClosed(end: end, watermark) {
        for position in first...last { emission.survivors.append(UInt32(truncatingIfNeeded: order[position])) }
      } else {
        sessions.append(Session(first: first, last: last, start: firstTimes[order[first]], end: end))
      }
      first = last + 1
    }
    emission.survivors.sort()
    // They stand in the order of the keys; of equal starts that order stays.
    let sorted = sessions.indices.sorted {
      sessions[$0].start != sessions[$1].start ? sessions[$0].start < sessions[$1].start : $0 < $1
    }
    for index in sorted {
      let session = sessions[index]
      let row = UInt32(truncatingIfNeeded: emission.count)
      emission.representatives.append(groups[order[session.first]])
      emission.starts.append(session.start)
      emission.ends.append(session.end)
      for position in session.first...session.last {
        emission.sources.append(groups[order[position]])
        emission.targets.append(row)
      }
    }
    return emission
  }
}
