import CKernels

/// One way to read numbers as doubles, and to write these.
@safe
package struct JSONNumberKernel: KernelRow {
  /// As in `ck_json.h`: double, out; how many bytes, 0 where it does not know.
  package typealias Write = @Sendable @convention(c) (Double, UnsafeMutablePointer<UInt8>) -> Int

  /// As in `ck_json.h`: doubles, how many, out; how many bytes.
  package typealias WriteAll =
    @Sendable @convention(c) (UnsafePointer<Double>, UnsafeMutablePointer<Int>, UnsafeMutablePointer<UInt8>) -> Int

  package let name: StaticString
  package let requires: CPUFeatures
  package let reader: Reader
  /// nil: by ``JSONShortest`` and ``JSONDigits``, as where the row does not know.
  package let write: Write?
  package let writeAll: WriteAll?

  init(
    name: StaticString, requires: CPUFeatures, reader: Reader, write: Write? = nil, writeAll: WriteAll? = nil
  ) {
    (self.name, self.requires, self.reader) = (name, requires, reader)
    unsafe self.write = write
    unsafe self.writeAll = writeAll
  }

  /// THE TABLE, best first.
  #if arch(x86_64)
    package static let all: [3 of JSONNumberKernel] = [
      unsafe JSONNumberKernel(
        name: "json_number_avx512", requires: [.avx512bw, .avx512vl, .avx512vbmi2, .avx512ifma, .bmi2],
        reader: .avx512, write: ck_json_write_double_avx512, writeAll: ck_json_write_doubles_avx512),
      unsafe JSONNumberKernel(
        name: "json_number_avx2", requires: [.avx2, .bmi2], reader: .avx2, write: ck_json_write_double_avx2,
        writeAll: ck_json_write_doubles_avx2),
      portable,
    ]
  #else
    package static let all: [1 of JSONNumberKernel] = [portable]
  #endif

  private static let portable = unsafe JSONNumberKernel(name: "json_number_portable", requires: [], reader: .portable)

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [JSONNumberKernel] { all.rows }

  /// The best row that this process may run.
  package static var current: JSONNumberKernel { all.select(.current) }
}

extension JSONNumberKernel {
  /// Who reads. A tape has room for no more than its name.
  package enum Reader: UInt8, Sendable, BitwiseCopyable {
    /// ``JSONNumber``, which the others leave to what they do not know.
    case portable = 0
    case avx512 = 1
    case avx2 = 2

    /// The bits of the double nearest to a number; all ones where the row does not know.
    ///
    /// - `text` is readable for `readable` bytes, of which `count` are a valid number.
    @inline(__always)
    package func double(_ text: UnsafePointer<UInt8>, _ count: Int, readable: Int) -> UInt64 {
      #if arch(x86_64)
        switch self {
        case .portable: .max
        case .avx512: unsafe ck_json_double_avx512(text, count, readable, JSONPowers.one)
        case .avx2: unsafe ck_json_double_avx2(text, count, readable, JSONPowers.one)
        }
      #else
        .max
      #endif
    }

    /// The same of the first nodes of `count`, up to one that is no number or that the row does not know; how many.
    ///
    /// - `source` is readable for `readable` bytes; `out` has room for `count`.
    @inline(__always)
    package func doubles(
      _ source: UnsafePointer<UInt8>, readable: Int, _ nodes: UnsafePointer<JSONNode>, _ count: Int,
      _ out: UnsafeMutablePointer<Double>
    ) -> Int {
      #if arch(x86_64)
        let nodes = unsafe UnsafeRawPointer(nodes).assumingMemoryBound(to: ck_json_node.self)
        return switch self {
        case .portable: 0
        case .avx512: unsafe ck_json_doubles_avx512(source, readable, nodes, count, JSONPowers.one, out)
        case .avx2: unsafe ck_json_doubles_avx2(source, readable, nodes, count, JSONPowers.one, out)
        }
      #else
        return 0
      #endif
    }
  }
}
