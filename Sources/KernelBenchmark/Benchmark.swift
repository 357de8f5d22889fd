import BenchHarness

/// A kernel of yours to measure: what it is called, how much work a call does, and how to set it up.
///
/// ```swift
/// import KernelBenchmark
///
/// @main
/// enum MyBenchmarks: BenchmarkProgram {
///   static let benchmarks = [100, 1_000, 10_000, 100_000].map { count in
///     Benchmark("sum", size: count, work: .elements(count)) {
///       let values = (0..<count).map { Double($0) }
///       return { blackHole(values.reduce(0, +)) }
///     }
///   }
/// }
/// ```
public struct Benchmark: Sendable {
  let series: String
  let size: Int
  let work: Work
  let workingSet: Int?
  let rivals: [Rival]
  let prepare: @Sendable () throws -> () throws -> Void

  /// - Parameters:
  ///   - series: what is measured; benchmarks that differ in size alone share it, and get a complexity fit.
  ///   - size: the size that time grows with, 1 or more. The case is called `series/size`.
  ///   - work: what a call does, for throughput.
  ///   - workingSet: bytes that a call reads or writes at least once, for a roofline; nil where that is not known.
  ///   - rivals: other ways to do the same work, measured in turns with it.
  ///   - prepare: sets up, outside of what is measured, and gives the call that is measured. What the call throws ends the
  ///     run, with the name of the case.
  public init(
    _ series: String, size: Int = 1, work: Work, workingSet: Int? = nil, rivals: [Rival] = [],
    prepare: @escaping @Sendable () throws -> () throws -> Void
  ) {
    precondition(!series.isEmpty, "Benchmark: series must have a name")
    precondition(size >= 1, "Benchmark: size must be 1 or more")
    precondition(work.amount >= 1, "Benchmark: work must be 1 or more")
    precondition(workingSet ?? 1 >= 1, "Benchmark: workingSet must be 1 or more")
    self.series = series
    self.size = size
    self.work = work
    self.workingSet = workingSet
    self.rivals = rivals
    self.prepare = prepare
  }

  /// The work of a call.
  public enum Work: Hashable, Sendable {
    /// Floating-point operations, shown as GFLOP/s.
    case operations(Int)
    /// Bytes, shown as GB/s.
    case bytes(Int)
    /// Elements, rows, messages: whatever is counted, shown as 10^9 a second.
    case elements(Int)

    var amount: Int {
      switch self {
      case .operations(let count), .bytes(let count), .elements(let count): count
      }
    }

    var unit: BenchmarkCase.Unit {
      switch self {
      case .operations: .flops
      case .bytes: .bytes
      case .elements: .elements
      }
    }
  }
}

extension Benchmark {
  var point: CaseSeries.Point { CaseSeries.Point(size) }

  /// - Parameter alone: without its rivals, which a program that links the kernel would not have.
  func benchmarkCase(_ name: String, alone: Bool) -> BenchmarkCase {
    let rivals = alone ? [] : rivals
    return BenchmarkCase(
      name: name, series: series, size: size, parameters: [.init("size", size)], unit: work.unit, row: series,
      ceiling: .none(reason: "the benchmark names no limit"), workingSet: workingSet, peers: rivals.map(\.peer)
    ) {
      func contender(_ name: String, _ role: Contender.Role, _ prepare: () throws -> () throws -> Void) throws
        -> Contender
      {
        let body = try prepare()
        return Contender(name, role: role, work: Double(work.amount), loop: .closure) { try repeating($0, body) }
      }
      let own = try contender(series, .kernel, prepare)
      return try [own] + rivals.filter { !$0.isAbsent }.map { try contender($0.peer.name, .peer, $0.prepare) }
    }
  }
}
