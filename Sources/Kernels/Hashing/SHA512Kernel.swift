import CKernels

/// One way to compress blocks of one stream: FIPS 180-4 section 6.4.2.
@safe
package struct SHA512Kernel: StreamKernel {
  /// State (8 words, in and out), data, blocks of 128 bytes, K. Exactly the blocks are read; nothing need be aligned.
  package typealias Body =
    @Sendable @convention(c) (UnsafeMutablePointer<UInt64>, UnsafePointer<UInt8>, Int, UnsafePointer<UInt64>) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  let body: Body

  /// THE TABLE, best first.
  #if arch(x86_64)
    private static let table: [3 of SHA512Kernel] = [
      unsafe SHA512Kernel(
        name: "sha512_avx512vl", requires: [.avx512f, .avx512bw, .avx512vl, .avx2, .bmi2], body: ck_sha512_avx512vl),
      unsafe SHA512Kernel(name: "sha512_avx2", requires: [.avx2, .bmi2], body: ck_sha512_avx2),
      portable,
    ]
  #elseif arch(arm64)
    private static let table: [2 of SHA512Kernel] = [
      unsafe SHA512Kernel(name: "sha512_sha3", requires: .sha3, body: ck_sha512_sha3),
      portable,
    ]
  #else
    private static let table: [1 of SHA512Kernel] = [portable]
  #endif

  private static let portable = unsafe SHA512Kernel(
    name: "sha512_portable", requires: [], body: { unsafe SHA2Portable<SHA512Words>.compress($0, $1, $2, $3) })

  package static var all: [SHA512Kernel] { table.rows }

  @inline(__always)
  package static func select(_ features: CPUFeatures) -> SHA512Kernel { table.select(features) }
}

/// One way to compress blocks of several streams side by side.
@safe
package struct SHA512LanesKernel: LanesKernel {
  /// States (8 words a lane, one lane after the other, in and out), one data pointer a lane, blocks of each, K.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafeMutablePointer<UInt64>, UnsafePointer<UnsafePointer<UInt8>>, Int, UnsafePointer<UInt64>
    ) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  package let lanes: Int
  package let minimumLive: Int
  let body: Body

  /// THE TABLE, widest first.
  #if arch(x86_64)
    package static let all: [SHA512LanesKernel] = [
      // Cascade Lake: eight streams take 1.5 times as long as one, and four of 256 bits 1.07 times.
      unsafe SHA512LanesKernel(
        name: "sha512_x8_avx512", requires: [.avx512f, .avx512bw], lanes: 8, minimumLive: 5,
        body: ck_sha512_x8_avx512),
      unsafe SHA512LanesKernel(
        name: "sha512_x4_avx512vl", requires: [.avx512f, .avx512bw, .avx512vl], lanes: 4, minimumLive: 2,
        body: ck_sha512_x4_avx512vl),
      unsafe SHA512LanesKernel(
        name: "sha512_x4_avx2", requires: .avx2, lanes: 4, minimumLive: 3, body: ck_sha512_x4_avx2),
    ]
  #else
    package static let all: [SHA512LanesKernel] = []
  #endif

  package static let maximumLanes = 8
}

// MARK: - Calling

extension SHA512Kernel {
  @inline(__always)
  @unsafe
  package func compress(
    _ state: UnsafeMutablePointer<UInt64>, _ data: UnsafeRawPointer, blocks: Int, blockByteCount: Int
  ) {
    unsafe SHA512Words.constants.withUnsafeBufferPointer { constants in
      unsafe body(state, data.assumingMemoryBound(to: UInt8.self), blocks, constants.baseAddress.unsafelyUnwrapped)
    }
  }
}

extension SHA512LanesKernel {
  @inline(__always)
  @unsafe
  package func compress(
    _ states: UnsafeMutablePointer<UInt64>, _ data: UnsafePointer<UnsafePointer<UInt8>>, blocks: Int,
    blockByteCount: Int
  ) {
    unsafe SHA512Words.constants.withUnsafeBufferPointer { constants in
      unsafe body(states, data, blocks, constants.baseAddress.unsafelyUnwrapped)
    }
  }
}
