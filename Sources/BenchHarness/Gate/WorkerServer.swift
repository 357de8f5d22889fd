import CMachineCeilings
package import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The lines that a process and its workers speak. A request is a line, its answer is one too: `ok` with what was asked
/// for, or `error` and a sentence.
///
/// | request | answer after `ok` |
/// |---|---|
/// | `hello` | `kernel-bench-worker`, version of the protocol, configuration of the build |
/// | `cases` | the names of the cases, separated by tabs |
/// | `short-cases` | the same without those that take seconds |
/// | `prepare` name | nothing; the case has its memory and was called once |
/// | `sample` iterations, warm-ups | nanoseconds of the iterations, involuntary context switches meanwhile |
/// | `count` calls | `name=value` for each exact metric that there is, separated by tabs |
///
/// The version grows when an old program could not speak with a new one.
package enum WorkerProtocol {
  package static let name = "kernel-bench-worker"
  package static let version = 2
}

/// A worker: does what its standard input says with the cases of this program, until the input ends.
package struct WorkerServer {
  private let series: [CaseSeries]
  private let meters: [any Meter]
  private let masked: CPUFeatures
  /// What it adds to the time of every sample, in percent: a slow-down of known size, to test the tests with.
  private let slowdown: Double
  private var contender: Contender?

  package init(series: [CaseSeries], meters: [any Meter], masked: CPUFeatures, slowdown: Double) {
    self.series = series
    self.meters = meters
    self.masked = masked
    self.slowdown = slowdown
  }

  package mutating func run() {
    // Ctrl-C goes to every process of the terminal; the one that asks decides when it is over.
    signal(SIGINT, SIG_IGN)
    while let line = readLine() {
      let answer: String
      do {
        answer = "ok " + (try perform(line))
      } catch {
        answer = "error " + "\(error)".replacing("\n", with: " ")
      }
      Terminal.writeOutput(answer + "\n")
    }
  }

  /// The answer to a request, without its first word.
  package mutating func perform(_ line: String) throws -> String {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    let argument = words.count > 1 ? words[1] : ""
    switch words.first {
    case "hello":
      let configuration = BuildDescription.isOptimised ? "release" : "debug"
      return "\(WorkerProtocol.name) \(WorkerProtocol.version) \(configuration)"
    case "cases": return names { _ in true }
    case "short-cases": return names { !$0.isLong }
    case "prepare":
      try prepare(argument)
      return ""
    case "sample":
      let numbers = argument.split(separator: " ").compactMap { Int($0) }
      guard numbers.count == 2, numbers[0] >= 1, numbers[1] >= 0 else { throw BenchError("sample needs two numbers") }
      return try sample(iterations: numbers[0], warmUps: numbers[1])
    case "count":
      guard let calls = Int(argument), calls >= 1 else { throw BenchError("count needs a number") }
      let contender = try prepared
      return try meters.flatMap { try $0.perCall(calls, contender.body) }.compactMap { item in
        item.metric.value.map { "\(item.name)=\($0)" }
      }.joined(separator: "\t")
    default: throw BenchError("unknown request \(line)")
    }
  }

  private func names(where isListed: (CaseSeries.Point) -> Bool) -> String {
    series.flatMap { series in series.points.filter(isListed).map { series.name($0) } }.joined(separator: "\t")
  }

  private var prepared: Contender {
    get throws {
      guard let contender else { throw BenchError("no case is prepared") }
      return contender
    }
  }

  private mutating func prepare(_ name: String) throws {
    contender = nil  // its memory first: two large cases may not fit
    for series in series {
      guard let point = series.points.first(where: { series.name($0) == name }) else { continue }
      let benchmark = series.benchmark(point)
      CPUFeatures.disable(masked.union(benchmark.disabled))
      let kernel = try benchmark.attempt { try benchmark.prepare() }[0]
      try benchmark.attempt { try kernel.body(1) }
      contender = kernel
      return
    }
    throw BenchError("no case is called \(name)")
  }

  private func sample(iterations: Int, warmUps: Int) throws -> String {
    let contender = try prepared
    if warmUps > 0 { try contender.body(warmUps) }
    let before = Self.involuntarySwitches
    let nanoseconds = try Clock.time {
      let start = Clock.nanoseconds
      try contender.body(iterations)
      let added = UInt64(Double(Clock.nanoseconds - start) * slowdown / 100)
      let end = Clock.nanoseconds + added
      while added > 0 && Clock.nanoseconds < end {}
    }
    return "\(nanoseconds) \(Self.involuntarySwitches - before)"
  }

  private static var involuntarySwitches: Int {
    var usage = rusage()
    #if os(Linux)
      unsafe getrusage(__rusage_who_t(1), &usage)  // RUSAGE_THREAD of Linux's resource.h
    #else
      unsafe getrusage(RUSAGE_SELF, &usage)
    #endif
    return usage.ru_nivcsw
  }

  /// The CPU that the calling thread runs on, 0 where that is not known.
  package static var currentCPU: Int { max(0, Int(cm_current_cpu())) }

  /// Holds this process to one CPU, so that all workers are measured on the same; false where it may not.
  package static func pin(to cpu: Int) -> Bool {
    Int32(exactly: cpu).map { cm_pin_to_cpu($0) == 1 } ?? false
  }
}
