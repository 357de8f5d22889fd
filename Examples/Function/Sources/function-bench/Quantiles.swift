/// Order statistics, by the nearest rank.
struct Quantiles {
  private let sorted: [UInt64]

  init(_ values: some Sequence<UInt64>) { sorted = values.sorted() }

  /// The value below which the fraction `q` lies; 0 of nothing.
  func at(_ q: Double) -> UInt64 {
    if sorted.isEmpty { return 0 }
    return sorted[max(0, min(sorted.count - 1, Int((q * Double(sorted.count)).rounded(.up)) - 1))]
  }

  var median: UInt64 { at(0.5) }
}

/// A number with so many digits behind the point.
func decimal(_ value: Double, _ digits: Int) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let scaled = (abs(value) * scale).rounded()
  let whole = Int(scaled / scale)
  let rest = String(Int(scaled - Double(whole) * scale))
  let sign = value < 0 && scaled > 0 ? "-" : ""
  if digits == 0 { return "\(sign)\(whole)" }
  return "\(sign)\(whole)." + String(repeating: "0", count: digits - rest.count) + rest
}
