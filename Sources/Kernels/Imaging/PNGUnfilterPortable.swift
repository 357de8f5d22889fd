/// The row of every CPU, as W3C PNG writes it (9.2 to 9.4): x is the byte, a its left neighbour, b the one above, c the one above a.
enum PNGUnfilterPortable {
  /// - `raw` and `prior` are readable and `row` writable for `count` bytes.
  @inline(__always)
  static func row(
    _ filter: Int32, _ raw: UnsafePointer<UInt8>, _ prior: UnsafePointer<UInt8>, _ row: UnsafeMutablePointer<UInt8>,
    _ count: Int, _ distance: Int
  ) {
    switch distance {
    case 1: unsafe pixels(filter, raw, prior, row, count, 1)
    case 2: unsafe pixels(filter, raw, prior, row, count, 2)
    case 3: unsafe pixels(filter, raw, prior, row, count, 3)
    case 4: unsafe pixels(filter, raw, prior, row, count, 4)
    default: unsafe pixels(filter, raw, prior, row, count, distance)
    }
  }

  @inline(__always)
  private static func pixels(
    _ filter: Int32, _ raw: UnsafePointer<UInt8>, _ prior: UnsafePointer<UInt8>, _ row: UnsafeMutablePointer<UInt8>,
    _ count: Int, _ distance: Int
  ) {
    let first = min(distance, count)
    switch filter {
    case 0:
      for i in 0..<count { unsafe row[i] = raw[i] }
    case 1:
      for i in 0..<first { unsafe row[i] = raw[i] }
      for i in first..<count { unsafe row[i] = raw[i] &+ row[i &- distance] }
    case 2:
      for i in 0..<count { unsafe row[i] = raw[i] &+ prior[i] }
    case 3:
      for i in 0..<first { unsafe row[i] = raw[i] &+ prior[i] >> 1 }
      for i in first..<count {
        let sum = unsafe UInt16(row[i &- distance]) &+ UInt16(prior[i])
        unsafe row[i] = raw[i] &+ UInt8(truncatingIfNeeded: sum >> 1)
      }
    default:
      for i in 0..<first { unsafe row[i] = raw[i] &+ prior[i] }
      for i in first..<count {
        unsafe row[i] = raw[i] &+ paeth(row[i &- distance], prior[i], prior[i &- distance])
      }
    }
  }

  /// Of a, b and c the nearest to a + b - c; the first of them where two are as near.
  @inline(__always)
  static func paeth(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> UInt8 {
    let toA = Int16(b) &- Int16(c)
    let toB = Int16(a) &- Int16(c)
    let (pa, pb, pc) = (abs(toA), abs(toB), abs(toA &+ toB))
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
  }
}
