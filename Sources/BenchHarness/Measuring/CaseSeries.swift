/// A kernel at every size: the cases that `run` measures, and any other between them that a sweep asks for.
package struct CaseSeries {
  /// "sgemm"; a case is called by it, its point's label and the suffix: "sgemm/1024".
  package let name: String
  /// What comes after the label where a row of the dispatch table is named: "/f32_gemm_6x16_avx2".
  package let suffix: String
  /// The sizes that `run` measures, ascending.
  package let points: [Point]
  /// Bytes that a call at a size touches, never less at a larger size; nil where a sweep makes no sense.
  package let workingSet: ((Int) -> Int)?
  private let make: (Point, String) -> BenchmarkCase

  /// - Parameter make: the case at a point, by the name it is given. Called for those alone that are measured.
  package init(
    name: String, suffix: String = "", points: [Point], workingSet: ((Int) -> Int)? = nil,
    make: @escaping (_ point: Point, _ name: String) -> BenchmarkCase
  ) {
    self.name = name
    self.suffix = suffix
    self.points = points
    self.workingSet = workingSet
    self.make = make
  }

  package struct Point: Hashable, Sendable {
    package let label: String
    package let size: Int
    /// Whether a call takes seconds: then it is measured where a filter asks for it, and not among all cases.
    package let isLong: Bool

    package init(_ size: Int, label: String? = nil, isLong: Bool = false) {
      (self.size, self.label, self.isLong) = (size, label ?? size.description, isLong)
    }
  }

  /// Series and row, without a size.
  package var title: String { name + suffix }

  package func name(_ point: Point) -> String { "\(name)/\(point.label)\(suffix)" }

  package func benchmark(_ point: Point) -> BenchmarkCase { make(point, name(point)) }

  /// The largest size whose working set is no larger than `bytes`; nil where even size 1 is.
  package func size(workingSet bytes: Int) -> Int? {
    guard let workingSet, workingSet(1) <= bytes else { return nil }
    var (fits, exceeds) = (1, 2)
    while workingSet(exceeds) <= bytes { (fits, exceeds) = (exceeds, 2 * exceeds) }
    while exceeds - fits > 1 {
      let middle = (fits + exceeds) / 2
      if workingSet(middle) <= bytes { fits = middle } else { exceeds = middle }
    }
    return fits
  }
}

extension Selection {
  /// The cases of `series` that it selects, in their order. What takes long is selected by a filter alone.
  ///
  /// - Throws: ``BenchError`` when it selects none.
  package func cases(_ series: [CaseSeries]) throws(BenchError) -> [BenchmarkCase] {
    let selected = series.flatMap { series in
      series.points.filter { contains(series.name($0)) && (isFiltering || !$0.isLong) }.map { series.benchmark($0) }
    }
    if selected.isEmpty { throw noneSelected }
    return selected
  }
}
