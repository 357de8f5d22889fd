/// A kernel at sizes between those that `run` measures: chosen by their working sets, the samples of all in random order.
package enum CaseSweep {
  /// The series that `subject` names: by its own name, its name with a row, or the name of one of its cases.
  ///
  /// - Throws: ``BenchError`` when there is none, or none of those has a working set that grows with the size.
  package static func series(_ subject: String, in all: [CaseSeries]) throws(BenchError) -> [CaseSeries] {
    let named = all.filter { series in
      series.name == subject || series.title == subject || series.points.contains { series.name($0) == subject }
    }
    return try sweepable(named, of: all, what: named.isEmpty ? "no case or series is called \(subject)" : subject)
  }

  /// The series with a case that `selection` selects.
  package static func series(_ selection: Selection, in all: [CaseSeries]) throws(BenchError) -> [CaseSeries] {
    let selected = all.filter { series in series.points.contains { selection.contains(series.name($0)) } }
    if selected.isEmpty { throw selection.noneSelected }
    return try sweepable(selected, of: all, what: "what is selected")
  }

  private static func sweepable(
    _ series: [CaseSeries], of all: [CaseSeries], what: String
  ) throws(BenchError) -> [CaseSeries] {
    let result = series.filter { $0.workingSet != nil }
    if !result.isEmpty { return result }
    var names: [String] = []
    for series in all where series.workingSet != nil && !names.contains(series.name) { names.append(series.name) }
    let problem = series.isEmpty ? what : "\(what) has no sweep over the working set"
    throw BenchError("\(problem); these have one: \((names + ["memory"]).joined(separator: ", "))")
  }

  /// The cases of a series at `workingSets`, each size once, without ceilings.
  package static func cases(_ series: CaseSeries, workingSets: [Int], peers: Bool) -> [BenchmarkCase] {
    var sizes: [Int] = []
    for size in workingSets.compactMap({ series.size(workingSet: $0) }) where size != sizes.last { sizes.append(size) }
    return sizes.map { size in
      let benchmark = series.benchmark(.init(size))
      return (peers ? benchmark : benchmark.withoutPeers).compared(ceiling: .none(reason: "a sweep compares sizes"))
    }
  }

  /// A curve for each series and contender.
  package static func curves(_ results: [CaseResult], caches: CacheTopology) -> [SweepReport.Curve] {
    var keys: [(series: String, contender: String)] = []
    var points: [[SweepReport.Point]] = []
    var units: [String] = []
    for result in results {
      for contender in result.contenders {
        let key = (result.series, contender.samples.name)
        let index = keys.firstIndex { $0 == key } ?? keys.count
        if index == keys.count {
          keys.append(key)
          points.append([])
          units.append(result.unit.rawValue)
        }
        points[index].append(
          .init(workingSet: result.workingSet ?? result.size, size: result.size, samples: contender.samples.speeds))
      }
    }
    return zip(zip(keys, points), units).map { item, unit in
      let ((series, contender), points) = item
      // "sgemm/f32_gemm_6x16_avx2" names its row already.
      let name = series.hasSuffix(contender) ? series : "\(series) \(contender)"
      return .init(name: name, unit: unit, points: points, caches: caches)
    }
  }
}
