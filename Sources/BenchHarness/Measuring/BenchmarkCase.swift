package import Kernels

/// A case: what is measured, on what, in which unit. Cheap to make; memory is taken by ``prepare``.
package struct BenchmarkCase {
  /// Family and parameters, as `--filter` sees them: `sgemm/1024`.
  package let name: String
  /// In the order in which they are shown.
  package let parameters: [Parameter]
  package let unit: Unit
  /// The row of the dispatch table that runs.
  package let row: String
  /// The limit that the kernel is held against, or why there is none.
  package let ceiling: CeilingChoice
  /// Features that are masked while the case runs, beside those the user masks: how a row below the best is measured.
  package let disabled: CPUFeatures
  /// The rivals, by name; with the reason where one is missing.
  package let peers: [PeerChoice]
  /// Takes the memory, fills it, makes the contenders. The kernel is the first of them, peers follow.
  ///
  /// Contenders own what they work on, and give it back when they go.
  package let prepare: () throws -> [Contender]

  package init(
    name: String, parameters: [Parameter], unit: Unit, row: String, ceiling: CeilingChoice, disabled: CPUFeatures = [],
    peers: [PeerChoice], prepare: @escaping () throws -> [Contender]
  ) {
    self.name = name
    self.parameters = parameters
    self.unit = unit
    self.row = row
    self.ceiling = ceiling
    self.disabled = disabled
    self.peers = peers
    self.prepare = prepare
  }

  package struct Parameter: Hashable, Codable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: some CustomStringConvertible) {
      (self.name, self.value) = (name, value.description)
    }
  }

  /// What throughput counts.
  package enum Unit: String, Hashable, Codable, Sendable {
    case flops = "GFLOP/s"
    case bytes = "GB/s"
  }

  package enum CeilingChoice {
    case loop(ComputeCeiling)
    case none(reason: String)
  }

  package enum PeerChoice: Hashable, Sendable {
    case present(String)
    case absent(String, reason: String)
  }
}
