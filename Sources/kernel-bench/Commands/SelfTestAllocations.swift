import ArgumentParser
import BenchHarness
import CAllocationCounter

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The allocation counter on known numbers of calls of every entry point, on one thread and on several at once.
struct SelfTestAllocations: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest-allocations",
    abstract: "Prove the allocation counter on known numbers of calls.", shouldDisplay: false)

  @Option(help: "The most calls of each entry point; powers of ten below it are tried too.")
  var calls: UInt64 = 100_000

  @Option(help: "Threads that call at the same time.")
  var threads = 8

  func run() throws {
    if let reason = unsafe ac_unavailable() { throw unsafe BenchError("unavailable: \(String(cString: reason))") }
    guard threads >= 1, threads <= 1024 else { throw BenchError("--threads must be within 1...1024") }

    var numbers: [UInt64] = [0, calls]
    for power in sequence(first: UInt64(1), next: { $0 < 1_000_000_000 ? $0 * 10 : nil }) where power < calls {
      numbers += [power, power + 1]
    }
    for entry in AllocationCounter.entryPoints {
      for number in numbers.sorted() {
        if let problem = AllocationCounter.check(entry, calls: number, bytes: 40) { throw BenchError(problem) }
      }
      try checkThreads(entry)
      print("\(AllocationCounter.name(entry)): exact for 0...\(calls) calls, and on \(threads) threads")
    }
  }

  /// Threads cost allocations of their own, a stack's bookkeeping: what a run of threads that call nothing costs is not
  /// the same each time, so that only this entry point's count, less that of calls that creating threads may make, is exact.
  /// `pthread_create` calls calloc and malloc alone; those are held to a lower bound, all others to equality.
  private func checkThreads(_ entry: ac_entry_point) throws {
    let before = AllocationCounter.read()
    let job = Job(entry: entry, calls: calls)
    var handles: [pthread_t] = []
    for _ in 0..<threads {
      var handle = pthread_t()
      let status = unsafe pthread_create(&handle, nil, { unsafe Job.run($0) }, Unmanaged.passUnretained(job).toOpaque())
      guard status == 0 else { throw BenchError("no more than \(handles.count) threads can be had; try --threads \(handles.count)") }
      handles.append(handle)
    }
    for handle in handles { pthread_join(handle, nil) }
    let after = AllocationCounter.read()
    withExtendedLifetime(job) {}

    let found = after[entry] - before[entry]
    let expected = calls * UInt64(threads)
    let exact = ![AC_MALLOC, AC_CALLOC, AC_REALLOC, AC_FREE].contains(entry)
    // What starting threads may cost.
    let slack: UInt64 = exact ? 0 : 16 * UInt64(threads)
    guard expected...(expected + slack) ~= found else {
      throw BenchError("\(threads) threads with \(calls) calls of \(AllocationCounter.name(entry)) each gave \(found)")
    }
  }

  private final class Job: Sendable {
    let entry: ac_entry_point
    let calls: UInt64

    init(entry: ac_entry_point, calls: UInt64) { (self.entry, self.calls) = (entry, calls) }

    @unsafe
    static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
      guard let context = unsafe context else { return nil }
      let job = unsafe Unmanaged<Job>.fromOpaque(context).takeUnretainedValue()
      ac_exercise(job.entry, job.calls, 40)
      return nil
    }
  }
}
