import RuntimeAPIDouble

/// Whether the runtimes gave equal answers: what they mean, which Comparators/compare.py knows.
enum Comparison {
  /// A word for each answer: "equal", or what is the matter.
  static func verdicts(
    _ workload: Workload, _ answers: [(runtime: String, bytes: [UInt8])], _ options: Options
  ) throws -> [String] {
    if answers.count < 2 { return answers.map { _ in "alone" } }
    guard let python = options.python else { return answers.map { _ in "not compared: there is no Python" } }
    let folder = try TemporaryFolder()
    for answer in answers { try writeFile("\(folder.path)/\(workload.name).\(answer.runtime).json", answer.bytes) }
    let path = folder.path + "/verdicts"
    var process = try FunctionProcess(
      [python, options.comparators + "/compare.py", folder.path], environment: ["PATH": "/usr/bin:/bin"], quiet: false,
      output: path)
    let code = process.end(within: 60_000)
    let lines = (readText(path) ?? "").split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    return answers.map { answer in
      lines.first { $0.first == answer.runtime }.map { $0.dropFirst().joined(separator: " ") }
        ?? "not compared: compare.py ended with \(code ?? -1)"
    }
  }
}
