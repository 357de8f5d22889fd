/// Why bytes are not a sketch that can be read.
public struct SketchError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: String, Hashable, Sendable {
    case truncated = "the bytes end early"
    case otherFormat = "the bytes are not a sketch of this kind"
    case corrupt = "the sketch contradicts itself"
  }

  public let reason: Reason
  /// Where in the bytes.
  public let byteOffset: Int

  public var description: String { "\(reason.rawValue), at byte \(byteOffset)" }

  init(_ reason: Reason, at byteOffset: Int) { (self.reason, self.byteOffset) = (reason, byteOffset) }
}

/// Reads little-endian integers in turn.
@safe
struct SketchReader: ~Escapable {
  let bytes: RawSpan
  var position = 0

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  var remaining: Int { bytes.byteCount - position }

  mutating func read<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type = T.self) throws(SketchError) -> T {
    guard remaining >= MemoryLayout<T>.size else { throw SketchError(.truncated, at: bytes.byteCount) }
    defer { position += MemoryLayout<T>.size }
    return unsafe T(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: position, as: T.self))
  }

  mutating func readDouble() throws(SketchError) -> Double { Double(bitPattern: try read()) }

  /// Throws where there are fewer bytes left.
  func require(_ count: Int) throws(SketchError) {
    if remaining < count { throw SketchError(.truncated, at: bytes.byteCount) }
  }

  func check(_ isRight: Bool, _ reason: SketchError.Reason = .corrupt) throws(SketchError) {
    if !isRight { throw SketchError(reason, at: position) }
  }
}
