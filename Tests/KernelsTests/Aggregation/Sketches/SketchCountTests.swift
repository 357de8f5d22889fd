import Testing

@testable import Kernels

@Suite struct SketchCountTests {
  /// Fifteen values, all in the 61st level: each stands for 2^60.
  static func bytes() -> [UInt8] {
    var bytes: [UInt8] = [5, 1, 15, 0, 8, 0, 8, 0]
    func append(_ value: some FixedWidthInteger) {
      unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }
    append(UInt64(15) << 60)
    append(UInt16(8))
    append(UInt8(61))
    append(UInt8(0))
    for _ in 0..<61 { append(UInt32(KLLSketch.capacity(8, 61) - 15)) }
    for value in [1.0, 15] + (1...15).map(Double.init) { append(value.bitPattern) }
    return bytes
  }

  @Test func countsOfSketchesThatWereReadDoNotOverflow() throws {
    let read = try unsafe KLLSketch(Self.bytes().span.bytes)
    #expect(read.count == 15 << 60)
    var sketch = read
    sketch.merge(read)
    sketch.insert(3)
    #expect(sketch.count == .max)
    #expect(sketch.quantile(0) == 1)
    #expect(sketch.quantile(1) != nil)
  }
}
