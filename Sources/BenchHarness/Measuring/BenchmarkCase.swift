package import Kernels

/// A case: what is measured, on what, in which unit. Cheap to make; memory is taken by ``prepare``.
package struct BenchmarkCase {
  /// Family and parameters, as `--filter` sees them: `sgemm/1024`.
  package let name: String
  /// Cases that differ in size alone, by the name that they share, and the size in the series' own terms.
  package let series: String
  package let size: Int
  /// In the order in which they are shown.
  package let parameters: [Parameter]
  package let unit: Unit
  /// The row of the dispatch table that runs.
  package let row: String
  /// The limit that the kernel is held against, or why there is none.
  package let ceiling: CeilingChoice
  /// Bytes of operands and results that a call reads or writes at least once: what must fit into a cache for all of it to
  /// stay there, and the least traffic that a roofline counts. Nil where the case does not say.
  package let workingSet: Int?
  /// Features that are masked while the case runs, beside those the user masks: how a row below the best is measured.
  package let disabled: CPUFeatures
  /// The rivals, those too that are absent.
  package let peers: [Peer]
  /// Takes the memory, fills it, makes the contenders. The kernel is the first of them, peers follow.
  ///
  /// Contenders own what they work on, and give it back when they go.
  package let prepare: () throws -> [Contender]

  package init(
    name: String, series: String, size: Int, parameters: [Parameter], unit: Unit, row: String, ceiling: CeilingChoice,
    workingSet: Int? = nil, disabled: CPUFeatures = [], peers: [Peer] = [],
    prepare: @escaping () throws -> [Contender]
  ) {
    self.name = name
    self.series = series
    self.size = size
    self.parameters = parameters
    self.unit = unit
    self.row = row
    self.ceiling = ceiling
    self.workingSet = workingSet
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

  /// What throughput counts, in 10^9 a second.
  package enum Unit: String, Hashable, Codable, Sendable {
    case flops = "GFLOP/s"
    case bytes = "GB/s"
    case elements = "G/s"
  }

  package enum CeilingChoice {
    case loop(ComputeCeiling)
    /// Reading as many bytes, from wherever they stay: what a case that reads its operands once cannot beat.
    case reading(bytes: Int)
    /// Copying as many bytes, from wherever they stay: what a case cannot beat that reads them and writes as many or more.
    case copying(bytes: Int)
    case none(reason: String)
  }
}

extension BenchmarkCase {
  /// The kernel alone.
  package var withoutPeers: BenchmarkCase {
    compared(ceiling: ceiling, peers: []) { [prepare] in try prepare().filter { $0.role != .peer } }
  }

  /// The same case, held against another ceiling.
  package func compared(ceiling: CeilingChoice) -> BenchmarkCase {
    compared(ceiling: ceiling, peers: peers, prepare: prepare)
  }

  private func compared(
    ceiling: CeilingChoice, peers: [Peer], prepare: @escaping () throws -> [Contender]
  ) -> BenchmarkCase {
    BenchmarkCase(
      name: name, series: series, size: size, parameters: parameters, unit: unit, row: row, ceiling: ceiling,
      workingSet: workingSet, disabled: disabled, peers: peers, prepare: prepare)
  }
}
