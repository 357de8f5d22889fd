// Measures the five functions, and the same functions in other languages, as their service meets them: through the runtime API.
//
// function-bench --bootstrap PATH [--python PATH] [--node PATH] [--comparators DIRECTORY] [--count 10000] [--cold 50]
//                [--workload NAME] [--soak SECONDS] [--answers DIRECTORY] [--report FILE]
import RuntimeAPIDouble

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

do {
  let options = try Options(CommandLine.arguments.dropFirst())
  let runtimes = Runtime.all(options)
  if let seconds = options.soak {
    try Soak.run(runtimes[0], seconds: seconds)
  } else {
    var results: [WorkloadResult] = []
    for workload in Workload.all where options.workload == nil || options.workload == workload.name {
      progress("\(workload.name): \(options.count) invocations of \(runtimes.map(\.name).joined(separator: ", "))")
      results.append(try WorkloadResult.measure(workload, runtimes, options))
    }
    let report = MarkdownReport(options: options, results: results).text
    print(report)
    if let path = options.report { try writeFile(path, Array(report.utf8)) }
  }
} catch {
  progress("\(error)")
  exit(1)
}
