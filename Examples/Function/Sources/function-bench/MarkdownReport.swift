#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The figures as a page, with what they are not.
struct MarkdownReport {
  let options: Options
  let results: [WorkloadResult]

  var text: String {
    """
    # Functions, measured through their runtime API

    \(machine). \(options.count) invocations of each workload by each runtime, which take turns; \(options.cold) cold starts. Times in
    milliseconds, from before the event is sent until the answer has come whole; raw, nothing left out.

    `\(command)`

    | workload | runtime | p50 | p90 | p99 | p99.9 | max | first | hundredth | p50 against Kernels | p99 |
    |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
    \(rows(invocationRow))

    | workload | runtime | exec to first /next, p50 | p99 | peak idle, MiB | peak, MiB |
    |---|---|---:|---:|---:|---:|
    \(rows(coldRow))

    \(results.map { "- \($0.workload.name): \($0.workload.description)." }.joined(separator: "\n"))

    Not measured here: placement of a new sandbox, download and unpacking of the code, the service's own network, Graviton, and any CPU but
    this one. A virtual machine's neighbours disturb p99 and beyond.

    """
  }

  private func rows(_ row: (WorkloadResult, WorkloadResult.OfRuntime) -> String) -> String {
    results.flatMap { result in result.runtimes.map { row(result, $0) } }.joined(separator: "\n")
  }

  private func invocationRow(_ result: WorkloadResult, _ runtime: WorkloadResult.OfRuntime) -> String {
    let (own, times) = (Quantiles(result.runtimes[0].invocations), Quantiles(runtime.invocations))
    let places = [0.5, 0.9, 0.99, 0.999, 1].map { milliseconds(times.at($0)) }.joined(separator: " | ")
    let hundredth = runtime.invocations.count >= 100 ? milliseconds(runtime.invocations[99]) : "-"
    let ratios = [0.5, 0.99].map { decimal(Double(times.at($0)) / Double(own.at($0)), 2) + " x" }
    return
      "| \(result.workload.name) | \(runtime.runtime) | \(places) | \(milliseconds(runtime.invocations[0])) | \(hundredth) | \(ratios.joined(separator: " | ")) |"
  }

  private func coldRow(_ result: WorkloadResult, _ runtime: WorkloadResult.OfRuntime) -> String {
    let cold = Quantiles(runtime.cold)
    let memory = [runtime.peakIdle, runtime.peak].map { decimal(Double($0) / 1024, 1) }.joined(separator: " | ")
    return
      "| \(result.workload.name) | \(runtime.runtime) | \(milliseconds(cold.median)) | \(milliseconds(cold.at(0.99))) | \(memory) |"
  }

  private var command: String {
    "function-bench --count \(options.count) --cold \(options.cold)"
      + (options.workload.map { " --workload \($0)" } ?? "")
  }

  /// As the system names the CPU.
  private var machine: String {
    guard let file = unsafe fopen("/proc/cpuinfo", "r") else { return "An unknown CPU" }
    defer { unsafe fclose(file) }
    var text = [UInt8](repeating: 0, count: 16384)
    let count = unsafe fread(&text, 1, text.count, file)
    for line in String(decoding: text[..<count], as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("model name") {
      return String(line.drop { $0 != ":" }.dropFirst(2))
    }
    return "An unknown CPU"
  }
}
