/// One way to serve the functions: the executable, and what it is started with.
struct Runtime {
  let name: String
  let words: [String]
  let environment: [String: String]

  static func all(_ options: Options) -> [Runtime] {
    var all = [Runtime(name: "Kernels", words: [options.bootstrap], environment: [:])]
    if let python = options.python {
      // One thread each, as a function of less than 1,770 MB has one CPU at most.
      let threads = ["OPENBLAS_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"]
      all.append(
        Runtime(name: "Python", words: [python, options.comparators + "/python/bootstrap.py"], environment: threads))
    }
    if let node = options.node {
      all.append(Runtime(name: "Node", words: [node, options.comparators + "/node/bootstrap.mjs"], environment: [:]))
    }
    return all
  }
}
