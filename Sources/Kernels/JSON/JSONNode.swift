/// What a value is.
@frozen
public enum JSONKind: UInt8, Sendable, Hashable, BitwiseCopyable {
  case null = 0
  case `false` = 1
  case `true` = 2
  case number = 3
  case string = 4
  case array = 5
  case object = 6
}

/// One value, or one key, of a document's tape: 16 bytes.
///
/// The tape holds the nodes in the order of the text. A container's node is followed by those of what is in it; an object's members
/// are a key (a string) and a value each, in turn. Nothing marks a container's end: ``next`` jumps over it.
///
/// | word | bits | what |
/// |---|---|---|
/// | `range` | 0 ..< 32 | offset of the first byte of the raw text in the source |
/// | | 32 ..< 64 | offset after its last byte: quotes and brackets belong to it |
/// | `link` | 0 ..< 3 | the kind |
/// | | 3 | string: has a backslash. number: has neither fraction nor exponent |
/// | | 8 ..< 32 | container: elements, or members; 2^24 - 1 stands for that many or more |
/// | | 32 ..< 64 | index of the node after this value and all that is in it |
@usableFromInline
package struct JSONNode: BitwiseCopyable, Sendable {
  @usableFromInline package var range: UInt64
  @usableFromInline package var link: UInt64

  @inline(__always)
  init(begin: Int, end: Int, kind: JSONKind, flag: Bool, next: Int) {
    range = UInt64(truncatingIfNeeded: begin) | UInt64(truncatingIfNeeded: end) << 32
    link = UInt64(kind.rawValue) | (flag ? 8 : 0) | UInt64(truncatingIfNeeded: next) << 32
  }

  /// Makes a container, of which only the begin is known, whole.
  @inline(__always)
  @unsafe
  static func close(_ node: UnsafeMutablePointer<JSONNode>, end: Int, isObject: Bool, count: UInt64, next: UInt64) {
    let raw = UnsafeMutableRawPointer(node)
    let kind = UInt64(JSONKind.array.rawValue) &+ (isObject ? 1 : 0)
    // Nothing is read: what was written just now, and wider, may still be on its way.
    unsafe raw.storeBytes(of: UInt32(truncatingIfNeeded: end).littleEndian, toByteOffset: 4, as: UInt32.self)
    unsafe node.pointee.link = kind | min(count, UInt64(maximumCount)) << 8 | next << 32
  }

  @inlinable @inline(__always) package var begin: Int { Int(truncatingIfNeeded: range & 0xffff_ffff) }
  @inlinable @inline(__always) package var end: Int { Int(truncatingIfNeeded: range >> 32) }
  @inlinable @inline(__always) package var kind: JSONKind {
    unsafe unsafeBitCast(UInt8(truncatingIfNeeded: link & 7), to: JSONKind.self)
  }
  /// A string with a backslash.
  @inlinable @inline(__always) package var hasEscapes: Bool { link & 8 != 0 }
  /// A number without fraction and exponent.
  @inlinable @inline(__always) package var isInteger: Bool { link & 8 != 0 }
  @inlinable @inline(__always) package var next: Int { Int(truncatingIfNeeded: link >> 32) }
  /// Elements or members, up to ``maximumCount``, which stands for that many or more.
  @inlinable @inline(__always) package var saturatedCount: Int { Int(truncatingIfNeeded: link >> 8 & 0xff_ffff) }

  @inlinable package static var maximumCount: Int { 0xff_ffff }
}
