#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Threads for the length of one call.
///
/// No pool: every thread is joined before ``run(_:_:)`` returns. A call with one thread starts none and reads no file.
package enum Threads {
  /// `requested`, but no more than this process may keep busy: the CPUs of its affinity mask and the quota of its cgroup.
  package static func cap(_ requested: Int) -> Int {
    requested <= 1 ? 1 : max(1, min(requested, CPUQuota.current))
  }

  /// Calls `body` once for each index below `count`, at the same time: index 0 on the calling thread, the others on new ones.
  ///
  /// Where the system starts no more threads, the calling thread does the rest after its own part.
  ///
  /// - `body` must be safe to call from several threads at once.
  package static func run(_ count: Int, _ body: (Int) -> Void) {
    guard count > 1 else { return body(0) }
    withoutActuallyEscaping(body) { body in
      let jobs = UnsafeMutablePointer<Job>.allocate(capacity: count)
      for index in 0..<count { unsafe (jobs + index).initialize(to: Job(body: body, index: index)) }
      for index in 1..<count {
        var thread = pthread_t()
        let status = unsafe pthread_create(
          &thread, nil,
          { context in
            #if canImport(Darwin)
              let job = unsafe context.assumingMemoryBound(to: Job.self)
            #else
              let job = unsafe context!.assumingMemoryBound(to: Job.self)
            #endif
            unsafe job.pointee.body(job.pointee.index)
            return nil
          }, jobs + index)
        if status == 0 { unsafe jobs[index].thread = thread }
      }
      body(0)
      for index in 1..<count {
        if let thread = unsafe jobs[index].thread {
          pthread_join(thread, nil)
        } else {
          body(index)
        }
      }
      unsafe jobs.deinitialize(count: count)
      unsafe jobs.deallocate()
    }
  }

  @unsafe
  private struct Job {
    let body: (Int) -> Void
    let index: Int
    var thread: pthread_t?
  }
}
