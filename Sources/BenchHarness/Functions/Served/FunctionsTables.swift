/// A table of a report, to be written as Markdown or as HTML.
struct FunctionsTable {
  let caption: String
  /// Names; those of figures end in a star, which is not shown.
  let columns: [String]
  let rows: [[String]]
}

extension FunctionsReport {
  /// What a reader wants first: times and ratios.
  var summaryTable: FunctionsTable {
    table(
      "Milliseconds of an invocation, from before the event is sent until the answer has come whole; nothing left out",
      [
        "p50*", "p90*", "p99*", "p99.9*", "first*", "100th*", "steady*", "errors*", "answer", "p50 ratio*",
        "p99 ratio*",
        "memory ratio*",
      ]
    ) { runtime in
      [
        runtime.quantiles(runtime.invoked.raw),
        [
          runtime.invoked.invocation(1).milliseconds, runtime.invoked.invocation(100).milliseconds,
          runtime.steady.milliseconds, "\(runtime.invoked.invocations.errors)", runtime.answer,
          runtime.median.ratio, runtime.p99.ratio, runtime.memory.ratio,
        ],
      ].flatMap(\.self)
    }
  }

  var filteredTable: FunctionsTable {
    table(
      "Milliseconds without invocations that something else made slow: \(InvocationFilter.rule)",
      ["set aside*", "switched*", "faulted*", "beyond the fence*", "p50*", "p90*", "p99*", "p99.9*"]
    ) { runtime in
      let filter = runtime.invoked.filter
      return [filter?.setAside, filter?.switched, filter?.faulted, filter?.beyondFence].map {
        $0.map(String.init) ?? "n/a"
      }
        + runtime.quantiles(runtime.invoked.filtered)
    }
  }

  var startTable: FunctionsTable {
    table(
      "From exec to the first request, and the most memory",
      ["starts*", "p50, ms*", "p99, ms*", "beyond the loop alone, ms*", "idle, MiB*", "in the end, MiB*"]
    ) { runtime in
      let start = runtime.start.distribution
      return [
        "\(start?.count ?? 0)", start?.median.milliseconds ?? "n/a",
        start.map { ($0[99].value ?? $0.maximum) / 1e6 }.map { Format.fixed($0, digits: 3) } ?? "n/a",
        runtime.startBeyondLoop.milliseconds, runtime.peakIdle.mebibytes, runtime.peak.mebibytes,
      ]
    }
  }

  /// nil where nobody collects garbage.
  var pausesTable: FunctionsTable? {
    let rows = rows { runtime in
      runtime.pauses.map { pauses in
        guard let pauses = pauses.distribution else { return ["0", "", "", ""] }
        return [
          "\(pauses.count)", pauses.median.milliseconds, Format.fixed(pauses.maximum / 1e6, digits: 3),
          pauses[99].milliseconds,
        ]
      }
    }
    if rows.isEmpty { return nil }
    return FunctionsTable(
      caption: "Pauses for the collection of garbage, ms, in up to 2,000 invocations (node --trace-gc)",
      columns: ["workload", "runtime", "pauses*", "p50*", "max*", "p99*"], rows: rows)
  }

  /// nil where no share of a CPU was tried.
  var sizesTable: FunctionsTable? {
    let megabytes = Set(workloads.flatMap(\.runtimes).flatMap(\.sizes).map(\.megabytes)).sorted()
    if megabytes.isEmpty { return nil }
    return table(
      "Milliseconds of an invocation with the share of a CPU that comes with so many MB (quota of a cgroup): p50 / p99",
      megabytes.map { "\($0) MB*" }
    ) { runtime in
      megabytes.map { size in
        guard let found = runtime.sizes.first(where: { $0.megabytes == size }) else { return "n/a" }
        guard let duration = found.duration.distribution else { return "not emulable here" }
        let p99 = (duration[99].value ?? duration.maximum) / 1e6
        return "\(duration.median.milliseconds) / \(Format.fixed(p99, digits: 3))"
      }
    }
  }

  /// Why shares of a CPU were not tried.
  var sizeReasons: [String] {
    let reasons = workloads.flatMap(\.runtimes).flatMap(\.sizes).compactMap { size -> String? in
      if case .unavailable(let reason) = size.duration.outcome {
        "\(size.megabytes) MB is not emulable here: \(reason)"
      } else {
        nil
      }
    }
    return Set(reasons).sorted()
  }

  var costTable: FunctionsTable {
    table(
      "Dollars of a million invocations, modelled from the times above",
      ["at 128 MB*", "at 1769 MB*", "cheapest*", "USD*", "a host is cheaper from*"]
    ) { runtime in
      guard let cost = runtime.cost else { return Array(repeating: "n/a", count: 5) }
      func total(_ megabytes: Int) -> String {
        cost.sizes.first { $0.megabytes == megabytes }.map { CostFormat.text($0.total) } ?? "n/a"
      }
      return [
        total(128), total(1769), cost.cheapest.value.map { "\(Int($0)) MB" } ?? "n/a",
        cost.size(cost.cheapest).map { CostFormat.text($0.total) } ?? "n/a", CostFormat.text(cost.breakEven),
      ]
    }
  }

  var goalsTable: FunctionsTable {
    FunctionsTable(
      caption: "Goals", columns: ["what", "goal*", "is*", "met"],
      rows: goals.map { [$0.name, $0.goal, $0.figure, $0.isMet.map { $0 ? "yes" : "NO" } ?? "not measured"] })
  }

  private func table(
    _ caption: String, _ columns: [String], _ cells: (ServedRuntime) -> [String]
  ) -> FunctionsTable {
    FunctionsTable(caption: caption, columns: ["workload", "runtime"] + columns, rows: rows(cells))
  }

  private func rows(_ cells: (ServedRuntime) -> [String]?) -> [[String]] {
    workloads.flatMap { workload in
      workload.runtimes.compactMap { runtime in cells(runtime).map { [workload.name, runtime.runtime] + $0 } }
    }
  }
}

extension ServedRuntime {
  fileprivate func quantiles(_ phase: Phase) -> [String] {
    guard let distribution = phase.distribution else { return Array(repeating: "n/a", count: 4) }
    return distribution.quantiles.map(\.value.milliseconds)
  }
}

extension Metric {
  fileprivate var milliseconds: String { value.map { Format.fixed($0 / 1e6, digits: 3) } ?? "n/a" }
  fileprivate var mebibytes: String { value.map { Format.fixed($0 / 1_048_576, digits: 1) } ?? "n/a" }
  fileprivate var ratio: String { value.map(Format.ratio) ?? "n/a" }
}
