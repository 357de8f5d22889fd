package import CKernels

/// One way to read numbers as doubles, and to write these.
@safe
package struct JSONNumberKernel: KernelRow {
  /// As in `ck_json.h`: text, its bytes, powers; all ones where it does not know.
  package typealias Read = @Sendable @convention(c) (UnsafePointer<UInt8>, Int, UnsafePointer<UInt64>) -> UInt64

  /// As in `ck_json.h`: source, nodes, how many, powers, doubles out; how many it knows.
  package typealias ReadAll =
    @Sendable @convention(c) (
      UnsafePointer<UInt8>, UnsafePointer<ck_json_node>, Int, UnsafePointer<UInt64>, UnsafeMutablePointer<Double>
    ) -> Int

  /// As in `ck_json.h`: double, out; how many bytes, 0 where it does not know.
  package typealias Write = @Sendable @convention(c) (Double, UnsafeMutablePointer<UInt8>) -> Int

  /// As in `ck_json.h`: doubles, how many, out; how many bytes.
  package typealias WriteAll =
    @Sendable @convention(c) (UnsafePointer<Double>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<UInt8>) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  /// nil: by ``JSONNumber``, as where the row does not know.
  package let read: Read?
  package let readAll: ReadAll?
  /// nil: by ``JSONShortest`` and ``JSONDigits``, as where the row does not know.
  package let write: Write?
  package let writeAll: WriteAll?

  init(
    name: StaticString, requires: CPUFeatures, read: Read? = nil, readAll: ReadAll? = nil, write: Write? = nil,
    writeAll: WriteAll? = nil
  ) {
    (self.name, self.requires) = (name, requires)
    unsafe self.read = read
    unsafe self.readAll = readAll
    unsafe self.write = write
    unsafe self.writeAll = writeAll
  }

  /// THE TABLE, best first.
  #if arch(x86_64)
    package static let all: [2 of JSONNumberKernel] = [
      unsafe JSONNumberKernel(
        name: "json_number_avx512", requires: [.avx512bw, .avx512vl, .avx512vbmi2, .avx512ifma, .bmi2],
        read: ck_json_double_avx512, readAll: ck_json_doubles_avx512, write: ck_json_write_double_avx512,
        writeAll: ck_json_write_doubles_avx512),
      portable,
    ]
  #else
    package static let all: [1 of JSONNumberKernel] = [portable]
  #endif

  private static let portable = unsafe JSONNumberKernel(name: "json_number_portable", requires: [])

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [JSONNumberKernel] { all.rows }

  /// The best row that this process may run.
  package static var current: JSONNumberKernel { all.select(.current) }
}
