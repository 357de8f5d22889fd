/// A value of a document, for as long as the document stands.
@safe
@frozen
public struct JSONValue: ~Escapable {
  @usableFromInline package let tape: JSONTape
  @usableFromInline package let index: Int

  @_lifetime(immortal)
  @unsafe
  @inlinable
  init(_ tape: JSONTape, _ index: Int) {
    unsafe self.tape = tape
    self.index = index
  }

  @_lifetime(copy self)
  @inlinable
  func value(_ index: Int) -> JSONValue { unsafe _overrideLifetime(JSONValue(tape, index), copying: self) }

  @inlinable @inline(__always)
  public var kind: JSONKind { unsafe tape.kind(index) }

  /// The bytes of the value in the text, quotes and brackets included.
  @inlinable
  public var raw: RawSpan {
    @_lifetime(copy self)
    get { unsafe _overrideLifetime(RawSpan(_unsafeBytes: tape.raw(index)), copying: self) }
  }

  @inlinable
  public var isNull: Bool { kind == .null }

  /// nil where it is neither `true` nor `false`.
  @inlinable
  public var bool: Bool? { kind == .true ? true : kind == .false ? false : nil }

  /// The value of a number without fraction and exponent that fits; nil for all else.
  @inlinable @inline(__always)
  public var int64: Int64? { kind == .number ? unsafe tape.int64(index) : nil }

  /// The value of a number without fraction and exponent that fits; nil for all else.
  @inlinable @inline(__always)
  public var uint64: UInt64? { kind == .number ? unsafe tape.uint64(index) : nil }

  /// The double nearest to a number, ties to even; infinity past the range, nil where it is no number.
  @inlinable @inline(__always)
  public var double: Double? { kind == .number ? unsafe tape.double(index) : nil }

  /// Appends the elements of an array of numbers, each as ``double`` has it; false, with nothing done, where this is no such array, or the
  /// room is not enough: ``count`` is, and is asked for.
  ///
  /// - Complexity: O(n) in the bytes of the array. No allocation.
  @inlinable @inline(__always)
  public func doubles(into out: inout OutputSpan<Double>) -> Bool {
    unsafe out.withUnsafeMutableBufferPointer { memory, count in
      guard let start = memory.baseAddress else { return kind == .array && self.count == 0 }
      let made = unsafe tape.doubles(index, start + count, room: memory.count &- count)
      count &+= max(made, 0)
      return made >= 0
    }
  }

  /// What a string stands for; nil where it is none. Allocates.
  public var string: String? { kind == .string ? unsafe JSONUnescape.string(tape.raw(index)) : nil }

  /// Elements or members; 0 for what is no container.
  @inlinable
  public var count: Int { kind.rawValue >= JSONKind.array.rawValue ? unsafe tape.childCount(index) : 0 }

  /// Whether this is a string that stands for `text`.
  @inlinable
  public func equals(_ text: RawSpan) -> Bool {
    unsafe kind == .string && text.withUnsafeBytes { unsafe tape.string(index, equals: $0) }
  }

  /// Appends what a string stands for to `out`; false, with nothing done, where this is no string or the room is not enough.
  ///
  /// Room for the bytes between the quotes, `raw.byteCount - 2`, is always enough, and asked for.
  public func unescape(into out: inout OutputSpan<UInt8>) -> Bool {
    guard kind == .string, unsafe tape.contents(index).count <= out.freeCapacity else { return false }
    unsafe out.withUnsafeMutableBufferPointer { memory, count in
      guard let start = memory.baseAddress else { return }
      count += unsafe tape.unescape(index, start + count)
    }
    return true
  }

  /// The member with this key, compared after unescaping; of duplicates the one that ``JSONOptions/duplicateKeys`` says.
  ///
  /// - Complexity: O(members).
  @inlinable
  public subscript(key: RawSpan) -> JSONValue? {
    @_lifetime(copy self)
    get {
      guard kind == .object else { return nil }
      let found = unsafe key.withUnsafeBytes { unsafe tape.member(index, $0) }
      return found < 0 ? nil : value(found)
    }
  }

  /// The member with this key, compared after unescaping; of duplicates the one that ``JSONOptions/duplicateKeys`` says.
  @inlinable
  public subscript(key: String) -> JSONValue? {
    @_lifetime(copy self)
    get {
      guard kind == .object else { return nil }
      var key = key
      let found = key.withUTF8 { unsafe tape.member(index, UnsafeRawBufferPointer($0)) }
      return found < 0 ? nil : value(found)
    }
  }

  /// The element at this place, from 0. - Complexity: O(place): to read all, use ``elements``.
  @inlinable
  public subscript(place: Int) -> JSONValue? {
    @_lifetime(copy self)
    get {
      guard kind == .array && place >= 0 else { return nil }
      let found = unsafe tape.element(index, place)
      return found < 0 ? nil : value(found)
    }
  }

  /// The elements of an array, in turn; none for what is no array.
  @inlinable @inline(__always)
  public var elements: JSONElements {
    @_lifetime(copy self)
    @inline(__always) get { JSONElements(self) }
  }

  /// The members of an object, in turn and all of them, duplicates too; none for what is no object.
  @inlinable @inline(__always)
  public var members: JSONMembers {
    @_lifetime(copy self)
    @inline(__always) get { JSONMembers(self) }
  }
}

/// The elements of an array: `while let element = elements.next() { ... }`. Allocates nothing.
@safe
@frozen
public struct JSONElements: ~Escapable {
  @usableFromInline let tape: JSONTape
  @usableFromInline var at: Int
  @usableFromInline let end: Int

  @_lifetime(copy array)
  @inlinable @inline(__always)
  init(_ array: JSONValue) {
    unsafe tape = array.tape
    at = array.index + 1
    end = array.kind == .array ? unsafe array.tape.next(array.index) : at
  }

  @_lifetime(copy self)
  @inlinable @inline(__always)
  public mutating func next() -> JSONValue? {
    guard at < end else { return nil }
    let value = unsafe _overrideLifetime(JSONValue(tape, at), copying: self)
    at = unsafe tape.next(at)
    return value
  }
}

/// One member of an object.
@frozen
public struct JSONMember: ~Escapable {
  /// A string.
  public let key: JSONValue
  public let value: JSONValue

  @_lifetime(copy key, copy value)
  @inlinable
  init(key: JSONValue, value: JSONValue) {
    self.key = key
    self.value = value
  }
}

/// The members of an object: `while let member = members.next() { ... }`. Allocates nothing.
@safe
@frozen
public struct JSONMembers: ~Escapable {
  @usableFromInline let tape: JSONTape
  @usableFromInline var at: Int
  @usableFromInline let end: Int

  @_lifetime(copy object)
  @inlinable @inline(__always)
  init(_ object: JSONValue) {
    unsafe tape = object.tape
    at = object.index + 1
    end = object.kind == .object ? unsafe object.tape.next(object.index) : at
  }

  @_lifetime(copy self)
  @inlinable @inline(__always)
  public mutating func next() -> JSONMember? {
    guard at < end else { return nil }
    let key = unsafe _overrideLifetime(JSONValue(tape, at), copying: self)
    let value = unsafe _overrideLifetime(JSONValue(tape, at + 1), copying: self)
    at = unsafe tape.next(at + 1)
    return JSONMember(key: key, value: value)
  }
}
