import RuntimeAPIDouble

/// What was measured of a workload, of each runtime.
struct WorkloadResult {
  struct OfRuntime {
    let runtime: Runtime
    let record: Record
    /// From exec to the first request for an event.
    let cold: [UInt64]
    /// KiB.
    let peakIdle, peak: Int
    /// "equal", or what is the matter.
    var answer = ""
    var collections: Collections?
    var sizes: [AtSize] = []
  }

  /// A share of a CPU.
  struct AtSize {
    let megabytes: Int
    var nanoseconds: [UInt64] = []
    var cold: UInt64 = 0
    /// Why there are none.
    var unavailable: String?
  }

  let workload: Workload
  /// Starts of the loop without a handler, in turns with the others'.
  let leastCold: [UInt64]
  var runtimes: [OfRuntime]

  /// The runtimes take turns, an invocation each, so that what disturbs one disturbs all.
  static func measure(_ workload: Workload, _ options: Options) throws -> WorkloadResult {
    let runtimes = Runtime.all(of: workload, options)
    progress("\(workload.name): \(options.count) invocations of \(runtimes.map(\.name).joined(separator: ", "))")
    var cold = runtimes.map { _ in [UInt64]() }
    var leastCold: [UInt64] = []
    for _ in 0..<options.cold {
      for (i, runtime) in runtimes.enumerated() {
        cold[i].append(try Served(runtime, workload, options).nanosecondsToFirstNext)
      }
      if let least = Runtime.least(options) {
        leastCold.append(try Served(least, workload, options).nanosecondsToFirstNext)
      }
    }
    let lanes = try runtimes.map { runtime in try Lane(runtime, workload, options) }
    for _ in 0..<options.count {
      for lane in lanes { lane.call() }
    }
    let verdicts = try Comparison.verdicts(
      workload, zip(runtimes, lanes).map { ($0.name, try $1.finalAnswer()) }, options)
    var result = WorkloadResult(
      workload: workload, leastCold: leastCold,
      runtimes: runtimes.indices.map { i in
        OfRuntime(
          runtime: runtimes[i], record: lanes[i].record, cold: cold[i], peakIdle: lanes[i].peakIdle,
          peak: lanes[i].peak, answer: verdicts[i])
      })
    _ = consume lanes
    for i in runtimes.indices where runtimes[i].name == "Node" {
      result.runtimes[i].collections = try Collections.measure(runtimes[i], workload, options)
    }
    if options.sweep > 0 { try result.sweep(options) }
    return result
  }

  /// Sizes of memory that functions are given.
  static let sizes = [128, 256, 512, 1024, 1769, 3538]

  private mutating func sweep(_ options: Options) throws {
    for megabytes in Self.sizes {
      progress("\(workload.name): as with \(megabytes) MB")
      for i in runtimes.indices {
        do throws(Mistake) {
          let group: CPUGroup? = try CPUGroup(megabytes: megabytes)
          do {
            let lane = try Lane(runtimes[i].runtime, workload, options, group: group)
            // A runtime that takes a second for an event is not to take hours for all.
            let end = monotonicNanoseconds() + 5_000_000_000
            for number in 0..<options.sweep where number < 10 || monotonicNanoseconds() < end { lane.call() }
            guard lane.record.errors == 0 else { throw Mistake(lane.record.firstError ?? "") }
            runtimes[i].sizes.append(
              AtSize(
                megabytes: megabytes, nanoseconds: lane.record.nanoseconds, cold: lane.nanosecondsToFirstNext))
          } catch {
            throw Mistake("\(error)")
          }
        } catch {
          runtimes[i].sizes.append(AtSize(megabytes: megabytes, unavailable: error.description))
        }
      }
    }
  }
}
