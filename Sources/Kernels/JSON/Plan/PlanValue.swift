/// A value while a plan runs: a node of the input or of the plan's literals, or something computed. 16 bytes, no reference.
///
/// | place | `body` | `count` |
/// |---|---|---|
/// | source, literals | index in the tape | |
/// | computed string, or number as text | offset in the machine's bytes | bytes |
/// | computed array, object | offset in the machine's values | elements; members, a key and a value each |
/// | integer, double | the number's bits | |
/// | key | index of the plan's key | |
/// | expression | node of the plan | |
package struct PlanValue: BitwiseCopyable, Sendable {
  package var head: UInt64
  package var body: UInt64

  enum Place: UInt8 {
    case source, literals, computed, integer, double, key, expression
  }

  @inline(__always)
  init(_ kind: JSONKind, _ place: Place, _ body: Int, count: Int = 0) {
    head = UInt64(kind.rawValue) | UInt64(place.rawValue) << 4 | UInt64(truncatingIfNeeded: count) << 16
    self.body = UInt64(bitPattern: Int64(body))
  }

  @inline(__always) var kind: JSONKind {
    unsafe unsafeBitCast(UInt8(truncatingIfNeeded: head & 7), to: JSONKind.self)
  }
  @inline(__always) var place: Place {
    unsafe unsafeBitCast(UInt8(truncatingIfNeeded: head >> 4 & 15), to: Place.self)
  }
  @inline(__always) var index: Int { Int(truncatingIfNeeded: body) }
  @inline(__always) var count: Int { Int(truncatingIfNeeded: head >> 16) }
  @inline(__always) var isNull: Bool { head & 0x7 == 0 && place != .expression }
  @inline(__always) var isExpression: Bool { place == .expression }
  @inline(__always) var isTape: Bool { head >> 4 & 15 < 2 }

  static var null: PlanValue { PlanValue(.null, .computed, 0) }

  @inline(__always)
  static func bool(_ value: Bool) -> PlanValue { PlanValue(value ? .true : .false, .computed, 0) }

  @inline(__always)
  static func integer(_ value: Int64) -> PlanValue { PlanValue(.number, .integer, Int(value)) }

  @inline(__always)
  static func double(_ value: Double) -> PlanValue {
    PlanValue(.number, .double, Int(truncatingIfNeeded: value.bitPattern))
  }
}

/// Why a running plan stopped; made into a ``JSONPlanError`` at the door.
enum PlanStop: UInt8, Error {
  case invalidType, invalidValue, pathNotFound, testFailed, output, work, depth
}
