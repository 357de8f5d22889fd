import CKernels

/// One way to take bytes into an Adler-32.
@safe
package struct AdlerKernel: KernelRow {
  /// The checksum, data, bytes; the new checksum. Exactly the bytes are read; nothing need be aligned.
  package typealias Body = @Sendable @convention(c) (UInt32, UnsafePointer<UInt8>, Int) -> UInt32

  package let name: StaticString
  package let requires: CPUFeatures
  let body: Body

  init(name: StaticString, requires: CPUFeatures, body: @escaping Body) {
    (self.name, self.requires) = (name, requires)
    unsafe self.body = body
  }

  /// THE TABLE, best first.
  #if arch(x86_64)
    static let table: [3 of AdlerKernel] = [
      unsafe AdlerKernel(
        name: "adler_avx512vnni", requires: [.avx512f, .avx512bw, .avx512vnni], body: ck_adler_avx512vnni),
      unsafe AdlerKernel(name: "adler_avx2", requires: .avx2, body: ck_adler_avx2),
      portable,
    ]
  #elseif arch(arm64)
    static let table: [2 of AdlerKernel] = [
      unsafe AdlerKernel(name: "adler_neon", requires: .neon, body: ck_adler_neon), portable,
    ]
  #else
    static let table: [1 of AdlerKernel] = [portable]
  #endif

  private static let portable = unsafe AdlerKernel(
    name: "adler_portable", requires: [], body: { unsafe AdlerPortable.sums($0, $1, $2) })

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var kernels: [AdlerKernel] { table.rows }

  /// The best row that `features` can run.
  @inline(__always)
  package static func kernel(_ features: CPUFeatures) -> AdlerKernel { table.select(features) }
}

/// The row of every CPU, and the definition: the first sum is 1 and all bytes, the second the first sum after each byte.
enum AdlerPortable {
  /// The most bytes before the second sum can pass 2^32: the largest n with 255 n (n + 1) / 2 + (n + 1) (65521 - 1) < 2^32, as
  /// in zlib; a multiple of 8.
  private static let longest = 5552

  static func sums(_ value: UInt32, _ data: UnsafePointer<UInt8>, _ count: Int) -> UInt32 {
    var (first, second) = (value & 0xffff, value >> 16)
    var i = 0
    while i < count {
      let end = min(count, i &+ longest)
      // Eight bytes at once: byte k of them counts 8 - k times.
      while i &+ 8 <= end {
        var (sum, weighted): (UInt32, UInt32) = (0, 0)
        for k in 0..<8 {
          let byte = unsafe UInt32(data[i &+ k])
          sum &+= byte
          weighted &+= byte &* UInt32(truncatingIfNeeded: 8 &- k)
        }
        second &+= first &* 8 &+ weighted
        first &+= sum
        i &+= 8
      }
      while i < end {
        first &+= unsafe UInt32(data[i])
        second &+= first
        i &+= 1
      }
      first %= Adler32.modulus
      second %= Adler32.modulus
    }
    return second << 16 | first
  }
}
