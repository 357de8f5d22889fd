/// Whether two byte strings are equal, in a time that depends on their lengths alone: for tags, tokens and passwords.
///
/// - Returns: false for different lengths, which are no secret.
/// - Complexity: O(n), wherever the two differ.
@inlinable
public func equalInConstantTime(_ a: RawSpan, _ b: RawSpan) -> Bool {
  unsafe a.withUnsafeBytes { a in unsafe b.withUnsafeBytes { b in unsafe equalInConstantTime(a, b) } }
}

/// Whether two byte strings are equal, in a time that depends on their lengths alone: for tags, tokens and passwords.
///
/// - Both must be readable for their whole counts; no alignment is required.
/// - Returns: false for different lengths, which are no secret.
/// - Complexity: O(n), wherever the two differ.
@unsafe @inlinable
public func equalInConstantTime(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
  guard a.count == b.count else { return false }
  var difference: UInt64 = 0
  var i = 0
  while i &+ 8 <= a.count {
    unsafe difference |=
      a.loadUnaligned(fromByteOffset: i, as: UInt64.self) ^ b.loadUnaligned(fromByteOffset: i, as: UInt64.self)
    i &+= 8
  }
  while i < a.count {
    unsafe difference |= UInt64(a[i] ^ b[i])
    i &+= 1
  }
  return difference == 0
}
