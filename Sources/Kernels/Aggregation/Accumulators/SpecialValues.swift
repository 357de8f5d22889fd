/// Which values that are no numbers a sum has seen. Once it has, its finite part does not matter any more.
package struct SpecialValues: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let notANumber = SpecialValues(rawValue: 1)
  package static let positiveInfinity = SpecialValues(rawValue: 2)
  package static let negativeInfinity = SpecialValues(rawValue: 4)
  static let all: SpecialValues = [.notANumber, .positiveInfinity, .negativeInfinity]

  /// Of a value that is not finite.
  package init(_ value: Double) {
    self = value != value ? .notANumber : value > 0 ? .positiveInfinity : .negativeInfinity
  }

  /// The sum of what was seen: NaN wins, and so do both infinities together. nil where nothing was.
  package var sum: Double? {
    if isEmpty { return nil }
    if self == .positiveInfinity { return .infinity }
    return self == .negativeInfinity ? -.infinity : .nan
  }
}
