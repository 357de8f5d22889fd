/// A price in US dollars, and who says so.
package struct Price: Hashable, Codable, Sendable {
  package let dollars: Double
  /// "given", or a date and a place.
  package let source: String

  /// - Parameter dollars: 0 or more.
  package init(_ dollars: Double, source: String) {
    precondition(dollars >= 0 && dollars.isFinite, "Price: dollars must be 0 or more")
    (self.dollars, self.source) = (dollars, source)
  }

  package static func given(_ dollars: Double) -> Price { Price(dollars, source: "given") }
}

/// What a function and a host cost.
package struct Prices: Hashable, Codable, Sendable {
  /// Of 1,024 MB for a second.
  package var gigabyteSecond: Price
  /// Of a million requests, whatever they do.
  package var millionRequests: Price
  /// Of a host for an hour, and the CPUs that it has.
  package var hostHour: Price
  package var hostCPUs: Int

  package init(gigabyteSecond: Price, millionRequests: Price, hostHour: Price, hostCPUs: Int) {
    precondition(hostCPUs >= 1, "Prices: a host has at least one CPU")
    (self.gigabyteSecond, self.millionRequests) = (gigabyteSecond, millionRequests)
    (self.hostHour, self.hostCPUs) = (hostHour, hostCPUs)
  }

  /// What AWS asks for in us-east-1, without free tier, savings plan or volume discount. Prices change: give your own.
  ///
  /// - Parameter architecture: as ``MachineDescription`` has it; Arm is cheaper.
  package static func listed(architecture: String) -> Prices {
    let isArm = architecture == "aarch64" || architecture == "arm64"
    let lambda = "AWS Lambda, us-east-1, \(isArm ? "arm64" : "x86_64"), 2025-2026"
    return Prices(
      gigabyteSecond: Price(isArm ? 0.0000133334 : 0.0000166667, source: lambda),
      millionRequests: Price(0.20, source: lambda),
      hostHour: isArm
        ? Price(0.0816, source: "EC2 m7g.large, us-east-1, Linux on demand, June 2026")
        : Price(0.085, source: "EC2 c5.large, us-east-1, Linux on demand, 2025"),
      hostCPUs: 2)
  }
}
