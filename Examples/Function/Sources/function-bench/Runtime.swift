/// One way to serve the functions: the executable, and what it is started with.
struct Runtime {
  let name: String
  let words: [String]
  var environment: [String: String] = [:]

  /// All that serve a workload, the kernels first.
  static func all(of workload: Workload, _ options: Options) -> [Runtime] {
    guard let own = options.own(of: workload.function) else { return [] }
    var all = [Runtime(name: "Kernels", words: [own])]
    if workload.function == .least { return all }
    if let python = options.python {
      // One thread each, as a function of less than 1,770 MB has one CPU at most.
      let threads = ["OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"]
      all.append(
        Runtime(name: "Python", words: [python, options.comparators + "/python/bootstrap.py"], environment: threads))
    }
    if let node = options.node {
      all.append(Runtime(name: "Node", words: [node, options.comparators + "/node/bootstrap.mjs"]))
    }
    return all
  }

  /// The loop alone.
  static func least(_ options: Options) -> Runtime? { options.least.map { Runtime(name: "Loop", words: [$0]) } }
}
