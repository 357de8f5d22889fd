/// JMESPath's functions, and how many arguments each takes.
package enum PlanFunction: UInt8, CaseIterable, Sendable {
  case abs, avg, ceil, contains, endsWith, floor, join, keys, length, map, max, maxBy, merge, min, minBy, notNull
  case reverse, sort, sortBy, startsWith, sum, toArray, toNumber, toString, type, values

  var name: StaticString {
    switch self {
    case .abs: "abs"
    case .avg: "avg"
    case .ceil: "ceil"
    case .contains: "contains"
    case .endsWith: "ends_with"
    case .floor: "floor"
    case .join: "join"
    case .keys: "keys"
    case .length: "length"
    case .map: "map"
    case .max: "max"
    case .maxBy: "max_by"
    case .merge: "merge"
    case .min: "min"
    case .minBy: "min_by"
    case .notNull: "not_null"
    case .reverse: "reverse"
    case .sort: "sort"
    case .sortBy: "sort_by"
    case .startsWith: "starts_with"
    case .sum: "sum"
    case .toArray: "to_array"
    case .toNumber: "to_number"
    case .toString: "to_string"
    case .type: "type"
    case .values: "values"
    }
  }

  var argumentCounts: ClosedRange<Int> {
    switch self {
    case .contains, .endsWith, .join, .map, .maxBy, .minBy, .sortBy, .startsWith: 2...2
    case .merge, .notNull: 1...Int.max
    default: 1...1
    }
  }

  init?(named name: ArraySlice<UInt8>) {
    for function in Self.allCases where function.hasName(name) {
      self = function
      return
    }
    return nil
  }

  private func hasName(_ other: ArraySlice<UInt8>) -> Bool {
    guard name.utf8CodeUnitCount == other.count else { return false }
    return name.withUTF8Buffer { unsafe $0.elementsEqual(other) }
  }
}
