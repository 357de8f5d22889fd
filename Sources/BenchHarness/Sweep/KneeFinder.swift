#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where a curve over the working set steps down to a lower level of speed, as it does at the size of a cache.
package struct Knee: Hashable, Codable, Sendable {
  /// Bytes of the largest working set that still ran at the level before, and of the smallest at the level behind.
  package let last: Int
  package let first: Int
  /// Speed behind over speed before: below 1.
  package let ratio: Double
  /// "L1", where a cache has about as many bytes.
  package var cache: String?

  package init(last: Int, first: Int, ratio: Double, cache: String? = nil) {
    (self.last, self.first, self.ratio, self.cache) = (last, first, ratio, cache)
  }
}

/// Finds knees: fits levels to the logarithm of speed over that of the size, and reports where one is below the one before.
///
/// The levels are the exact optimum of squared error plus a penalty for each level, by dynamic programming in O(n²) steps
/// (Jackson et al., "An algorithm for optimal partitioning of data on an interval", IEEE Signal Processing Letters 12(2),
/// 2005). The penalty is Schwarz's criterion for steps in noise (Yao, "Estimating the number of change-points via Schwarz'
/// criterion", Statistics and Probability Letters 6, 1988), with the noise taken from differences of neighbours.
package enum KneeFinder {
  /// A fall that is smaller is none.
  static let leastFall = 0.1
  /// Less noise than this in the logarithm is not believed: no kernel runs at the same speed at every size.
  static let leastNoise = 0.02

  /// - Parameters:
  ///   - sizes: bytes, ascending.
  ///   - speeds: as many, positive.
  /// - Returns: in ascending order, without names.
  package static func knees(sizes: [Int], speeds: [Double]) -> [Knee] {
    precondition(sizes.count == speeds.count, "KneeFinder: every size must have a speed")
    let logs = speeds.map { log($0) }
    let levels = levels(logs)
    var result: [Knee] = []
    var before = 0
    while before + 1 < levels.count {
      // Down over short levels, which are the way from one to the next: the curve falls within an octave or more.
      var behind = before + 1
      while behind + 1 < levels.count, levels[behind].mean < levels[behind - 1].mean,
        levels[behind + 1].mean < levels[behind].mean,
        isShort(levels[behind], sizes)
      { behind += 1 }
      let ratio = exp(levels[behind].mean - levels[before].mean)
      if ratio < 1 - leastFall {
        result.append(
          Knee(
            last: sizes[levels[before].points.upperBound - 1], first: sizes[levels[behind].points.lowerBound],
            ratio: ratio))
      }
      before = behind
    }
    return result
  }

  /// Gives each cache's name to the knee that is nearest to its size, and less than an octave away. The last cache's knee
  /// may come up to three octaves before its size: other cores have their part of it, and other guests of a shared host.
  package static func named(_ knees: [Knee], by caches: CacheTopology) -> [Knee] {
    var result = knees
    let levels = (1...4).compactMap { level in caches.dataBytes(level: level).map { (level: level, bytes: $0) } }
    for (index, cache) in levels.enumerated() {
      func octaves(_ knee: Knee) -> Double { log2(knee.middle / Double(cache.bytes)) }
      let lowest = index > 0 && index == levels.count - 1 ? -3.0 : -1
      let near = result.indices.filter {
        result[$0].cache == nil && octaves(result[$0]) > lowest && octaves(result[$0]) < 1
      }
      if let nearest = near.min(by: { abs(octaves(result[$0])) < abs(octaves(result[$1])) }) {
        result[nearest].cache = "L\(cache.level)"
      }
    }
    return result
  }

  struct Level {
    let points: Range<Int>
    let mean: Double
  }

  private static func isShort(_ level: Level, _ sizes: [Int]) -> Bool {
    sizes[level.points.upperBound - 1] <= 2 * sizes[level.points.lowerBound]
  }

  static func levels(_ values: [Double]) -> [Level] {
    guard !values.isEmpty else { return [] }
    var (sums, squares) = ([0.0], [0.0])
    for value in values {
      sums.append(sums[sums.count - 1] + value)
      squares.append(squares[squares.count - 1] + value * value)
    }
    func mean(_ range: Range<Int>) -> Double { (sums[range.upperBound] - sums[range.lowerBound]) / Double(range.count) }
    func error(_ range: Range<Int>) -> Double {
      let mean = mean(range)
      return max(0, squares[range.upperBound] - squares[range.lowerBound] - mean * mean * Double(range.count))
    }

    let noise = max(leastNoise, noise(values))
    let penalty = 6 * noise * noise * log(Double(max(2, values.count)))
    // best[end]: the least cost of the values before `end`; start[end]: where its last level begins.
    var best = [-penalty]
    var start = [0]
    for end in 1...values.count {
      let costs = (0..<end).map { (start: $0, cost: best[$0] + error($0..<end) + penalty) }
      // One range is never empty.
      let least = costs.min { $0.cost < $1.cost } ?? (0, 0)
      best.append(least.cost)
      start.append(least.start)
    }
    var levels: [Level] = []
    var end = values.count
    while end > 0 {
      levels.append(Level(points: start[end]..<end, mean: mean(start[end]..<end)))
      end = start[end]
    }
    return levels.reversed()
  }

  /// The standard deviation of noise around levels, from the median of neighbours' differences, which steps hardly touch;
  /// 1.4826 makes a normal distribution's standard deviation of a median of absolute values.
  private static func noise(_ values: [Double]) -> Double {
    let differences = zip(values, values.dropFirst()).map { abs($1 - $0) }
    guard !differences.isEmpty else { return 0 }
    return 1.4826 * Summary.percentile(50, ofSorted: differences.sorted()) / 2.0.squareRoot()
  }
}

extension Knee {
  /// Between both sizes, by their logarithms.
  package var middle: Double { (Double(last) * Double(first)).squareRoot() }
}
