extension HTML {
  /// What figures were measured on, as every kind of document says it.
  package static func machine(_ machine: MachineDescription, _ build: BuildDescription) -> HTML {
    let caches = machine.caches.caches.map { cache in
      "L\(cache.level) \(cache.kind.rawValue) \(Format.bytes(Double(cache.bytes)))"
    }
    let quota = machine.quota.map { "quota of \($0)" } ?? "no quota"
    let rows: [(String, String)] = [
      ("CPU", "\(machine.cpu), \(machine.architecture)"), ("system", machine.system),
      ("CPUs", "\(machine.affinity) by affinity, \(quota)"),
      ("caches", caches.joined(separator: ", ") + " (from \(machine.caches.source))"),
      ("features", machine.featuresActive.replacing(",", with: " ")),
      ("built", "version \(build.version), Swift \(build.swift), \(build.c), \(build.configuration)"),
    ]
    return HTMLTable(
      caption: "Machine and build", columns: [.text("what"), .text("is")],
      rows: rows.map { ["\($0.0)", "<span class=\"wide\">\($0.1)</span>"] }
    ).html
  }
}
