import BenchHarness

/// Another way to do the work of a ``Benchmark``: a library that was found at run time, or one that would be compared if it were there.
///
/// Its calls are sampled in turns with the benchmark's own, so that ratios are of samples of the same round. A rival that is absent stands
/// in every report with the reason and with how to get it.
public struct Rival: Sendable {
  let peer: Peer
  let prepare: @Sendable () throws -> () throws -> Void

  /// A rival that is there.
  ///
  /// - Parameters:
  ///   - name: as it is shown, with its version: "zlib 1.2.13".
  ///   - version: as the library says it.
  ///   - library: the file that was loaded, or how else it came into the program.
  ///   - prepare: sets up, outside of what is measured, and gives the call that is measured. It runs after the benchmark's own set-up. Compare
  ///     the results here, before anything is timed, and throw ``Disagreement`` where they differ: that ends the run, with the name of the case.
  public init(
    _ name: String, version: String, library: String, prepare: @escaping @Sendable () throws -> () throws -> Void
  ) {
    precondition(!name.isEmpty, "Rival: it must have a name")
    peer = Peer(name: name, version: version, library: library)
    self.prepare = prepare
  }

  /// A rival that is not there.
  ///
  /// - Parameters:
  ///   - name: as it is shown.
  ///   - absent: why, and how to get it, in a sentence without its full stop.
  public init(_ name: String, absent: String) {
    precondition(!name.isEmpty && !absent.isEmpty, "Rival: it must have a name, and a reason for its absence")
    peer = Peer(name: name, absent: absent)
    prepare = { {} }
  }

  var isAbsent: Bool { peer.absent != nil }

  /// What a rival's set-up throws where its result is not the benchmark's: then there is nothing to compare.
  public struct Disagreement: Error, CustomStringConvertible {
    public let description: String

    /// - Parameter description: which results differ, and how.
    public init(_ description: String) { self.description = description }
  }
}
