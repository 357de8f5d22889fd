import CKernels

/// One way to compress blocks of one stream: FIPS 180-4 section 6.2.2.
@safe
package struct SHA256Kernel: KernelRow {
  /// State (8 words, in and out), data, blocks of 64 bytes, K. Exactly the blocks are read; nothing need be aligned.
  package typealias Body =
    @Sendable @convention(c) (UnsafeMutablePointer<UInt32>, UnsafePointer<UInt8>, Int, UnsafePointer<UInt32>) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  let body: Body

  /// THE TABLE, best first.
  #if arch(x86_64)
    private static let table: [2 of SHA256Kernel] = [
      unsafe SHA256Kernel(name: "sha256_shani", requires: [.sha, .sse41], body: ck_sha256_shani),
      portable,
    ]
  #elseif arch(arm64)
    private static let table: [2 of SHA256Kernel] = [
      unsafe SHA256Kernel(name: "sha256_sha2", requires: .sha2, body: ck_sha256_sha2),
      portable,
    ]
  #else
    private static let table: [1 of SHA256Kernel] = [portable]
  #endif

  private static let portable = unsafe SHA256Kernel(
    name: "sha256_portable", requires: [], body: { unsafe SHA256Portable.compress($0, $1, $2, $3) })

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var all: [SHA256Kernel] { table.rows }

  /// The best row that `features` can run.
  @inline(__always)
  package static func select(_ features: CPUFeatures) -> SHA256Kernel { table.select(features) }
}

/// One way to compress blocks of several streams side by side.
@safe
package struct SHA256LanesKernel: KernelRow {
  /// States (8 words a lane, one lane after the other, in and out), one data pointer a lane, blocks of each, K.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafeMutablePointer<UInt32>, UnsafePointer<UnsafePointer<UInt8>>, Int, UnsafePointer<UInt32>
    ) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  /// Streams that one call takes.
  package let lanes: Int
  /// The fewest live streams for which this row beats those below it; the lanes that are left repeat another's work.
  package let minimumLive: Int
  let body: Body

  /// THE TABLE, widest first. A batch takes, at each step, the first row that has enough live streams.
  #if arch(x86_64)
    package static let all: [SHA256LanesKernel] = [
      // A call takes as long for one stream as for sixteen: 16 * 0.9 cycles per byte of each, estimated from its
      // instructions and two vector ports. SHA-NI takes 2.0 a stream, or less where it overlaps them: even at about 8.
      unsafe SHA256LanesKernel(
        name: "sha256_x16_avx512", requires: [.avx512f, .avx512bw], lanes: 16, minimumLive: 8,
        body: ck_sha256_x16_avx512),
      // Zen 3: 3.4 GB/s of four streams; three of them are 2.5, against 2.3 for two and then one.
      unsafe SHA256LanesKernel(
        name: "sha256_x4_shani", requires: [.sha, .sse41], lanes: 4, minimumLive: 3, body: ck_sha256_x4_shani),
      unsafe SHA256LanesKernel(
        name: "sha256_x2_shani", requires: [.sha, .sse41], lanes: 2, minimumLive: 2, body: ck_sha256_x2_shani),
    ]
  #elseif arch(arm64)
    package static let all: [SHA256LanesKernel] = [
      unsafe SHA256LanesKernel(
        name: "sha256_x2_sha2", requires: .sha2, lanes: 2, minimumLive: 2, body: ck_sha256_x2_sha2)
    ]
  #else
    package static let all: [SHA256LanesKernel] = []
  #endif

  /// The most lanes that any row has.
  static let maximumLanes = 16
}

// MARK: - Calling

extension SHA256Kernel {
  /// - `state` holds 8 words; `data` is readable for `blocks * 64` bytes.
  @inline(__always)
  @unsafe
  func compress(_ state: UnsafeMutablePointer<UInt32>, _ data: UnsafeRawPointer, blocks: Int) {
    unsafe SHA256.constants.withUnsafeBufferPointer { constants in
      unsafe body(state, data.assumingMemoryBound(to: UInt8.self), blocks, constants.baseAddress.unsafelyUnwrapped)
    }
  }
}

extension SHA256LanesKernel {
  /// - `states` holds 8 words a lane; each of `data[0 ..< lanes]` is readable for `blocks * 64` bytes.
  @inline(__always)
  @unsafe
  func compress(
    _ states: UnsafeMutablePointer<UInt32>, _ data: UnsafePointer<UnsafePointer<UInt8>>, blocks: Int
  ) {
    unsafe SHA256.constants.withUnsafeBufferPointer { constants in
      unsafe body(states, data, blocks, constants.baseAddress.unsafelyUnwrapped)
    }
  }
}
