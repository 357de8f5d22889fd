import Kernels
import Testing

/// An element as the tests make and read it.
protocol GemmTestElement: GemmElement {
  var double: Double { get }
  /// Uniform in -1 ..< 1, with all the bits that the type has there.
  static func random(_ generator: inout SplitMix64) -> Self
}

extension Float: GemmTestElement {
  var double: Double { Double(self) }

  static func random(_ generator: inout SplitMix64) -> Float {
    Float(Int64(bitPattern: generator.next()) >> 40) * 0x1p-23
  }
}

extension Double: GemmTestElement {
  var double: Double { self }

  static func random(_ generator: inout SplitMix64) -> Double {
    Double(Int64(bitPattern: generator.next()) >> 11) * 0x1p-52
  }
}

/// A row of either table.
protocol GemmRow: KernelRow {
  associatedtype Element: GemmTestElement
  var kernel: GemmKernel<Element> { get }
}

extension GemmKernel: GemmRow, CustomTestStringConvertible where Element: GemmTestElement {
  var kernel: Self { self }
  var testDescription: String { name.description }
}

extension GemmRow {
  var runsHere: Bool { CPUFeatures.detected.isSuperset(of: requires) }
}

/// The rows of both tables: a row added there is tested without a line here.
enum GemmRows {
  static let all: [any GemmRow] = Float.gemmKernels + Double.gemmKernels
  /// Those that this machine can run.
  static let supported: [any GemmRow] = all.filter { $0.runsHere }
}

@Suite struct GemmRowTests {
  /// Says in the output of the tests which rows they could not prove on this machine.
  @Test(arguments: GemmRows.all)
  func canRunHere(_ row: any GemmRow) {
    if row.runsHere { return }
    let missing = row.requires.subtracting(.detected)
    Issue.record("\(row.name) is not tested on this machine: its CPU lacks \(missing)", severity: .warning)
  }

  @Test func theLastRowNeedsNothing() {
    #expect(Float.gemmKernels.last?.requires == [])
    #expect(Double.gemmKernels.last?.requires == [])
  }

  /// The name says type, operation, tile and instruction set.
  @Test(arguments: GemmRows.all)
  func theNameIsThatOfTheTile(_ row: any GemmRow) { checkName(row) }

  private func checkName<Row: GemmRow>(_ row: Row) {
    let tile = row.kernel.tile
    let type = Row.Element.self == Float.self ? "f32" : "f64"
    #expect(row.name.description.hasPrefix("\(type)_gemm_\(tile.rows)x\(tile.columns)_"))
  }
}
