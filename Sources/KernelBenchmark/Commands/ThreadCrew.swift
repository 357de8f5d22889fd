import BenchHarness
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Threads that are all there before the work begins, and stay until all are told to end: starting and ending a thread
/// allocates too, which must not fall between two readings of a counter.
final class ThreadCrew {
  private let threads: [pthread_t]
  private let job: Job

  /// Starts `count` threads, and returns when all wait to work.
  ///
  /// - Parameter work: what each does, by its number from 0.
  init(_ count: Int, work: @escaping @Sendable (Int) -> Void) throws(BenchError) {
    job = Job(threads: count, work: work)
    var threads: [pthread_t] = []
    for _ in 0..<count {
      var thread = pthread_t()
      let status = unsafe pthread_create(
        &thread, nil, { unsafe Job.run($0) }, Unmanaged.passRetained(job).toOpaque())
      // Those that were started wait for ever, to the end of this process.
      guard status == 0 else { throw BenchError("no more than \(threads.count) threads can be had; lower --threads") }
      threads.append(thread)
    }
    self.threads = threads
    job.waitForAll()
  }

  /// All work at the same time; returns when all have done so. Once.
  func work() {
    job.waitForAll()
    job.waitForAll()
  }

  func end() {
    job.waitForAll()
    for thread in threads { pthread_join(thread, nil) }
  }

  @safe
  private final class Job: @unchecked Sendable {
    private let work: @Sendable (Int) -> Void
    private let barrier: UnsafeMutablePointer<pthread_barrier_t>
    private let started = Atomic(0)

    init(threads: Int, work: @escaping @Sendable (Int) -> Void) {
      self.work = work
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
      let job = unsafe Unmanaged<Job>.fromOpaque(context).takeRetainedValue()
      let number = job.started.add(1, ordering: .relaxed).oldValue
      job.waitForAll()
      job.waitForAll()
      job.work(number)
      job.waitForAll()
      job.waitForAll()
      return nil
    }
  }
}
