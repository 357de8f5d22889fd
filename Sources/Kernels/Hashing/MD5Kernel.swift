import CKernels

/// One way to compress blocks of one stream: RFC 1321 section 3.4.
@safe
package struct MD5Kernel: StreamKernel {
  /// State (4 words, in and out), data, blocks of 64 bytes, T. Exactly the blocks are read; nothing need be aligned.
  package typealias Body =
    @Sendable @convention(c) (UnsafeMutablePointer<UInt32>, UnsafePointer<UInt8>, Int, UnsafePointer<UInt32>) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  let body: Body

  /// THE TABLE: no instruction set has more for a single stream, which is a chain of additions and rotations.
  private static let table: [1 of MD5Kernel] = [
    unsafe MD5Kernel(name: "md5_portable", requires: [], body: { unsafe MD5Portable.compress($0, $1, $2, $3) })
  ]

  package static var all: [MD5Kernel] { table.rows }

  @inline(__always)
  package static func select(_ features: CPUFeatures) -> MD5Kernel { table.select(features) }
}

/// One way to compress blocks of several streams side by side.
@safe
package struct MD5LanesKernel: LanesKernel {
  /// States (4 words a lane, one lane after the other, in and out), one data pointer a lane, blocks of each, T.
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
    package static let all: [MD5LanesKernel] = [
      unsafe MD5LanesKernel(
        name: "md5_x16_avx512", requires: [.avx512f, .avx512bw], lanes: 16, minimumLive: 2,
        body: ck_md5_x16_avx512),
      // Zen 3: eight streams take 1.5 times as long as one.
      unsafe MD5LanesKernel(
        name: "md5_x8_avx2", requires: .avx2, lanes: 8, minimumLive: 2, body: ck_md5_x8_avx2),
    ]
  #else
    package static let all: [MD5LanesKernel] = []
  #endif

  package static let maximumLanes = 16
}

// MARK: - Calling

extension MD5Kernel {
  @inline(__always)
  @unsafe
  package func compress(
    _ state: UnsafeMutablePointer<UInt32>, _ data: UnsafeRawPointer, blocks: Int, blockByteCount: Int
  ) {
    unsafe MD5Portable.constants.withUnsafeBufferPointer { constants in
      unsafe body(state, data.assumingMemoryBound(to: UInt8.self), blocks, constants.baseAddress.unsafelyUnwrapped)
    }
  }
}

extension MD5LanesKernel {
  @inline(__always)
  @unsafe
  package func compress(
    _ states: UnsafeMutablePointer<UInt32>, _ data: UnsafePointer<UnsafePointer<UInt8>>, blocks: Int,
    blockByteCount: Int
  ) {
    unsafe MD5Portable.constants.withUnsafeBufferPointer { constants in
      unsafe body(states, data, blocks, constants.baseAddress.unsafelyUnwrapped)
    }
  }
}
