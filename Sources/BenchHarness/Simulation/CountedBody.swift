import CMachineCeilings

/// A case that runs inside of a simulator, and what the program outside has to know of it.
package struct CountedBody: Document, Hashable, Sendable {
  package static let format = "kernel-bench counted body"
  package static let version = 1

  package let name: String
  /// The row that ran: the simulator may know fewer instructions than the CPU.
  package let row: String
  package let unit: BenchmarkCase.Unit
  package let work: Double
  package let workingSet: Int?
  package let calls: Int
  /// Comma-separated.
  package let features: String

  /// The function around what counts, for the simulator's option.
  package static let function = "cm_counted"

  /// Calls the kernel of a case, ``function`` around it: `calls` times, which brings everything to its place, `calls` times
  /// again, and twice as often. What the function itself costs is in the last two alike, and drops out of their difference.
  ///
  /// - Parameter calls: nil for a number that follows from the work of a call, so that it is the same at every run.
  /// - Throws: what the case throws.
  package static func run(_ benchmark: BenchmarkCase, calls: Int?, features: String) throws -> CountedBody {
    let kernel = try benchmark.prepare()[0]
    let calls = calls ?? Int(max(1, min(100, 1_048_576 / kernel.work)))
    let body = Body(kernel.body)
    for count in [calls, calls, 2 * calls] {
      unsafe cm_counted(
        { unsafe Unmanaged<Body>.fromOpaque($0).takeUnretainedValue().run($1) },
        Unmanaged.passUnretained(body).toOpaque(), UInt64(count))
      if let error = body.error { throw error }
    }
    return CountedBody(
      name: benchmark.name, row: benchmark.row, unit: benchmark.unit, work: kernel.work,
      workingSet: benchmark.workingSet, calls: calls, features: features)
  }

  /// A body that C can call, and what it threw.
  private final class Body {
    private let body: (Int) throws -> Void
    private(set) var error: (any Error)?

    init(_ body: @escaping (Int) throws -> Void) { self.body = body }

    func run(_ calls: UInt64) {
      do { try body(Int(calls)) } catch { self.error = error }
    }
  }
}
