import Kernels

/// A document in 16 bytes, as `rival_summary` of `Shims/rival.h` has it.
struct Summary {
  private enum Tag: UInt64 {
    case null = 1
    case `false`, `true`, number, string, array, object
  }

  private var values: UInt64 = 0
  private var hash: UInt64 = 0

  init(_ value: borrowing JSONValue) { add(value) }

  var bytes: [UInt8] {
    [values, hash].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) } }
  }

  private mutating func mix(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01b3 }

  private mutating func add(_ value: borrowing JSONValue) {
    values += 1
    switch value.kind {
    case .null: mix(Tag.null.rawValue)
    case .false: mix(Tag.false.rawValue)
    case .true: mix(Tag.true.rawValue)
    case .number:
      mix(Tag.number.rawValue)
      mix((value.double ?? .nan).bitPattern)
    case .string: add(value.string ?? "")
    case .array:
      mix(Tag.array.rawValue)
      mix(UInt64(value.count))
      var elements = value.elements
      while let element = elements.next() { add(element) }
    case .object:
      mix(Tag.object.rawValue)
      mix(UInt64(value.count))
      var members = value.members
      while let member = members.next() {
        add(member.key.string ?? "")
        add(member.value)
      }
    }
  }

  private mutating func add(_ text: String) {
    mix(Tag.string.rawValue)
    for byte in text.utf8 { mix(UInt64(byte)) }
  }
}
