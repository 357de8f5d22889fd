import CKernels

/// One way to absorb blocks of one stream into a state of Keccak: FIPS 202 section 4.
@safe
package struct KeccakKernel: StreamKernel {
  /// State (25 words, in and out), data, blocks, bytes of a block, RC. Exactly the blocks are read; nothing need be aligned.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafeMutablePointer<UInt64>, UnsafePointer<UInt8>, Int, Int, UnsafePointer<UInt64>
    ) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  let body: Body

  /// THE TABLE, best first.
  #if arch(x86_64)
    private static let table: [3 of KeccakKernel] = [
      unsafe KeccakKernel(
        name: "keccak_avx512vl", requires: [.avx512f, .avx512bw, .avx512vl], body: ck_keccak_avx512vl),
      unsafe KeccakKernel(name: "keccak_bmi2", requires: .bmi2, body: ck_keccak_bmi2),
      portable,
    ]
  #elseif arch(arm64)
    private static let table: [2 of KeccakKernel] = [
      unsafe KeccakKernel(name: "keccak_sha3", requires: .sha3, body: ck_keccak_sha3),
      portable,
    ]
  #else
    private static let table: [1 of KeccakKernel] = [portable]
  #endif

  private static let portable = unsafe KeccakKernel(
    name: "keccak_portable", requires: [], body: { unsafe KeccakPortable.absorb($0, $1, $2, $3, $4) })

  package static var all: [KeccakKernel] { table.rows }

  @inline(__always)
  package static func select(_ features: CPUFeatures) -> KeccakKernel { table.select(features) }
}

/// One way to absorb blocks of several streams side by side.
@safe
package struct KeccakLanesKernel: LanesKernel {
  /// States (25 words a lane, one lane after the other, in and out), one data pointer a lane, blocks of each, bytes of a
  /// block, RC.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafeMutablePointer<UInt64>, UnsafePointer<UnsafePointer<UInt8>>, Int, Int, UnsafePointer<UInt64>
    ) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  package let lanes: Int
  package let minimumLive: Int
  let body: Body

  /// THE TABLE, widest first.
  #if arch(x86_64)
    package static let all: [KeccakLanesKernel] = [
      // Cascade Lake: eight streams take 1.5 times as long as four of 256 bits.
      unsafe KeccakLanesKernel(
        name: "keccak_x8_avx512", requires: [.avx512f, .avx512bw], lanes: 8, minimumLive: 5,
        body: ck_keccak_x8_avx512),
      unsafe KeccakLanesKernel(
        name: "keccak_x4_avx512vl", requires: [.avx512f, .avx512bw, .avx512vl], lanes: 4, minimumLive: 2,
        body: ck_keccak_x4_avx512vl),
      // Zen 3: four streams take 1.5 times as long as one.
      unsafe KeccakLanesKernel(
        name: "keccak_x4_avx2", requires: .avx2, lanes: 4, minimumLive: 2, body: ck_keccak_x4_avx2),
    ]
  #elseif arch(arm64)
    package static let all: [KeccakLanesKernel] = [
      // A vector holds a word of two streams, and one stream takes as long as two.
      unsafe KeccakLanesKernel(
        name: "keccak_x2_sha3", requires: .sha3, lanes: 2, minimumLive: 2, body: ck_keccak_x2_sha3)
    ]
  #else
    package static let all: [KeccakLanesKernel] = []
  #endif

  package static let maximumLanes = 8
}

// MARK: - Calling

extension KeccakKernel {
  @inline(__always)
  @unsafe
  package func compress(
    _ state: UnsafeMutablePointer<UInt64>, _ data: UnsafeRawPointer, blocks: Int, blockByteCount: Int
  ) {
    unsafe KeccakPortable.constants.withUnsafeBufferPointer { constants in
      unsafe body(
        state, data.assumingMemoryBound(to: UInt8.self), blocks, blockByteCount,
        constants.baseAddress.unsafelyUnwrapped)
    }
  }
}

extension KeccakLanesKernel {
  @inline(__always)
  @unsafe
  package func compress(
    _ states: UnsafeMutablePointer<UInt64>, _ data: UnsafePointer<UnsafePointer<UInt8>>, blocks: Int,
    blockByteCount: Int
  ) {
    unsafe KeccakPortable.constants.withUnsafeBufferPointer { constants in
      unsafe body(states, data, blocks, blockByteCount, constants.baseAddress.unsafelyUnwrapped)
    }
  }
}
