import CKernels

/// One way to compress blocks of one stream: FIPS 180-4 section 6.1.2.
@safe
package struct SHA1Kernel: StreamKernel {
  /// State (5 words, in and out), data, blocks of 64 bytes. Exactly the blocks are read; nothing need be aligned.
  package typealias Body =
    @Sendable @convention(c) (UnsafeMutablePointer<UInt32>, UnsafePointer<UInt8>, Int) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  let body: Body

  /// THE TABLE, best first.
  #if arch(x86_64)
    private static let table: [2 of SHA1Kernel] = [
      unsafe SHA1Kernel(name: "sha1_shani", requires: [.sha, .sse41], body: ck_sha1_shani),
      portable,
    ]
  #else
    private static let table: [1 of SHA1Kernel] = [portable]
  #endif

  private static let portable = unsafe SHA1Kernel(
    name: "sha1_portable", requires: [], body: { unsafe SHA1Portable.compress($0, $1, $2) })

  package static var all: [SHA1Kernel] { table.rows }

  @inline(__always)
  package static func select(_ features: CPUFeatures) -> SHA1Kernel { table.select(features) }
}

/// One way to compress blocks of several streams side by side.
@safe
package struct SHA1LanesKernel: LanesKernel {
  /// States (5 words a lane, one lane after the other, in and out), one data pointer a lane, blocks of each.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafeMutablePointer<UInt32>, UnsafePointer<UnsafePointer<UInt8>>, Int
    ) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  package let lanes: Int
  package let minimumLive: Int
  let body: Body

  /// THE TABLE, widest first.
  #if arch(x86_64)
    package static let all: [SHA1LanesKernel] = [
      // About 850 vector instructions for a block of each stream on two ports, against 70 to 100 cycles a stream of SHA-NI.
      unsafe SHA1LanesKernel(
        name: "sha1_x16_avx512", requires: [.avx512f, .avx512bw], lanes: 16, minimumLive: 6,
        body: ck_sha1_x16_avx512),
      unsafe SHA1LanesKernel(
        name: "sha1_x2_shani", requires: [.sha, .sse41], lanes: 2, minimumLive: 2, body: ck_sha1_x2_shani),
      // For CPUs without SHA extensions: on Zen 3 two streams of those are quicker than eight of these.
      unsafe SHA1LanesKernel(
        name: "sha1_x8_avx2", requires: .avx2, lanes: 8, minimumLive: 3, body: ck_sha1_x8_avx2),
    ]
  #else
    package static let all: [SHA1LanesKernel] = []
  #endif

  package static let maximumLanes = 16
}

// MARK: - Calling

extension SHA1Kernel {
  @inline(__always)
  @unsafe
  package func compress(
    _ state: UnsafeMutablePointer<UInt32>, _ data: UnsafeRawPointer, blocks: Int, blockByteCount: Int
  ) {
    unsafe body(state, data.assumingMemoryBound(to: UInt8.self), blocks)
  }
}

extension SHA1LanesKernel {
  @inline(__always)
  @unsafe
  package func compress(
    _ states: UnsafeMutablePointer<UInt32>, _ data: UnsafePointer<UnsafePointer<UInt8>>, blocks: Int,
    blockByteCount: Int
  ) {
    unsafe body(states, data, blocks)
  }
}
