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

  /// Several threads call at the same time. Starting and ending a thread allocates too, so that the counters are read
  /// while all of them are there and wait.
  private func checkThreads(_ entry: ac_entry_point) throws {
    let job = Job(entry: entry, calls: calls, threads: threads)
    var handles: [pthread_t] = []
    for _ in 0..<threads {
      var handle = pthread_t()
      let status = unsafe pthread_create(&handle, nil, { unsafe Job.run($0) }, Unmanaged.passUnretained(job).toOpaque())
      // Those that were started wait for ever, to the end of this process.
      guard status == 0 else { throw BenchError("no more than \(handles.count) threads can be had; lower --threads") }
      handles.append(handle)
    }
    job.waitForAll()  // all are there
    let before = AllocationCounter.read()
    job.waitForAll()  // go
    job.waitForAll()  // done
    let after = AllocationCounter.read()
    job.waitForAll()  // end
    for handle in handles { pthread_join(handle, nil) }
    withExtendedLifetime(job) {}

    let found = after[entry] - before[entry]
    if found != calls * UInt64(threads) {
      throw BenchError("\(threads) threads with \(calls) calls of \(AllocationCounter.name(entry)) each gave \(found)")
    }
  }

  @safe
  private final class Job: @unchecked Sendable {
    private let entry: ac_entry_point
    private let calls: UInt64
    private let barrier: UnsafeMutablePointer<pthread_barrier_t>

    init(entry: ac_entry_point, calls: UInt64, threads: Int) {
      (self.entry, self.calls) = (entry, calls)
      unsafe barrier = .allocate(capacity: 1)
      unsafe pthread_barrier_init(barrier, nil, UInt32(threads + 1))
    }

    deinit {
      unsafe pthread_barrier_destroy(barrier)
      unsafe barrier.deallocate()
    }

    func waitForAll() { unsafe pthread_barrier_wait(barrier) }

    @unsafe
    static func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
      guard let context = unsafe context else { return nil }
      let job = unsafe Unmanaged<Job>.fromOpaque(context).takeUnretainedValue()
      job.waitForAll()
      job.waitForAll()
      ac_exercise(job.entry, job.calls, 40)
      job.waitForAll()
      job.waitForAll()
      return nil
    }
  }
}
