/// The tag that says how an image is to be turned (TIFF 6.0, section 8: Orientation, 274; Exif 3.0, 4.5 for how tags lie).
enum EXIFOrientation {
  /// 1 to 8, or nil where `bytes` are no Exif or have no such tag.
  static func read(_ bytes: RawSpan) -> Int? {
    // Some writers leave the marker of the JPEG that it comes from.
    let start = bytes.byteCount >= 6 && bytes.uint32(0) == 0x4578_6966 ? 6 : 0
    guard bytes.byteCount >= start + 8 else { return nil }
    let isLittle: Bool
    switch bytes.uint32(start) {
    case 0x4949_2a00: isLittle = true
    case 0x4d4d_002a: isLittle = false
    default: return nil
    }
    let word = bytes.uint32(start + 4)
    let directory = start + Int(isLittle ? word.byteSwapped : word)
    guard directory >= start + 8 && directory <= bytes.byteCount - 2 else { return nil }
    let count = min(uint16(bytes, directory, isLittle), (bytes.byteCount - directory - 2) / 12)
    for i in 0..<count {
      let entry = directory + 2 + 12 * i
      // One number of two bytes stands in the entry itself.
      guard uint16(bytes, entry, isLittle) == 274 else { continue }
      guard uint16(bytes, entry + 2, isLittle) == 3 else { return nil }
      let value = uint16(bytes, entry + 8, isLittle)
      return (1...8).contains(value) ? value : nil
    }
    return nil
  }

  private static func uint16(_ bytes: RawSpan, _ at: Int, _ isLittle: Bool) -> Int {
    let (first, second) = (Int(bytes.uint8(at)), Int(bytes.uint8(at + 1)))
    return isLittle ? second << 8 | first : first << 8 | second
  }
}
