import ArgumentParser
import BenchHarness
import Kernels

/// `kernel-bench aggregate plan.json rows.ndjson`: rows folded by a plan, as a program of its own.
struct AggregateTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aggregate",
    abstract: "Folds rows of NDJSON or CSV by a plan: groups, windows, sketches.",
    discussion: """
      A plan is JSON:
        {"keys": ["device"], "aggregates": [{"op": "sum", "column": "v", "as": "total"}, {"op": "count", "as": "n"}],
         "window": {"kind": "tumbling", "time": "ts", "size_ms": 60000}}
      Rows come in pieces, whatever the size of the input: memory is that of the groups. Groups go to standard output, \
      progress and what it took to standard error.

      Shards fold on their own with --snapshot, and one more run with --merge and no input puts them together.
      """)

  @Argument(help: "The plan, a file of JSON.") var plan: String
  @Argument(help: "Files of rows; - is standard input. None is fine with --restore or --merge.") var inputs: [String] =
    []
  @Option(help: "ndjson or csv; else by the name's end, or the first byte.") var from: AggregateInput.Format?
  @Option(help: "ndjson, csv or table; else table on a terminal and ndjson elsewhere.") var to: AggregateOutput.Format?
  @Option(help: "Writes the state to this file and finishes nothing: what is emitted is what --watermark closes.")
  var snapshot: String?
  @Option(help: "Goes on from the state in this file.") var restore: String?
  @Option(help: "Takes in the state in this file, before any rows. May be given again.") var merge: [String] = []
  @Option(help: "Closes windows up to this time, in milliseconds, once all rows are read.") var watermark: Int64?
  @Option(help: "Bytes that the state may hold, in place of the plan's limit.") var memoryLimit: Int?

  func validate() throws {
    if let memoryLimit, memoryLimit <= 0 { throw ValidationError("--memory-limit must be positive") }
    guard !inputs.isEmpty || restore != nil || !merge.isEmpty else {
      throw ValidationError("name a file of rows, - for standard input, or a state with --restore or --merge")
    }
    guard inputs.count(where: { $0 == "-" }) <= 1 else { throw ValidationError("standard input can be read once") }
    if watermark != nil && snapshot == nil {
      throw ValidationError("--watermark goes with --snapshot: without it all windows are emitted at the end")
    }
  }

  func run() throws {
    let place = try snapshot.map { path throws(BenchError) in try AtomicFile(path: path) }
    var aggregator = try begin()
    let terminal = Terminal.current
    var totals = AggregateInput.Totals()
    let start = Clock.nanoseconds
    for input in inputs {
      try AggregateInput(path: input, format: from).fold(into: &aggregator, &totals, terminal)
    }
    terminal.clearProgress()
    let seconds = Double(Clock.nanoseconds - start) / 1e9
    // Before the end, which empties it.
    let state = (
      groups: aggregator.groupCount, bytes: aggregator.byteCount, overflow: aggregator.overflowRowCount
    )

    var result: AggregationResult?
    do throws(AggregationError) {
      if place == nil {
        result = try aggregator.finish()
      } else if let watermark {
        result = try aggregator.advance(to: watermark)
      }
    } catch {
      throw BenchError("\(error); sum the column as numbers with a fraction, or in smaller windows")
    }
    try place?.commit(aggregator.snapshot())
    if let result {
      let format = to ?? (AggregateOutput.isTerminal ? .table : .ndjson)
      AggregateOutput(format).write(result)
    }
    Terminal.writeError(
      totals.summary(
        seconds: seconds, groups: state.groups, stateBytes: state.bytes, late: aggregator.lateRowCount,
        overflow: state.overflow))
  }

  /// The aggregator that the options ask for, before any rows.
  private func begin() throws(BenchError) -> Aggregator {
    let text = try Self.read(plan, "a plan")
    var parsed: Aggregation
    do throws(AggregationError) {
      parsed = unsafe try Aggregation(parsing: text.span.bytes)
    } catch {
      let place = error.field.isEmpty ? " at byte \(error.offset)" : ""
      throw BenchError("\(plan)\(place): \(error); see kernel-bench aggregate --help for a plan that works")
    }
    if let memoryLimit { parsed = parsed.memoryLimit(memoryLimit, overflow: parsed.overflow) }
    let kept = try restore.map { path throws(BenchError) in try Self.read(path, "a state") }
    var states: [(path: String, bytes: [UInt8])] = []
    for path in merge { states.append((path, try Self.read(path, "a state"))) }
    var source = restore ?? plan
    do throws(AggregationError) {
      var aggregator =
        if let kept { unsafe try Aggregator(parsed, restoring: kept.span.bytes) } else { try Aggregator(parsed) }
      for state in states {
        source = state.path
        unsafe try aggregator.merge(state.bytes.span.bytes)
      }
      return aggregator
    } catch {
      throw BenchError("\(source): \(error)\(Self.advice(error.code))")
    }
  }

  private static func read(_ path: String, _ what: String) throws(BenchError) -> [UInt8] {
    switch SystemFile.bytes(path) {
    case .success(let bytes): return bytes
    case .failure(let problem): throw BenchError("cannot read \(path): \(problem); name \(what) that can be read")
    }
  }

  private static func advice(_ code: AggregationError.Code) -> String {
    switch code {
    case .invalidPlan: "; give the plan that the state was made by"
    case .invalidData: "; write it again with --snapshot"
    case .limitExceeded: "; raise --memory-limit"
    case .sequence: "; leave out the state that holds the same rows"
    case .outOfMemory: "; set --memory-limit, and \"overflow\": \"sketch\" in the plan"
    }
  }
}
