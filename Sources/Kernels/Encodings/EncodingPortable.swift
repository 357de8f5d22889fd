import CKernels

/// The row of every CPU, by whole groups: a byte or two digits, three bytes or four characters. It also ends what the
/// others began.
enum EncodingPortable {
  static func hexEncode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, _ text: UnsafeMutablePointer<UInt8>, _ digits: UnsafePointer<UInt8>
  ) -> Int {
    for i in 0..<count {
      unsafe text[2 &* i] = digits[Int(bytes[i] >> 4)]
      unsafe text[2 &* i &+ 1] = digits[Int(bytes[i] & 15)]
    }
    return count
  }

  /// Up to the pair that holds something that is no digit.
  static func hexDecode(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ bytes: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var i = 0
    while i &+ 2 <= count {
      let (high, low) = unsafe (hexValue(text[i]), hexValue(text[i &+ 1]))
      guard high | low < 16 else { break }
      unsafe bytes[i / 2] = high << 4 | low
      i &+= 2
    }
    return i
  }

  /// What a digit of either case stands for; 255 for anything else.
  @inline(__always)
  static func hexValue(_ character: UInt8) -> UInt8 {
    let decimal = character &- UInt8(ascii: "0")
    if decimal < 10 { return decimal }
    let letter = (character | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter &+ 10 : 255
  }

  static func base64Encode(
    _ bytes: UnsafePointer<UInt8>, _ count: Int, _ text: UnsafeMutablePointer<UInt8>,
    _ tables: UnsafePointer<ck_base64_tables>
  ) -> Int {
    let alphabet = unsafe tables.alphabet
    var (i, o) = (0, 0)
    while i &+ 3 <= count {
      let group = unsafe UInt32(bytes[i]) << 16 | UInt32(bytes[i &+ 1]) << 8 | UInt32(bytes[i &+ 2])
      unsafe text[o] = alphabet[Int(group >> 18)]
      unsafe text[o &+ 1] = alphabet[Int(group >> 12 & 63)]
      unsafe text[o &+ 2] = alphabet[Int(group >> 6 & 63)]
      unsafe text[o &+ 3] = alphabet[Int(group & 63)]
      i &+= 3
      o &+= 4
    }
    return i
  }

  /// Up to the group that holds something that is not of the alphabet.
  static func base64Decode(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ bytes: UnsafeMutablePointer<UInt8>,
    _ tables: UnsafePointer<ck_base64_tables>
  ) -> Int {
    let values = unsafe tables.values
    var (i, o) = (0, 0)
    while i &+ 4 <= count {
      let (a, b, c, d) = unsafe (text[i], text[i &+ 1], text[i &+ 2], text[i &+ 3])
      guard a | b | c | d < 128 else { break }
      let (first, second) = unsafe (values[Int(a)], values[Int(b)])
      let (third, fourth) = unsafe (values[Int(c)], values[Int(d)])
      guard first | second | third | fourth < 64 else { break }
      unsafe bytes[o] = first << 2 | second >> 4
      unsafe bytes[o &+ 1] = second << 4 | third >> 2
      unsafe bytes[o &+ 2] = third << 6 | fourth
      i &+= 4
      o &+= 3
    }
    return i
  }
}
