/// Figures for people: three significant digits and a unit.
package enum Format {
  /// Nanoseconds as ns, us, ms or s.
  package static func time(_ nanoseconds: Double) -> String {
    scaled(nanoseconds, [(1, "ns"), (1e3, "us"), (1e6, "ms"), (1e9, "s")])
  }

  /// Bytes in powers of 1024.
  package static func bytes(_ bytes: Double) -> String {
    scaled(bytes, [(1, "B"), (1024, "KiB"), (1048576, "MiB"), (1_073_741_824, "GiB")])
  }

  /// "0.4 %".
  package static func percent(_ fraction: Double) -> String { fixed(100 * fraction, digits: 1) + " %" }

  /// "1.04x".
  package static func ratio(_ ratio: Double) -> String {
    (ratio < 100 ? fixed(ratio, digits: 2) : significant(ratio)) + "x"
  }

  /// Calls or bytes per call: whole numbers as they are, others with two digits.
  package static func count(_ count: Double) -> String {
    if count >= 1e6 { return significant(count) }
    return fixed(count, digits: count == count.rounded() ? 0 : 2)
  }

  /// Three significant digits; whole numbers above 100 in full.
  package static func significant(_ value: Double) -> String {
    let size = abs(value)
    return fixed(value, digits: size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2)
  }

  /// For programs: the fewest digits that give the same number again; whole numbers without a point.
  package static func exact(_ value: Double) -> String { Int(exactly: value)?.description ?? value.description }

  /// With `digits` digits after the point.
  package static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return value.description }
    guard abs(value) < 1e15 else { return value.description }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((abs(value) * scale).rounded())
    let sign = value < 0 && whole != 0 ? "-" : ""
    guard digits > 0 else { return sign + whole.description }
    let text = whole.description
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }

  private static func scaled(_ value: Double, _ units: [(size: Double, name: String)]) -> String {
    // The largest unit of which there is at least one, as it will be printed.
    let unit = units.last { abs(value) >= 0.9995 * $0.size } ?? units[0]
    let number = value / unit.size
    let isWhole = unit.size == 1 && number == number.rounded()
    return (isWhole ? fixed(number, digits: 0) : significant(number)) + " " + unit.name
  }
}

extension String {
  /// Cut with an ellipsis to at most `width` columns.
  package func cut(_ width: Int) -> String {
    count <= width ? self : width <= 0 ? "" : prefix(width - 1) + "\u{2026}"
  }

  /// Filled with spaces, or cut, to `width` columns.
  package func padded(_ width: Int) -> String {
    count < width ? self + String(repeating: " ", count: width - count) : cut(width)
  }

  /// Filled with spaces on the left to `width` columns.
  package func leftPadded(_ width: Int) -> String {
    count >= width ? self : String(repeating: " ", count: width - count) + self
  }
}
