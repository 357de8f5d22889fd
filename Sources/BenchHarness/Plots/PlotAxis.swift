#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What runs along one side of a plot.
package struct PlotAxis: Hashable, Sendable {
  package let label: String
  package let scale: Scale
  package let figures: Figures

  package init(_ label: String, scale: Scale = .linear, figures: Figures = .plain) {
    (self.label, self.scale, self.figures) = (label, scale, figures)
  }

  package enum Scale: Hashable, Sendable {
    case linear
    /// Ticks at powers of two: for sizes.
    case log2
    /// Ticks at 1, 2 and 5 times powers of ten.
    case log10
  }

  /// How ticks are written.
  package enum Figures: Hashable, Sendable {
    case plain
    case bytes
    /// Of nanoseconds.
    case time
    /// Of a fraction.
    case percent
  }

  /// Whether a value has a place on it: a number, not absurdly large, and positive where the scale is logarithmic.
  package func accepts(_ value: Double) -> Bool {
    guard value.isFinite, abs(value) < 1e200 else { return false }
    return scale == .linear || value > 1e-200
  }

  /// A tick's label: "32 KiB" where ``Format`` has "32.0 KiB".
  package func text(_ value: Double) -> String {
    let text: String
    switch figures {
    case .plain:
      // 0.005 has its digits; ``Format/significant(_:)`` would leave two.
      text = value != 0 && abs(value) < 0.1 ? value.description : Format.significant(value)
    case .bytes: text = Format.bytes(value)
    case .time: text = Format.time(value)
    case .percent: text = Format.percent(value)
    }
    let parts = text.split(separator: " ", maxSplits: 1)
    guard let number = parts.first, number.contains("."), !number.contains("e") else { return text }
    var trimmed = number
    while trimmed.last == "0" { trimmed.removeLast() }
    if trimmed.last == "." { trimmed.removeLast() }
    return ([trimmed] + parts.dropFirst()).joined(separator: " ")
  }
}

/// An axis with the range that it shows.
struct PlotScale {
  let axis: PlotAxis
  let lower: Double
  let upper: Double
  let ticks: [Double]

  /// - Parameters:
  ///   - values: what must be shown; those that the axis does not accept are left out.
  ///   - isRounded: the range ends at ticks, or just beside them; otherwise with the values.
  ///   - most: ticks, at most.
  init(_ axis: PlotAxis, values: [Double], isRounded: Bool = true, most: Int = 9) {
    let shown = values.filter(axis.accepts)
    var low = shown.min() ?? (axis.scale == .linear ? 0 : 1)
    var high = shown.max() ?? (axis.scale == .linear ? 1 : 10)
    if axis.scale == .linear {
      if low == high { (low, high) = (low - max(abs(low) / 10, 1e-9), high + max(abs(high) / 10, 1e-9)) }
      let step = Self.niceStep((high - low) / Double(max(2, most) - 1))
      if isRounded { (low, high) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step) }
      // By whole numbers, so that errors do not add up.
      let (first, last) = ((low / step - 1e-9).rounded(.up), (high / step + 1e-9).rounded(.down))
      ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    } else {
      if low == high { (low, high) = (low / 2, high * 2) }
      let all = Self.powers(axis.scale, from: low, to: high, most: most)
      if isRounded {
        low = all.last { $0 <= low } ?? low
        high = all.first { $0 >= high } ?? high
      }
      let inside = all.filter { $0 >= low && $0 <= high }
      ticks = inside.isEmpty ? [low, high] : inside
    }
    self.axis = axis
    (lower, upper) = (low, high)
  }

  /// 0 at the lower end and 1 at the upper.
  func fraction(_ value: Double) -> Double {
    let fraction =
      axis.scale == .linear ? (value - lower) / (upper - lower) : log(value / lower) / log(upper / lower)
    return min(max(fraction, -1), 2)
  }

  func contains(_ value: Double) -> Bool { axis.accepts(value) && lower <= value && value <= upper }

  /// The least of 1, 2 and 5 times a power of ten that is no less than `step`
  /// (Heckbert, "Nice Numbers for Graph Labels", Graphics Gems, 1990).
  static func niceStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    let multiple = [1.0, 2, 5].first { $0 * power >= step * (1 - 1e-9) } ?? 10
    return multiple * power
  }

  /// Ticks of a logarithmic axis with one beyond either end.
  private static func powers(_ scale: PlotAxis.Scale, from low: Double, to high: Double, most: Int) -> [Double] {
    let base = scale == .log2 ? 2.0 : 10
    let first = Int((log(low) / log(base)).rounded(.down)) - 1
    let last = Int((log(high) / log(base)).rounded(.up)) + 1
    if scale == .log10 {
      let fine = (first...last).flatMap { exponent in [1.0, 2, 5].map { $0 * pow(10, Double(exponent)) } }
      if fine.count(where: { $0 >= low && $0 <= high }) <= most { return fine }
    }
    var every = 1
    while (last - first) / every > most { every += 1 }
    // Multiples of `every`, so that the ticks of sizes are 4 KiB, 16 KiB, 64 KiB whatever the range.
    let start = first >= 0 ? first / every : (first - every + 1) / every
    return (start...last / every + 1).map { pow(base, Double($0 * every)) }
  }
}
