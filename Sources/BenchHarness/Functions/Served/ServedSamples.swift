#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Samples of functions that were served through their runtime API, as `function-bench` of Examples/Function writes them.
package struct ServedSamples: Hashable, Codable, Sendable {
  /// Invocations of each workload by each runtime.
  package let count: Int
  package let workloads: [Workload]

  /// A function, and the event that it is called with.
  package struct Workload: Hashable, Codable, Sendable {
    package let name: String
    package let description: String
    /// Nanoseconds from exec to the first request, of a function with nothing in it, in turns with the others' starts.
    package let loopStarts: [Double]
    /// The kernels first.
    package let runtimes: [Runtime]
  }

  /// One way to serve it.
  package struct Runtime: Hashable, Codable, Sendable {
    package let runtime: String
    /// From before an event is sent until its answer has come whole.
    package let invocations: Invocations
    /// Nanoseconds from exec to the first request for an event.
    package let starts: [Double]
    /// The most memory that it had, before the first event and after the last.
    package let peakIdleKiB, peakKiB: Double
    /// "equal", "alone" where there is nothing to compare with, or what is the matter.
    package let answer: String
    package let collections: Collections?
    package let sizes: [Size]
  }

  /// Pauses for the collection of garbage.
  package struct Collections: Hashable, Codable, Sendable {
    package let invocations: Int
    package let milliseconds: [Double]
  }

  /// Invocations with the share of a CPU that comes with a size of memory.
  package struct Size: Hashable, Codable, Sendable {
    package let megabytes: Int
    package let nanoseconds: [Double]?
    /// Nanoseconds from exec to the first request.
    package let start: Double?
    /// Why there are none.
    package let unavailable: String?
  }

  /// Reads the file of samples.
  ///
  /// - Throws: ``BenchError`` in one sentence, with the file's name.
  package static func read(_ path: String) throws(BenchError) -> ServedSamples {
    switch SystemFile.bytes(path) {
    case .failure(let problem): throw BenchError("cannot read \(path): \(problem); name a file that can be read")
    case .success(let bytes):
      guard let heading = try? JSONDecoder().decode(Heading.self, from: Data(bytes)),
        heading.format == "function samples",
        heading.version == 1, let samples = try? JSONDecoder().decode(ServedSamples.self, from: Data(bytes)),
        samples.isSound
      else { throw BenchError("\(path) has no samples of functions; give a file that function-bench wrote") }
      return samples
    }
  }

  private struct Heading: Decodable {
    let format: String
    let version: Int
  }

  /// Whether every number makes sense: files come from anywhere.
  var isSound: Bool {
    func areTimes(_ times: [Double]) -> Bool { times.allSatisfy { $0 > 0 && $0.isFinite } }
    return count > 0
      && workloads.allSatisfy { workload in
        !workload.runtimes.isEmpty && areTimes(workload.loopStarts)
          && workload.runtimes.allSatisfy { runtime in
            let indices = runtime.invocations.nanoseconds.indices
            return areTimes(runtime.invocations.nanoseconds) && areTimes(runtime.starts)
              && runtime.invocations.errors >= 0
              && (runtime.invocations.switched + runtime.invocations.faulted).allSatisfy(indices.contains)
              && runtime.peakIdleKiB >= 0 && runtime.peakKiB >= 0
              && (runtime.collections?.milliseconds.allSatisfy { $0 >= 0 && $0.isFinite } ?? true)
              && runtime.sizes.allSatisfy { size in
                size.nanoseconds.map { !$0.isEmpty && areTimes($0) } ?? (size.unavailable != nil)
              }
          }
      }
  }
}
