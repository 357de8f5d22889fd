import Testing

@testable import Kernels

/// Every row of the table against the definition, with no byte to spare.
@Suite struct PNGUnfilterTests {
  static let kernels = PNGUnfilterKernel.kernels.filter { CPUFeatures.current.isSuperset(of: $0.requires) }

  private func reference(_ raw: [UInt8], _ prior: [UInt8], rows: Int, count: Int, distance: Int) -> [UInt8] {
    var result: [UInt8] = []
    var above = prior
    for y in 0..<rows {
      let source = raw[(y * (count + 1))...]
      let filter = source.first!
      var row: [UInt8] = []
      for i in 0..<count {
        let a = i >= distance ? Int(row[i - distance]) : 0
        let b = Int(above[i])
        let c = i >= distance ? Int(above[i - distance]) : 0
        let p = a + b - c
        let candidates = [(a, abs(p - a)), (b, abs(p - b)), (c, abs(p - c))]
        let guess = [0, a, b, (a + b) / 2, candidates.min { $0.1 < $1.1 }!.0][Int(filter)]
        row.append(UInt8(truncatingIfNeeded: Int(source[source.startIndex + 1 + i]) + guess))
      }
      result += row
      above = row
    }
    return result
  }

  @Test(arguments: [1, 2, 3, 4, 6, 8])
  func asDefined(distance: Int) {
    var random = CompressionRandom(UInt64(distance))
    for kernel in Self.kernels {
      for pixels in [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 33, 100] {
        let count = pixels * distance
        for round in 0..<24 {
          let rows = 1 + round % 4
          var raw = (0..<rows * (count + 1)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
          for y in 0..<rows {
            let filter = round < 8 ? 4 : round < 16 ? 3 + Int(random.next() % 2) : Int(random.next() % 5)
            raw[y * (count + 1)] = UInt8(filter)
          }
          let prior = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
          let expected = reference(raw, prior, rows: rows, count: count, distance: distance)
          // The strip has slack behind the filtered bytes, rows and prior have none.
          let source = GuardedBuffer(byteCount: raw.count + 16)
          let above = GuardedBuffer(byteCount: count)
          let target = GuardedBuffer(byteCount: rows * count)
          withExtendedLifetime((source, above, target)) {
            for i in raw.indices { unsafe source.bytes[i] = raw[i] }
            for i in 0..<count { unsafe above.bytes[i] = prior[i] }
            let isValid = unsafe kernel.unfilter(
              source.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), count: rows, byteCount: count,
              distance: distance, prior: above.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self),
              into: target.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self), stride: count)
            #expect(isValid)
            #expect(unsafe Array(target.bytes) == expected, "\(kernel.name) \(pixels) pixels, \(rows) rows")
          }
        }
      }
    }
  }
}
