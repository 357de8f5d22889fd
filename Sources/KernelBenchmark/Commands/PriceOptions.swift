import ArgumentParser
import BenchHarness

/// What functions and hosts cost, where the user knows better than what is built in.
struct PriceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Of 1,024 MB for a second.", valueName: "usd"))
  var priceGbSecond: Double?

  @Option(help: ArgumentHelp("Of a million requests.", valueName: "usd"))
  var priceRequest: Double?

  @Option(help: ArgumentHelp("Of a host for an hour.", valueName: "usd"))
  var priceHostHour: Double?

  @Option(help: "CPUs of that host, each as fast as one of this machine.")
  var hostCpus: Int?

  @Option(help: "The share of invocations that find no process waiting, 0 to 1.")
  var coldRate = 0.01

  var checkedColdRate: Double {
    get throws(BenchError) {
      guard 0...1 ~= coldRate else { throw BenchError("--cold-rate \(coldRate) is not within 0...1; give one that is") }
      return coldRate
    }
  }

  /// Those that are given, and for the others what is listed.
  func prices(_ machine: MachineDescription) throws(BenchError) -> Prices {
    var prices = Prices.listed(architecture: machine.architecture)
    func given(_ value: Double?, _ option: String, _ price: inout Price) throws(BenchError) {
      guard let value else { return }
      guard value >= 0 && value.isFinite else {
        throw BenchError("\(option) \(value) is no price; give US dollars, 0 or more")
      }
      price = .given(value)
    }
    try given(priceGbSecond, "--price-gb-second", &prices.gigabyteSecond)
    try given(priceRequest, "--price-request", &prices.millionRequests)
    try given(priceHostHour, "--price-host-hour", &prices.hostHour)
    if let hostCpus { prices.hostCPUs = try checked(hostCpus, "--host-cpus", within: 1...100_000) }
    return prices
  }
}
