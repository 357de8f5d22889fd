// Measures the functions, and the same functions in other languages, as their service meets them: through the runtime API. It writes samples;
// `kernel-bench functions` runs it and makes the report.
//
// function-bench --bootstrap PATH [--least PATH] [--database PATH --database-url WORDS] [--python PATH] [--node PATH]
//                [--comparators DIRECTORY] [--count 10000] [--cold 50] [--sweep 100] [--workload NAME] [--samples FILE] [--soak SECONDS]
import RuntimeAPIDouble

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

do {
  let options = try Options(CommandLine.arguments.dropFirst())
  if let seconds = options.soak {
    try Soak.run(seconds: seconds, options)
  } else {
    let samples = Samples(
      options: options, results: try options.workloads.map { try WorkloadResult.measure($0, options) })
    if let path = options.samples { try writeFile(path, samples.json) }
  }
} catch {
  progress("function-bench: \(error)")
  exit(1)
}
