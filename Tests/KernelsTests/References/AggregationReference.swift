@testable import Kernels

/// A value of a row, or of a result.
enum Cell: Hashable {
  case null
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case bool(Bool)
  case string(String)

  /// Nulls last, strings by bytes.
  static func precedes(_ a: Cell, _ b: Cell) -> Bool {
    switch (a, b) {
    case (.null, _): false
    case (_, .null): true
    case (.int(let a), .int(let b)): a < b
    case (.uint(let a), .uint(let b)): a < b
    case (.double(let a), .double(let b)): a < b
    case (.bool(let a), .bool(let b)): !a && b
    case (.string(let a), .string(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
    default: fatalError("Cell: of two types")
    }
  }
}

/// Groups and windows by keeping every row: the plainest way to say what comes out.
///
/// For count, sum, min, max, first and last, of values whose sums are exact in doubles.
struct AggregationReference {
  struct Row: Hashable {
    var keys: [Cell]
    var time: Int64 = 0
    var values: [Cell]
  }

  let plan: Aggregation
  private var rows: [Row] = []
  private var watermark: Int64?
  private(set) var lateRows = 0

  init(_ plan: Aggregation) { self.plan = plan }

  private func windows(_ time: Int64) -> [(start: Int64, end: Int64)] {
    switch plan.window?.kind {
    case .tumbling(let size): return [(floor(time, size) * size, floor(time, size) * size + size)]
    case .hopping(let size, let hop):
      var windows: [(start: Int64, end: Int64)] = []
      var start = floor(time, hop) * hop
      while start + size > time {
        windows.append((start, start + size))
        start -= hop
      }
      return windows
    default: return [(0, 0)]
    }
  }

  private func floor(_ a: Int64, _ b: Int64) -> Int64 { Int64((Double(a) / Double(b)).rounded(.down)) }

  private func isClosed(_ end: Int64, _ watermark: Int64?) -> Bool {
    watermark.map { end + (plan.window?.lateness ?? 0) <= $0 } ?? false
  }

  mutating func add(_ row: Row) {
    if case .session(let gap) = plan.window?.kind {
      if isClosed(row.time + gap, watermark),
        !rows.contains(where: { abs($0.time - row.time) < gap && $0.keys == row.keys })
      {
        lateRows += 1
        return
      }
    } else if case .sliding(let size) = plan.window?.kind {
      if isClosed(row.time + size, watermark) {
        lateRows += 1
        return
      }
    } else if plan.window != nil {
      let windows = windows(row.time)
      if windows.isEmpty { return }
      if windows.allSatisfy({ isClosed($0.end, watermark) }) {
        lateRows += 1
        return
      }
    }
    rows.append(row)
  }

  /// Rows of cells: keys, start and end, aggregates.
  mutating func advance(_ now: Int64?) -> [[Cell]] {
    var groups: [[Cell]: [Row]] = [:]
    var kept: [Row] = []
    switch plan.window?.kind {
    case nil:
      if now != nil { return [] }
      for row in rows { groups[row.keys, default: []].append(row) }
      if plan.keys.isEmpty && rows.isEmpty { groups[[]] = [] }
    case .session(let gap):
      for (keys, rows) in Dictionary(grouping: rows, by: \.keys) {
        var sessions: [[Row]] = []
        for row in rows.sorted(by: { $0.time < $1.time }) {
          if let last = sessions.last?.last, row.time - last.time < gap {
            sessions[sessions.count - 1].append(row)
          } else {
            sessions.append([row])
          }
        }
        for session in sessions {
          let end = session[session.count - 1].time + gap
          if now == nil || isClosed(end, now) {
            groups[keys + [.int(session[0].time), .int(end)]] = session
          } else {
            kept += session
          }
        }
      }
    case .sliding(let size):
      for (keys, rows) in Dictionary(grouping: rows, by: \.keys) {
        for row in rows {
          let end = row.time + 1
          if !isClosed(end, watermark), now == nil || isClosed(end, now) {
            groups[keys + [.int(end - size), .int(end)]] = rows.filter { end - size <= $0.time && $0.time < end }
          }
          if now != nil && !isClosed(row.time + size, now) { kept.append(row) }
        }
      }
    default:
      for row in rows {
        var isNeeded = false
        for (start, end) in windows(row.time) where !isClosed(end, watermark) {
          if now == nil || isClosed(end, now) {
            groups[row.keys + [.int(start), .int(end)], default: []].append(row)
          } else {
            isNeeded = true
          }
        }
        if isNeeded { kept.append(row) }
      }
    }
    rows = kept
    watermark = now
    let keyCount = plan.keys.count
    let sorted = groups.keys.sorted { a, b in
      let order = (plan.window == nil ? [] : [keyCount]) + Array(0..<keyCount)
      for i in order where a[i] != b[i] { return Cell.precedes(a[i], b[i]) }
      return false
    }
    return sorted.map { key in
      key + plan.aggregates.enumerated().map { aggregate($1, groups[key] ?? [], $0) }
    }
  }

  private func aggregate(_ aggregate: Aggregation.Aggregate, _ rows: [Row], _ index: Int) -> Cell {
    if aggregate.column == nil { return .int(Int64(rows.count)) }
    let there = rows.filter { $0.values[index] != .null }
    let values = there.map { $0.values[index] }
    switch aggregate.operation {
    case .count: return .int(Int64(values.count))
    case .min: return values.min(by: Cell.precedes) ?? .null
    case .max: return values.max(by: Cell.precedes) ?? .null
    case .sum:
      if values.isEmpty { return .null }
      if case .double = values[0] {
        return .double(values.reduce(0) { if case .double(let value) = $1 { $0 + value } else { $0 } })
      }
      return .int(values.reduce(0) { if case .int(let value) = $1 { $0 + value } else { $0 } })
    case .first, .last:
      let isFirst = aggregate.operation == .first
      let best = there.min { a, b in
        a.time != b.time ? (a.time < b.time) == isFirst : Cell.precedes(a.values[index], b.values[index])
      }
      return best?.values[index] ?? .null
    default: fatalError("AggregationReference: \(aggregate.operation.name)")
    }
  }
}

extension AggregationResult {
  /// Row by row.
  var cells: [[Cell]] {
    (0..<rowCount).map { row in
      columns.map { column in
        if column.isNull(row) { return .null }
        switch column.values {
        case .int64(let values): return .int(values[row])
        case .uint64(let values): return .uint(values[row])
        case .double(let values): return .double(values[row])
        case .bool(let values): return .bool(values[row])
        case .strings(let values): return .string(values[row])
        default: return .null
        }
      }
    }
  }
}
