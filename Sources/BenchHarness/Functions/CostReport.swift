/// What `cost` computed.
package struct CostReport: Document, Hashable, Sendable {
  package static let format = "kernel-bench cost"
  package static let version = 1

  /// Seconds since 1970.
  package let started: Int
  package let machine: MachineDescription
  package let build: BuildDescription
  package let prices: Prices
  /// The share of invocations that find no process waiting, 0 to 1.
  package let coldRate: Double
  /// Calls of the case in an invocation.
  package let calls: Int
  package let cases: [CostResult]
  /// The user interrupted: cases may be missing, and the last one may rest on less.
  package let partial: Bool

  package init(
    started: Int, machine: MachineDescription, build: BuildDescription, prices: Prices, coldRate: Double, calls: Int,
    cases: [CostResult], partial: Bool
  ) {
    (self.started, self.machine, self.build) = (started, machine, build)
    (self.prices, self.coldRate, self.calls) = (prices, coldRate, calls)
    (self.cases, self.partial) = (cases, partial)
  }
}

/// What a case costs as a function.
package struct CostResult: Hashable, Codable, Sendable {
  package let name: String
  package let row: String

  // What was measured here.

  /// Of a call, each invoked by itself, and its mean.
  package let duration: Distribution
  package let meanDuration: Metric
  /// Of processes of their own: the most memory that they had, and what a start adds; medians.
  package let highWaterMark: Metric
  package let initialisation: Metric
  package let starts: Int

  // What is computed from it.

  package let sizes: [CostSize]
  /// Megabytes: of the least cost, and beyond which cost only rises.
  package let cheapest: Metric
  package let speedStopsPaying: Metric
  /// Milliseconds: what is billed for an invocation that is no longer than this costs less than the request itself. At
  /// the size where speed stops paying.
  package let requestEquivalent: Metric
  /// Invocations in a second that a host sustains; those from which on it is cheaper than the cheapest size, and the
  /// percentage of the former that they are: beyond 100 % the host never is.
  package let hostRate: Metric
  package let breakEven: Metric
  package let breakEvenLoad: Metric

  /// - Parameters:
  ///   - nanoseconds: of invocations, at least one.
  ///   - starts: that the two metrics are medians of.
  package init(
    name: String, row: String, nanoseconds: [Double], highWaterMark: Metric, initialisation: Metric, starts: Int,
    prices: Prices, coldRate: Double, calls: Int
  ) {
    (self.name, self.row) = (name, row)
    duration = Distribution(nanoseconds, unit: "ns")
    meanDuration = .value(nanoseconds.reduce(0, +) / Double(nanoseconds.count), unit: "ns", source: .derived)
    (self.highWaterMark, self.initialisation, self.starts) = (highWaterMark, initialisation, starts)
    let model = CostModel(
      prices: prices, coldRate: coldRate, calls: calls, nanoseconds: nanoseconds,
      startNanoseconds: initialisation.value ?? 0, memory: highWaterMark.value)

    func modelled(_ value: Double, _ unit: String) -> Metric { .value(value, unit: unit, source: .modelled) }
    let landmarks = model.landmarks
    let shown = Set(CostSize.shown + [landmarks?.cheapest, landmarks?.speedStopsPaying].compactMap(\.self)).sorted()
    sizes = shown.map { CostSize(megabytes: $0, model: model) }
    hostRate = modelled(model.hostRate, "/s")
    guard let landmarks else {
      let none: Metric = .unavailable(reason: "no function has room for the memory that the case needs")
      (cheapest, speedStopsPaying, requestEquivalent, breakEven, breakEvenLoad) = (none, none, none, none, none)
      return
    }
    cheapest = modelled(Double(landmarks.cheapest), "MB")
    let ofSecond = Double(landmarks.speedStopsPaying) / 1024 * prices.gigabyteSecond.dollars
    if ofSecond > 0 {
      speedStopsPaying = modelled(Double(landmarks.speedStopsPaying), "MB")
      requestEquivalent = modelled(prices.millionRequests.dollars / 1e6 / ofSecond * 1e3, "ms")
    } else {
      speedStopsPaying = .unavailable(reason: "memory costs nothing at the price that was given")
      requestEquivalent = speedStopsPaying
    }
    breakEven = CostSize(megabytes: landmarks.cheapest, model: model).breakEven
    breakEvenLoad = breakEven.value.map { modelled(100 * $0 / model.hostRate, "%") } ?? breakEven
  }

  /// The row of a landmark.
  package func size(_ landmark: Metric) -> CostSize? {
    landmark.value.flatMap { value in sizes.first { Double($0.megabytes) == value } }
  }
}

/// A size of memory that a function can be given, and what follows.
package struct CostSize: Hashable, Codable, Sendable {
  package let megabytes: Int
  /// Of a CPU, that one thread can use.
  package let cpus: Metric
  /// Of an invocation: nanoseconds that it takes, milliseconds that are billed, and those that a start adds; means.
  package let duration: Metric
  package let billed: Metric
  package let billedStart: Metric
  /// Dollars of a million invocations: for requests, for their time, for starts, and all of it.
  package let requests: Metric
  package let time: Metric
  package let cold: Metric
  package let total: Metric
  /// Invocations in a second from which on a host is cheaper.
  package let breakEven: Metric

  /// What tables show, beside the sizes that are found.
  package static let shown = [128, 256, 512, 1024, 1769, 2048, 3072, 4096, 6144, 8192, 10_240]

  package init(megabytes: Int, model: CostModel) {
    self.megabytes = megabytes
    guard let least = model.leastMegabytes, megabytes >= least else {
      let needed = Format.bytes(model.memory ?? 0)
      let none: Metric = .unavailable(reason: "the process had \(needed) of memory at most, and needs as much")
      (cpus, duration, billed, billedStart) = (none, none, none, none)
      (requests, time, cold, total, breakEven) = (none, none, none, none, none)
      return
    }
    func modelled(_ value: Double, _ unit: String) -> Metric { .value(value, unit: unit, source: .modelled) }
    let share = CostModel.share(megabytes: megabytes)
    let billed = model.billed(megabytes: megabytes)
    let dollars = model.dollars(megabytes: megabytes, billed: billed)
    let sum = dollars.requests + dollars.time + dollars.starts
    cpus = modelled(share, "vCPU")
    duration = modelled(model.meanNanoseconds / share, "ns")
    self.billed = modelled(billed.warm, "ms")
    billedStart = modelled(billed.start, "ms")
    requests = modelled(dollars.requests, "USD")
    time = modelled(dollars.time, "USD")
    cold = modelled(dollars.starts, "USD")
    total = modelled(sum, "USD")
    breakEven =
      sum > 0
      ? modelled(model.prices.hostHour.dollars / 3600 / (sum / 1e6), "/s")
      : .unavailable(reason: "invocations cost nothing at the prices that were given")
  }
}
