/// The colours of an image, as long as they are no more than a palette holds.
@safe
struct PNGPalette {
  /// Of pixels as numbers of four bytes; a table of 1024 slots of which at most 257 are taken, and the colours in order.
  static let byteCount = 1024 * 8 + 256 * 4

  private let slots: UnsafeMutablePointer<UInt64>
  let colors: UnsafeMutablePointer<UInt32>
  private(set) var count = 0

  /// - `memory` is writable for ``byteCount`` bytes, aligned to 8, and stays.
  @unsafe
  init(memory: UnsafeMutableRawPointer) {
    unsafe slots = memory.bindMemory(to: UInt64.self, capacity: 1024)
    unsafe colors = (memory + 1024 * 8).bindMemory(to: UInt32.self, capacity: 256)
    unsafe slots.update(repeating: .max, count: 1024)
  }

  /// The colours that are in `memory` already, to be looked up.
  @unsafe
  init(existing memory: UnsafeMutableRawPointer) {
    unsafe slots = memory.assumingMemoryBound(to: UInt64.self)
    unsafe colors = (memory + 1024 * 8).assumingMemoryBound(to: UInt32.self)
  }

  /// A multiplicative hash (D. Knuth, The Art of Computer Programming 3, 6.4): the golden ratio of 32 bits.
  @inline(__always)
  private static func hash(_ color: UInt32) -> Int { Int((color &* 2_654_435_769) >> 22) }

  /// The colour's number in order of appearance; nil where there are 256 others.
  @inline(__always)
  mutating func insert(_ color: UInt32) -> Int? {
    var at = Self.hash(color)
    while true {
      let slot = unsafe slots[at]
      if slot == .max {
        guard count < 256 else { return nil }
        unsafe slots[at] = UInt64(color) << 32 | UInt64(count)
        unsafe colors[count] = color
        count += 1
        return count - 1
      }
      if UInt32(slot >> 32) == color { return Int(slot & 0xffff) }
      at = (at + 1) & 1023
    }
  }

  /// The number of a colour that is there.
  @inline(__always)
  func index(_ color: UInt32) -> Int {
    var at = Self.hash(color)
    while true {
      let slot = unsafe slots[at]
      if slot == .max { return 0 }
      if UInt32(slot >> 32) == color { return Int(slot & 0xffff) }
      at = (at + 1) & 1023
    }
  }

  /// Orders the colours: those that are not opaque first, so that tRNS is short.
  mutating func putTransparentFirst() -> Int {
    var first = 0
    for i in 0..<count where unsafe colors[i] >> 24 != 255 {
      unsafe (colors[i], colors[first]) = (colors[first], colors[i])
      first += 1
    }
    unsafe slots.update(repeating: .max, count: 1024)
    let all = count
    count = 0
    for i in 0..<all { _ = unsafe insert(colors[i]) }
    return first
  }
}

extension PNGPalette {
  /// A pixel as red, green, blue and alpha from the lowest byte on.
  @inline(__always)
  @unsafe
  static func color(_ pixel: UnsafePointer<UInt8>, hasAlpha: Bool) -> UInt32 {
    unsafe UInt32(pixel[0]) | UInt32(pixel[1]) << 8 | UInt32(pixel[2]) << 16
      | (hasAlpha ? UInt32(pixel[3]) << 24 : 0xff00_0000)
  }

  /// Takes all colours of an image of three or four channels of 8 bits; false where they are too many.
  ///
  /// - `pixels` is readable for all rows.
  @unsafe
  mutating func collect(_ pixels: UnsafePointer<UInt8>, _ size: ImageSize, _ stride: Int, channels: Int) -> Bool {
    for y in 0..<size.height {
      let row = unsafe pixels + y * stride
      // Runs of one colour are common where palettes are.
      var last = unsafe Self.color(row, hasAlpha: channels == 4)
      guard insert(last) != nil else { return false }
      for x in 1..<max(size.width, 1) {
        let color = unsafe Self.color(row + x &* channels, hasAlpha: channels == 4)
        if color == last { continue }
        guard insert(color) != nil else { return false }
        last = color
      }
    }
    return true
  }
}
