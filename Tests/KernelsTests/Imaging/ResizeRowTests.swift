import Testing

@testable import Kernels

/// Every row of the table gives the bits of the portable one, whatever the shape, and touches nothing beside its buffers.
@Suite struct ResizeRowTests {
  struct Shape: Sendable {
    let source, output: ImageSize
    var crop: ImageBox?

    init(_ width: Int, _ height: Int, _ outWidth: Int, _ outHeight: Int, crop: ImageBox? = nil) {
      source = ImageSize(width: width, height: height)
      output = ImageSize(width: outWidth, height: outHeight)
      self.crop = crop
    }
  }

  static let shapes = [
    Shape(1, 1, 1, 1), Shape(1, 1, 9, 3), Shape(9, 3, 1, 1), Shape(3, 3, 2, 2), Shape(31, 17, 12, 9),
    Shape(32, 16, 33, 15), Shape(65, 40, 16, 64), Shape(90, 33, 91, 5), Shape(50, 20, 50, 7), Shape(20, 50, 7, 50),
    Shape(40, 40, 9, 9, crop: ImageBox(left: 3.5, top: 0.125, right: 4, bottom: 39)),
    Shape(40, 40, 9, 9, crop: ImageBox(left: 39, top: 39, right: 40, bottom: 40)),
    Shape(10_000, 1, 1, 1), Shape(1, 10_000, 1, 1), Shape(1, 1, 10_000, 1), Shape(1, 2, 1, 10_000),
    Shape(2_000, 3, 1, 300),
  ]

  static let layouts: [PixelLayout] = [8, 16].flatMap { bits in
    [
      PixelLayout(channels: 1, bits: bits), PixelLayout(channels: 2, bits: bits), PixelLayout(channels: 3, bits: bits),
      PixelLayout(channels: 4, bits: bits), PixelLayout(channels: 2, bits: bits, hasAlpha: false),
      PixelLayout(channels: 4, bits: bits, hasAlpha: false),
    ]
  }

  private func forEachPlan(_ body: (ResizePlan) throws -> Void) throws {
    // One filter in seven of each shape and layout in debug, where a loop costs thirty times as much; one in three in release.
    #if DEBUG
      let step = 7
    #else
      let step = 3
    #endif
    for (k, shape) in Self.shapes.enumerated() {
      let isLong = max(shape.source.width, shape.source.height, shape.output.width, shape.output.height) > 1_000
      for (i, layout) in Self.layouts.enumerated() where !isLong || (i + k) % 4 == 0 {
        for (j, filter) in ResizeFilter.allCases.enumerated() where (i + j + k) % step == 0 {
          try body(
            ResizePlan(
              source: shape.source, crop: shape.crop, output: shape.output, layout: layout, filter: filter,
              linearLight: (i + k) % 3 == 1))
        }
      }
    }
  }

  /// Source and output end (or start) at a page that faults, with strides that are no row's bytes, and the memory of the
  /// resize is as small as the plan says and full of what nobody wrote.
  @Test func sameBitsWithinGuardedMemory() throws {
    let kernels = ResampleKernel.kernels.filter { CPUFeatures.current.isSuperset(of: $0.requires) }
    try forEachPlan { plan in
      var expected: [UInt8]?
      for (i, kernel) in kernels.reversed().enumerated() {
        for place in GuardedBuffer.Alignment.allCases {
          let result = unsafe guardedResize(plan, kernel, place, stride: 6 * i)
          if let expected, result != expected {
            Issue.record("\(kernel.name): \(plan.source) to \(plan.output) \(plan.layout) \(plan.filter)")
            return
          }
          expected = result
        }
      }
    }
  }

  @unsafe
  private func guardedResize(
    _ plan: ResizePlan, _ kernel: ResampleKernel, _ place: GuardedBuffer.Alignment, stride extra: Int
  ) -> [UInt8] {
    let (stride, outputStride) = (plan.sourceRowByteCount + extra, plan.outputRowByteCount + 2 * extra)
    // The last row need not fill its stride.
    let source = GuardedBuffer(
      byteCount: stride * (plan.source.height - 1) + plan.sourceRowByteCount, alignment: place)
    let output = GuardedBuffer(
      byteCount: outputStride * (plan.output.height - 1) + plan.outputRowByteCount, alignment: place)
    let memory = GuardedBuffer(byteCount: plan.scratchByteCount, alignment: place)
    unsafe memory.bytes.initializeMemory(as: UInt8.self, repeating: 0xff)
    for y in 0..<plan.source.height {
      let row = ResizeImage.random(plan.sourceRowByteCount, seed: UInt32(y))
      unsafe UnsafeMutableRawBufferPointer(rebasing: source.bytes[(y * stride)...]).copyBytes(from: row)
    }
    unsafe output.bytes.initializeMemory(as: UInt8.self, repeating: 0xa5)
    var stream = unsafe ResizeStream(plan, memory: memory.bytes.baseAddress!, kernel: kernel)
    while !stream.isComplete {
      let row = stream.nextRow
      _ = unsafe stream.push(
        source.bytes.baseAddress! + row * stride, stride: stride, count: plan.source.height - row)
      while stream.hasOutput {
        unsafe stream.pop(into: output.bytes.baseAddress! + stream.nextOutput * outputStride)
      }
    }
    let bytes = unsafe [UInt8](output.bytes)
    var result: [UInt8] = []
    for y in 0..<plan.output.height {
      let row = bytes[(y * outputStride)...].prefix(outputStride)
      result += row.prefix(plan.outputRowByteCount)
      #expect(row.dropFirst(plan.outputRowByteCount).allSatisfy { $0 == 0xa5 })
    }
    return withExtendedLifetime((source, output, memory)) { result }
  }

  /// Row by row, some rows at a time, with rows that are not needed skipped, twice from the same tables: the same bits.
  @Test func anyWayToPush() throws {
    try forEachPlan { plan in
      guard plan.source.height > 1 && plan.source.height < 100 else { return }
      var pixels = (0..<plan.source.height).flatMap { ResizeImage.random(plan.sourceRowByteCount, seed: UInt32($0)) }
      // Not opaque from some row in the middle on.
      if plan.layout.hasAlpha && plan.layout.bits == 8 {
        let opaque = plan.source.width * (plan.source.height / 2) * plan.layout.channels
        for i in stride(from: plan.layout.channels - 1, to: opaque, by: plan.layout.channels) { pixels[i] = 255 }
      }
      let expected = ResizeImage.resized(plan, pixels, kernel: .kernel(.current))
      let memory = UnsafeMutableRawPointer.allocate(byteCount: plan.scratchByteCount, alignment: 64)
      defer { unsafe memory.deallocate() }
      var stream = unsafe ResizeStream(plan, memory: memory)
      for step in [1, 2, 3, 7] {
        stream.restart()
        var output = [UInt8](repeating: 0, count: expected.count)
        unsafe pixels.withUnsafeBytes { pixels in
          unsafe output.withUnsafeMutableBytes { output in
            while !stream.isComplete {
              stream.skip(stream.nextNeededRow - stream.nextRow)
              let row = stream.nextRow
              #expect(plan.neededRows.contains(row))
              _ = unsafe stream.push(
                pixels.baseAddress! + row * plan.sourceRowByteCount, stride: plan.sourceRowByteCount,
                count: min(step, plan.source.height - row))
              while stream.hasOutput {
                unsafe stream.pop(into: output.baseAddress! + stream.nextOutput * plan.outputRowByteCount)
              }
            }
          }
        }
        #expect(output == expected)
        #expect(stream.nextRow <= plan.source.height && stream.nextNeededRow == plan.source.height)
      }
    }
  }
}
