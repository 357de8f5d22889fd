/// The tag that says how an image is to be turned (TIFF 6.0, section 8: Orientation, 274; Exif 3.0, 4.5 for how tags lie).
enum EXIFOrientation {
  /// 1 to 8, or nil where `bytes` are no Exif or have no such tag.
  static func read(_ bytes: RawSpan) -> Int? {
    var bytes = bytes
    // Some writers leave the marker of the JPEG that it comes from.
    if bytes.byteCount >= 6 && bytes.uint32(0) == 0x4578_6966 { bytes = bytes.extracting(6..<bytes.byteCount) }
    guard bytes.byteCount >= 8 else { return nil }
    let isLittle: Bool
    switch bytes.uint32(0) {
    case 0x4949_2a00: isLittle = true
    case 0x4d4d_002a: isLittle = false
    default: return nil
    }
    func uint16(_ at: Int) -> Int {
      let (first, second) = (Int(bytes.uint8(at)), Int(bytes.uint8(at + 1)))
      return isLittle ? second << 8 | first : first << 8 | second
    }
    let word = bytes.uint32(4)
    let directory = Int(isLittle ? word.byteSwapped : word)
    guard directory >= 8 && directory <= bytes.byteCount - 2 else { return nil }
    let count = min(uint16(directory), (bytes.byteCount - directory - 2) / 12)
    for i in 0..<count {
      let entry = directory + 2 + 12 * i
      // One number of two bytes stands in the entry itself.
      guard uint16(entry) == 274 else { continue }
      guard uint16(entry + 2) == 3 else { return nil }
      let value = uint16(entry + 8)
      return (1...8).contains(value) ? value : nil
    }
    return nil
  }
}
