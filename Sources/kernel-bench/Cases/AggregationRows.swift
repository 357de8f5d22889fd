import BenchHarness
import Kernels

/// Rows with a key, a value and a time. `Scripts/time_group_by.py` makes rows of the same shape.
struct AggregationRows {
  let count: Int
  private var keys: [Int64] = []
  private var values: [Double] = []
  private var times: [Int64] = []
  /// Keys that are strings, one after the other, or those of a dictionary.
  private var text: [UInt8] = []
  private var offsets: [Int32] = [0]
  private var codes: [Int32] = []

  init(_ job: AggregationWork.Job, _ count: Int, seed: UInt64 = 1) {
    self.count = count
    var random = SplitMix64(seed: seed)
    let spread: UInt64 =
      switch job {
      case .ints100, .dictionary100: 100
      case .ints10k, .strings10k, .warm: 10_000
      case .intsHalf: UInt64(max(1, count / 2))
      case .intsWide: 1 << 63
      default: 1_000
      }
    // Of states each group once: a snapshot of as many groups as asked for.
    let isOnce = job == .snapshot || job == .restore || job == .merge
    keys = (0..<count).map { isOnce ? Int64($0) : Int64(random.next() % spread) }
    values = (0..<count).map { _ in Double(random.next() % 1_000_000) / 1_000 }
    // A row a millisecond, one in ten up to five seconds late.
    times = (0..<count).map { Int64($0) - (random.next() % 10 == 0 ? Int64(random.next() % 5_000) : 0) }
    switch job {
    case .strings10k: for key in keys { add("device-\(10_000 + key)") }
    case .dictionary100:
      for key in 0..<100 { add("device-\(10_000 + key)") }
      codes = keys.map { Int32(truncatingIfNeeded: $0) }
    default: break
    }
  }

  private mutating func add(_ string: String) {
    text += Array(string.utf8)
    offsets.append(Int32(truncatingIfNeeded: text.count))
  }

  /// All of them as one batch.
  func fold(into aggregator: inout Aggregator) throws(AggregationError) {
    var batch = ColumnBatch(rowCount: count)
    if !codes.isEmpty {
      batch.append("k", codes: codes.span, utf8: text.span, offsets: offsets.span)
    } else if !text.isEmpty {
      batch.append("k", utf8: text.span, offsets: offsets.span)
    } else {
      batch.append("k", keys.span)
    }
    batch.append("v", values.span)
    batch.append("ts", times: times.span, .milliseconds)
    try aggregator.update(batch)
  }

  /// As comma-separated values or as lines of JSON.
  func text(_ isCSV: Bool) -> [UInt8] {
    var text: [UInt8] = isCSV ? Array("k,v,ts\r\n".utf8) : []
    for row in 0..<count {
      let line =
        isCSV
        ? "\(keys[row]),\(values[row]),\(times[row])\r\n"
        : "{\"k\":\(keys[row]),\"v\":\(values[row]),\"ts\":\(times[row])}\n"
      text += Array(line.utf8)
    }
    return text
  }
}
