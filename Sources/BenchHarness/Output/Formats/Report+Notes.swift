// What a reader must know beside the figures, each in a sentence.

extension Report {
  /// Why figures are missing, each reason once.
  package var missing: [String] {
    let metrics = cases.flatMap(\.contenders).filter { $0.samples.role != .ceiling }.flatMap(\.metrics)
    let reasons = metrics.compactMap { if case .unavailable(let reason) = $0.metric { reason } else { nil } }
    return Set(reasons).sorted()
  }

  package var absentPeers: [String] { peers.compactMap { peer in peer.absent.map { "\(peer.name) is absent: \($0)" } } }

  /// Reasons not to trust the figures, or not all of them.
  package var warnings: [String] {
    var result: [String] = []
    if build.configuration != "release" {
      result.append("Built without optimisation: the figures say nothing about speed.")
    }
    if isPartial { result.append("Interrupted: cases may be missing, and those here have fewer rounds.") }
    let masked = machine.featuresMasked
    if !masked.isEmpty { result.append("Masked CPU features: \(masked.joined(separator: " ")).") }
    return result
  }
}
