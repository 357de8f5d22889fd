/// What is to be emitted: a row for each window and key, and the partial states that make it.
struct Emission {
  /// A group whose keys the row has.
  var representatives: [UInt32] = []
  var starts: [Int64] = []
  var ends: [Int64] = []
  /// What each row is put together of; nil where each is its representative.
  var merges: WindowMerges?
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
    case .hopping, .sliding: return overlappingEmission(slices, watermark)
    case .session: return sessionEmission(slices, watermark)
    }
  }

  var allGroups: [UInt32] { Array(0..<UInt32(truncatingIfNeeded: table.count)) }
  private var allColumns: [Int] { Array(0..<table.columnCount) }

  private func unboundedEmission() -> Emission {
    var emission = Emission()
    emission.representatives =
      GroupOrder.plain(self) ?? GroupOrder(self, allGroups, columns: allColumns).sortedGroups()
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

  /// Of windows that share slices. Each key by itself, since its windows rise in both of their ends.
  private func overlappingEmission(_ slices: WindowSlices, _ watermark: Int64?) -> Emission {
    var emission = Emission()
    let groups = allGroups
    let keyColumns = Array(1..<table.columnCount)
    let order = GroupOrder(self, groups, columns: keyColumns + [0]).sorted()
    let byKeys = GroupOrder(self, groups, columns: keyColumns)
    let times = order.map { table.codes[0][$0] }
    var windows: [SliceWindow] = []
    var runs: [Int] = []
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, byKeys.isSame(order[first], order[end]) { end += 1 }
      slices.windows(times, first..<end, after: self.watermark, until: watermark, into: &windows)
      runs.append(windows.count)
      first = end
    }
    // They stand in the order of the keys; of equal starts that order stays.
    let sorted = windows.indices.sorted {
      windows[$0].start != windows[$1].start ? windows[$0].start < windows[$1].start : $0 < $1
    }
    for (row, index) in sorted.enumerated() {
      windows[index].row = UInt32(truncatingIfNeeded: row)
      emission.representatives.append(groups[order[windows[index].slices.lowerBound]])
      emission.starts.append(windows[index].start)
      emission.ends.append(windows[index].end)
    }
    var merges = WindowMerges()
    first = 0
    for end in runs {
      merges.add(windows[first..<end]) { groups[order[$0]] }
      first = end
    }
    emission.merges = merges
    let bound = watermark.map(slices.firstLive) ?? .max
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
    var merges = WindowMerges()
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
        merges.steps.append(.move(group: groups[order[position]], row: row))
      }
    }
    emission.merges = merges
    return emission
  }
}
