import CKernels

/// One way to compress blocks of one stream: FIPS 180-4 section 6.2.2.
@safe
package struct SHA256Kernel: StreamKernel {
  /// State (8 words, in and out), data, blocks of 64 bytes, K. Exactly the blocks are read; nothing need be aligned.
  package typealias Body =
    @Sendable @convention(c) (UnsafeMutablePointer<UInt32>, UnsafePointer<UInt8>, Int, UnsafePointer<UInt32>) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  let body: Body

  /// THE TABLE, best first.
  #if arch(x86_64)
    private static let table: [3 of SHA256Kernel] = [
      unsafe SHA256Kernel(name: "sha256_shani", requires: [.sha, .sse41], body: ck_sha256_shani),
      unsafe SHA256Kernel(name: "sha256_avx2", requires: [.avx2, .bmi2], body: ck_sha256_avx2),
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
    name: "sha256_portable", requires: [], body: { unsafe SHA2Portable<SHA256Words>.compress($0, $1, $2, $3) })

  package static var all: [SHA256Kernel] { table.rows }

  @inline(__always)
  package static func select(_ features: CPUFeatures) -> SHA256Kernel { table.select(features) }
}

/// One way to compress blocks of several streams side by side.
@safe
package struct SHA256LanesKernel: LanesKernel {
  /// States (8 words a lane, one lane after the other, in and out), one data pointer a lane, blocks of each, K.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafeMutablePointer<UInt32>, UnsafePointer<UnsafePointer<UInt8>>, Int, UnsafePointer<UInt32>
    ) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  package let lanes: Int
  package let minimumLive: Int
  let body: Body

  /// THE TABLE, widest first.
  #if arch(x86_64)
    package static let all: [SHA256LanesKernel] = [
      // A call takes as long for one stream as for sixteen: on Cascade Lake 1.4 times as long as eight of 256 bits. Streams of SHA-NI,
      // which that CPU has not, take a sixteenth of it each.
      unsafe SHA256LanesKernel(
        name: "sha256_x16_avx512", requires: [.avx512f, .avx512bw], lanes: 16, minimumLive: 9,
        body: ck_sha256_x16_avx512),
      // Zen 3: 3.4 GB/s of four streams; three of them are 2.5, against 2.3 for two and then one.
      unsafe SHA256LanesKernel(
        name: "sha256_x4_shani", requires: [.sha, .sse41], lanes: 4, minimumLive: 3, body: ck_sha256_x4_shani),
      unsafe SHA256LanesKernel(
        name: "sha256_x2_shani", requires: [.sha, .sse41], lanes: 2, minimumLive: 2, body: ck_sha256_x2_shani),
      // For CPUs without SHA extensions. Cascade Lake: eight streams take 1.14 times as long as one, by AVX2 twice as long.
      unsafe SHA256LanesKernel(
        name: "sha256_x8_avx512vl", requires: [.avx512f, .avx512bw, .avx512vl], lanes: 8, minimumLive: 2,
        body: ck_sha256_x8_avx512vl),
      unsafe SHA256LanesKernel(
        name: "sha256_x8_avx2", requires: .avx2, lanes: 8, minimumLive: 3, body: ck_sha256_x8_avx2),
    ]
  #elseif arch(arm64)
    package static let all: [SHA256LanesKernel] = [
      unsafe SHA256LanesKernel(
        name: "sha256_x2_sha2", requires: .sha2, lanes: 2, minimumLive: 2, body: ck_sha256_x2_sha2)
    ]
  #else
    package static let all: [SHA256LanesKernel] = []
  #endif

  package static let maximumLanes = 16
}

// MARK: - Calling

extension SHA256Kernel {
  @inline(__always)
  @unsafe
  package func compress(
    _ state: UnsafeMutablePointer<UInt32>, _ data: UnsafeRawPointer, blocks: Int, blockByteCount: Int
  ) {
    unsafe SHA256Words.constants.withUnsafeBufferPointer { constants in
      unsafe body(state, data.assumingMemoryBound(to: UInt8.self), blocks, constants.baseAddress.unsafelyUnwrapped)
    }
  }
}

extension SHA256LanesKernel {
  @inline(__always)
  @unsafe
  package func compress(
    _ states: UnsafeMutablePointer<UInt32>, _ data: UnsafePointer<UnsafePointer<UInt8>>, blocks: Int,
    blockByteCount: Int
  ) {
    unsafe SHA256Words.constants.withUnsafeBufferPointer { constants in
      unsafe body(states, data, blocks, constants.baseAddress.unsafelyUnwrapped)
    }
  }
}
