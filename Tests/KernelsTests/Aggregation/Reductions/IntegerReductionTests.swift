import Testing

@testable import Kernels

/// A row that this CPU can run.
struct IntegerReductionRow: CustomTestStringConvertible, Sendable {
  let kernel: IntegerReductionKernel
  var testDescription: String { kernel.name.description }

  static let all = IntegerReductionKernel.all.rows.filter { CPUFeatures.detected.isSuperset(of: $0.requires) }.map {
    IntegerReductionRow(kernel: $0)
  }
}

@Suite struct IntegerReductionTests {
  @Test(arguments: IntegerReductionRow.all, GuardedBuffer.Alignment.allCases)
  func sumsAndExtrema(row: IntegerReductionRow, alignment: GuardedBuffer.Alignment) {
    for shift in [0, 30, 55] {
      for count in Array(1..<40) + [1023, 1024] {
        check(Int64.self, count, shift, row.kernel, alignment)
        check(UInt64.self, count, shift, row.kernel, alignment)
      }
    }
  }

  private func check<Value: AggregationInteger>(
    _: Value.Type, _ count: Int, _ shift: Int, _ kernel: IntegerReductionKernel, _ alignment: GuardedBuffer.Alignment
  ) {
    var random = AggregationRandom(UInt64(count + shift))
    let memory = GuardedBuffer(byteCount: 8 * count, alignment: alignment)
    let values = unsafe memory.bytes.bindMemory(to: Value.self)
    var all: [Value] = []
    for i in 0..<count {
      var value = Value(truncatingIfNeeded: Int64(truncatingIfNeeded: random.next()) >> Int64(shift))
      if random.next() % 11 == 0 { value = random.next() & 1 == 0 ? .min : .max }
      unsafe values[i] = value
      all.append(value)
    }
    let run = unsafe IntegerRun(UnsafePointer(values.baseAddress!), count, kernel: kernel)
    #expect(run.sum == all.reduce(Int128(0)) { $0 + Int128($1) }, "\(count)")
    #expect(run.least == all.min()!.orderKey && run.greatest == all.max()!.orderKey, "\(count)")
    #expect(run.count == count)
    withExtendedLifetime(memory) {}
  }
}
