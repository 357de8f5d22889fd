import BenchHarness
import Kernels

extension KernelCases {
  /// Whole jobs of streaming aggregation: an aggregator is made, rows are folded, groups are emitted. The rivals are out of process:
  /// `Scripts/time_group_by.py` does the same with the same rows in Polars and DuckDB.
  func aggregations(_ context: CaseContext) -> [CaseSeries] {
    AggregationWork.Job.allCases.map { job in
      CaseSeries(name: job.rawValue, points: job.points) { point, name in
        BenchmarkCase(
          name: name, series: job.rawValue, size: point.size, parameters: [.init(job.sizeName, point.size)],
          unit: job.countsBytes ? .bytes : .elements, row: "scalar",
          ceiling: .none(reason: "groups and their order decide what memory is touched")
        ) {
          [try AggregationWork(job, point.size).contender()]
        }
      }
    }
  }
}

/// Rows, states or text, and an aggregation that they go through.
final class AggregationWork {
  enum Job: String, CaseIterable {
    case ints100 = "aggregate-int-100"
    case ints10k = "aggregate-int-10k"
    /// As many keys as half of the rows.
    case intsHalf = "aggregate-int-half"
    /// As many keys as rows, of 64 bits.
    case intsWide = "aggregate-int-wide"
    case strings10k = "aggregate-string-10k"
    case dictionary100 = "aggregate-dictionary-100"
    case tumbling = "aggregate-tumbling-1k"
    case hopping = "aggregate-hopping-1k"
    case sliding = "aggregate-sliding-1k"
    /// All groups are there: what costs is the rows alone, and nothing is allocated.
    case warm = "aggregate-warm-10k"
    /// Sum, least, greatest and mean of one column without keys.
    case keyless = "aggregate-keyless"
    case keylessInts = "aggregate-keyless-int"
    case ndjson = "aggregate-ndjson"
    case csv = "aggregate-csv"
    case merge = "aggregate-merge"
    case snapshot = "aggregate-snapshot"
    case restore = "aggregate-restore"
  }

  private let plan: Aggregation
  private let job: Job
  private let rows: AggregationRows
  private var texts: [[UInt8]] = []
  private var state: Aggregator
  /// What keeps the optimiser from leaving work out.
  private var seen = 0

  init(_ job: Job, _ size: Int) throws {
    self.job = job
    var plan = Aggregation {
      key("k")
      sum("v", as: "total")
      count(as: "n")
    }
    switch job {
    case .keyless, .keylessInts:
      let column = job == .keyless ? "v" : "k"
      plan = Aggregation {
        Kernels.sum(column)
        Kernels.min(column)
        Kernels.max(column)
        Kernels.mean(column)
      }
    case .tumbling: plan = plan.tumbling(.seconds(60), on: "ts")
    case .hopping: plan = plan.hopping(.seconds(60), every: .seconds(1), on: "ts")
    case .sliding: plan = plan.sliding(.seconds(60), on: "ts")
    default: break
    }
    self.plan = plan
    state = try Aggregator(plan)
    switch job {
    case .merge:
      rows = AggregationRows(job, 1_000)
      texts = try (0..<size).map { seed in
        var part = try Aggregator(plan)
        try AggregationRows(job, 1_000, seed: UInt64(seed)).fold(into: &part)
        return part.snapshot()
      }
    default:
      rows = AggregationRows(job, size)
      switch job {
      case .ndjson, .csv: texts = [rows.text(job == .csv)]
      case .snapshot, .restore, .warm: try rows.fold(into: &state)
      default: break
      }
      if job == .restore { texts = [state.snapshot()] }
    }
  }

  func contender() -> Contender {
    let bytes = texts.first?.count ?? 0
    let work =
      switch job {
      case .ndjson, .csv, .restore: bytes
      case .snapshot: state.snapshot().count
      case .merge: texts.count * 1_000
      default: rows.count
      }
    return Contender("scalar", role: .kernel, work: Double(work)) { iterations in
      try repeating(iterations) { self.seen &+= try self.once() }
    }
  }

  private func once() throws(AggregationError) -> Int {
    switch job {
    case .warm:
      try rows.fold(into: &state)
      return state.groupCount
    case .snapshot: return state.snapshot().count
    case .restore:
      let text = texts[0]
      return unsafe try Aggregator(plan, restoring: text.span.bytes).groupCount
    default: break
    }
    var aggregator = try Aggregator(plan)
    switch job {
    case .merge: for text in texts { unsafe try aggregator.merge(text.span.bytes) }
    case .ndjson:
      let text = texts[0]
      unsafe try aggregator.update(ndjson: text.span.bytes)
    case .csv:
      let text = texts[0]
      var reader = CSVReader()
      unsafe try reader.update(&aggregator, csv: text.span.bytes, isLast: true)
    default: try rows.fold(into: &aggregator)
    }
    return try aggregator.finish().rowCount
  }
}

extension AggregationWork.Job {
  var points: [CaseSeries.Point] {
    let million = CaseSeries.Point(1_000_000, label: "1M")
    switch self {
    case .merge: return [.init(100), .init(1_000, isLong: true)]
    case .warm, .sliding, .ndjson, .csv: return [.init(100_000, label: "100k"), million]
    case .snapshot, .restore: return [.init(10_000, label: "10k"), million]
    default: return [million, .init(10_000_000, label: "10M", isLong: true)]
    }
  }

  var sizeName: String {
    switch self {
    case .merge: "states"
    case .snapshot, .restore: "groups"
    default: "rows"
    }
  }

  var countsBytes: Bool {
    switch self {
    case .ndjson, .csv, .snapshot, .restore: true
    default: false
    }
  }
}
