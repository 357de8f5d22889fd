/// Starts processes, some hundred times, and keeps what each of them and the system said of it.
///
/// Rounds of three, in random order: the program itself; the program again with its loader reporting; and a program that does
/// nothing, which is the floor of the system.
package struct ColdSampling {
  private let program: String
  private let arguments: [String]
  private let loader: LoaderTime?
  private let environment: [String]
  private let copy: EvictableCopy?
  private var random: SplitMix64

  package private(set) var starts: [Start] = []
  package private(set) var loaderNanoseconds: [Double] = []
  package private(set) var floorNanoseconds: [Double] = []

  /// The C library's loader and an exit: what a process costs that does nothing.
  package static let floorProgram = "/bin/true"

  /// A process that told of itself, and what its parent saw.
  package struct Start: Sendable {
    package let record: ColdRecord
    package let process: SpawnedProcess

    package init(record: ColdRecord, process: SpawnedProcess) { (self.record, self.process) = (record, process) }
  }

  /// - Parameters:
  ///   - arguments: with which the program prints a ``ColdRecord``.
  ///   - copy: of the program, evicted before each start; nil starts the program itself.
  ///   - loader: nil for rounds of the program alone.
  package init(arguments: [String], copy: EvictableCopy?, loader: LoaderTime?, seed: UInt64) {
    program = copy?.path ?? "/proc/self/exe"
    self.arguments = arguments
    self.copy = copy
    self.loader = loader
    environment = ProcessEnvironment.variables(without: ["LD_DEBUG", "LD_DEBUG_OUTPUT"])
    random = SplitMix64(seed: seed)
  }

  private enum Kind: CaseIterable {
    case start, loader, floor
  }

  /// - Parameter progress: told the number of rounds done.
  /// - Throws: ``BenchError`` when the program fails, with what it said.
  package mutating func run(count: Int, progress: (Int) -> Void) throws(BenchError) {
    // Unmeasured: the first ones find the least in the page cache.
    if copy == nil { for _ in 0..<3 where !Interruption.isRequested { _ = try start([]) } }
    for round in 0..<count where !Interruption.isRequested {
      let kinds = loader == nil ? [.start] : Kind.allCases
      for kind in kinds.shuffled(using: &random) where !Interruption.isRequested {
        switch kind {
        case .start: if let start = try start([]) { starts.append(start) }
        case .loader:
          if let start = try start([LoaderTime.environment]), let time = loader?.nanoseconds(start.process.output) {
            loaderNanoseconds.append(time)
          }
        case .floor:
          let process = try? SpawnedProcess.run(
            path: Self.floorProgram, arguments: ["true"], environment: environment)
          if let process, process.status == 0 { floorNanoseconds.append(process.nanoseconds) }
        }
      }
      progress(round + 1)
    }
  }

  /// One process; nil where the user's interruption ended it too.
  private func start(_ variables: [String]) throws(BenchError) -> Start? {
    copy?.evict()
    let process = try SpawnedProcess.run(
      path: program, arguments: arguments, environment: environment + variables)
    if let record = ColdRecord(output: process.output), process.status == 0 {
      return Start(record: record, process: process)
    }
    if Interruption.isRequested { return nil }
    let said = process.output.split(separator: "\n").last.map { String($0.trimmingPrefix("Error: ")) }
    throw BenchError("a started process ended with \(process.status): \(said ?? "it said nothing")")
  }
}
