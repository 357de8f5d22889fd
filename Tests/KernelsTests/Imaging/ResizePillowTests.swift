import Testing

@testable import Kernels

/// 8-bit pixels have the bits that Pillow gives, by every row of the table.
@Suite struct ResizePillowTests {
  @Test(arguments: ResampleKernel.kernels.map(\.name.description))
  func everyExample(name: String) throws {
    let kernel = try #require(ResampleKernel.kernels.first { $0.name.description == name })
    guard CPUFeatures.current.isSuperset(of: kernel.requires) else { return print("\(name): not on this CPU") }
    let lines = resizeExamples.split(separator: "\n")
    #expect(lines.count > 800)
    // Every third in debug, of whatever filter, size and crop.
    #if DEBUG
      let step = 3
    #else
      let step = 1
    #endif
    var failures: [Substring] = []
    for i in stride(from: 0, to: lines.count, by: step) {
      let line = lines[i]
      let example = try ResizeExample(line)
      if example.checksum(kernel: kernel) != example.crc { failures.append(line) }
    }
    #expect(failures.isEmpty, "\(failures.count) of \(lines.count): \(failures.prefix(8).joined(separator: "\n"))")
  }
}
