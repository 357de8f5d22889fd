import RuntimeAPIDouble

/// Pauses for the collection of garbage, as `node --trace-gc` reports them, in a process of its own.
struct Collections {
  let invocations: Int
  /// Milliseconds, of each.
  var pauses: [Double] = []

  static func measure(_ runtime: Runtime, _ workload: Workload, _ options: Options) throws -> Collections {
    let folder = try TemporaryFolder()
    let path = folder.path + "/gc"
    var words = runtime.words
    words.insert("--trace-gc", at: 1)
    var collections = Collections(invocations: min(options.count, 2000))
    do {
      let lane = try Lane(Runtime(name: runtime.name, words: words), workload, options, output: path)
      for _ in 0..<collections.invocations { lane.call() }
    }
    for line in (readText(path) ?? "").split(separator: "\n") {
      if let pause = pause(line) { collections.pauses.append(pause) }
    }
    return collections
  }

  /// "[71:0x…]  95 ms: Scavenge 6.0 (6.4) -> 5.2 (7.4) MB, 0.91 / 0.00 ms  (average mu = …": the number before the slash.
  private static func pause(_ line: Substring) -> Double? {
    guard line.contains(" MB, "), let slash = line.firstRange(of: " / ") else { return nil }
    return line[..<slash.lowerBound].split(separator: " ").last.flatMap { Double($0) }
  }
}
