import Testing

@testable import Kernels

/// Every row that counts many values at once against one value at a time, between pages that fault.
@Suite struct SketchRowTests {
  struct HLLRow: CustomTestStringConvertible, Sendable {
    let kernel: HLLScanKernel
    var testDescription: String { kernel.name.description }
    static let all = HLLScanKernel.all.rows.filter { CPUFeatures.detected.isSuperset(of: $0.requires) }.map {
      HLLRow(kernel: $0)
    }
  }

  struct DDRow: CustomTestStringConvertible, Sendable {
    let kernel: DDCountKernel
    var testDescription: String { kernel.name.description }
    static let all = DDCountKernel.all.rows.filter { CPUFeatures.detected.isSuperset(of: $0.requires) }.map {
      DDRow(kernel: $0)
    }
  }

  private static let counts = Array(0..<20) + [31, 32, 33, 500]

  @Test(arguments: HLLRow.all, GuardedBuffer.Alignment.allCases)
  func distinct(row: HLLRow, alignment: GuardedBuffer.Alignment) {
    var random = AggregationRandom(51)
    for lgK in [4, 12] {
      // As it fills, from coupons on, with values that come again.
      var (many, one) = (HLLSketch(lgK: lgK), HLLSketch(lgK: lgK))
      var (integers, single) = (HLLSketch(lgK: lgK), HLLSketch(lgK: lgK))
      for count in Self.counts {
        let buffer = GuardedBuffer(byteCount: 8 * count, alignment: alignment)
        let values = unsafe buffer.bytes.bindMemory(to: Double.self)
        for i in 0..<count {
          let odd: [Double] = [0, -0.0, .nan, -.nan, .signalingNaN, .infinity, 0x1p-1074]
          let value = Double(random.next() % 3000) - 1500
          unsafe values[i] = random.next() % 20 == 0 ? odd[Int(random.next() % 7)] : value
        }
        let words = unsafe UnsafeRawBufferPointer(buffer.bytes).bytes
        many.insert(words: words, isDouble: true, kernel: row.kernel)
        integers.insert(words: words, isDouble: false, kernel: row.kernel)
        for i in 0..<count {
          unsafe one.insert(values[i])
          unsafe single.insert(values[i].bitPattern)
        }
        #expect(many.serialized() == one.serialized(), "\(count)")
        #expect(integers.serialized() == single.serialized(), "\(count)")
        withExtendedLifetime(buffer) {}
      }
    }
  }

  @Test(arguments: DDRow.all, GuardedBuffer.Alignment.allCases)
  func quantiles(row: DDRow, alignment: GuardedBuffer.Alignment) {
    var random = AggregationRandom(52)
    for shape in AggregationRandom.Shape.allCases {
      var (many, one) = (DDSketch(), DDSketch())
      for count in Self.counts {
        let buffer = GuardedBuffer(byteCount: 8 * count, alignment: alignment)
        let values = unsafe buffer.bytes.bindMemory(to: Double.self)
        for i in 0..<count {
          let odd: [Double] = [0, -0.0, .nan, .infinity, -.infinity, 0x1p-1074, -0x1p-1060, .greatestFiniteMagnitude]
          let value = random.double(shape)
          unsafe values[i] = random.next() % 15 == 0 ? odd[Int(random.next() % 8)] : value
        }
        if count > 0 {
          unsafe many.insert(UnsafePointer(values.baseAddress!), count: count, kernel: row.kernel)
        }
        for i in 0..<count { unsafe one.insert(values[i]) }
        #expect(many.count == one.count, "\(count)")
        withExtendedLifetime(buffer) {}
      }
      // Once, since it looks at every bucket.
      #expect(many == one)
    }
  }
}
