import CKernels

/// One way to compress blocks of BLAKE3: one input at a time, and several side by side.
@safe
package struct BLAKE3Kernel: KernelRow {
  /// Key or chaining value, block, how many of its bytes count, counter, flags, IV; the 16 words of the result, which may be in
  /// the key's place. Nothing need be aligned.
  package typealias One =
    @Sendable @convention(c) (
      UnsafePointer<UInt32>, UnsafePointer<UInt8>, UInt32, UInt64, UInt32, UnsafePointer<UInt32>,
      UnsafeMutablePointer<UInt32>
    ) -> Void

  /// A data pointer a lane, blocks of each, key, counter of the first lane, its step from lane to lane, flags of all blocks,
  /// those of the first and of the last beside them, IV; 8 words a lane.
  package typealias Several =
    @Sendable @convention(c) (
      UnsafePointer<UnsafePointer<UInt8>>, Int, UnsafePointer<UInt32>, UInt64, UInt32, UInt32, UInt32, UInt32,
      UnsafePointer<UInt32>, UnsafeMutablePointer<UInt32>
    ) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  /// Inputs that a call of `several` takes, at most ``maximumLanes``.
  package let lanes: Int
  let one: One
  let several: Several

  package static let maximumLanes = 16

  /// THE TABLE, best first.
  #if arch(x86_64)
    private static let table: [4 of BLAKE3Kernel] = [
      unsafe BLAKE3Kernel(
        name: "blake3_x16_avx512", requires: [.avx512f, .avx512bw, .avx512vl], lanes: 16,
        one: ck_blake3_avx512, several: ck_blake3_x16_avx512),
      unsafe BLAKE3Kernel(
        name: "blake3_x8_avx2", requires: .avx2, lanes: 8, one: ck_blake3_sse41, several: ck_blake3_x8_avx2),
      unsafe BLAKE3Kernel(
        name: "blake3_x4_sse41", requires: .sse41, lanes: 4, one: ck_blake3_sse41, several: ck_blake3_x4_sse41),
      portable,
    ]
  #elseif arch(arm64)
    private static let table: [2 of BLAKE3Kernel] = [
      unsafe BLAKE3Kernel(
        name: "blake3_x4_neon", requires: .neon, lanes: 4, one: ck_blake3_neon, several: ck_blake3_x4_neon),
      portable,
    ]
  #else
    private static let table: [1 of BLAKE3Kernel] = [portable]
  #endif

  private static let portable = unsafe BLAKE3Kernel(
    name: "blake3_portable", requires: [], lanes: 1,
    one: { unsafe BLAKE3Portable.compress($0, $1, $2, $3, $4, $5, $6) },
    several: { unsafe BLAKE3Portable.compressLane($0, $1, $2, $3, $5, $6, $7, $8, $9) })

  /// Every row, best first. Allocates: for tests, benchmarks and documents.
  package static var all: [BLAKE3Kernel] { table.rows }

  /// The best row that `features` can run.
  @inline(__always)
  package static func select(_ features: CPUFeatures) -> BLAKE3Kernel { table.select(features) }
}

// MARK: - Calling

extension BLAKE3Kernel {
  /// One block: the 16 words of the result to `out`, which may be `key`.
  ///
  /// - `key` holds 8 words, `out` has room for 16; `block` is readable for 64 bytes.
  @inline(__always)
  @unsafe
  func compress(
    _ key: UnsafePointer<UInt32>, _ block: UnsafeRawPointer, length: Int = 64, counter: UInt64, flags: BLAKE3Flags,
    into out: UnsafeMutablePointer<UInt32>
  ) {
    unsafe BLAKE3Portable.initialValue.withUnsafeBufferPointer { constants in
      unsafe one(
        key, block.assumingMemoryBound(to: UInt8.self), UInt32(truncatingIfNeeded: length), counter, flags.rawValue,
        constants.baseAddress.unsafelyUnwrapped, out)
    }
  }

  /// The chaining values of `count` inputs of `blocks` blocks each, which lie one after the other, to `out`.
  ///
  /// - `data` is readable for `count * blocks * 64` bytes; `out` has room for `8 * count` words, and may start where `data`
  ///   does when `blocks` is 1: a call reads its inputs before it writes, and writes no further than they reach.
  /// - `spare` has room for 8 words a lane, and overlaps neither.
  @unsafe
  func compress(
    _ data: UnsafeRawPointer, count: Int, blocks: Int, key: UnsafePointer<UInt32>, counter: UInt64, step: UInt32,
    flags: BLAKE3Flags, first: BLAKE3Flags, last: BLAKE3Flags, into out: UnsafeMutablePointer<UInt32>,
    spare: UnsafeMutablePointer<UInt32>
  ) {
    unsafe BLAKE3Portable.initialValue.withUnsafeBufferPointer { constants in
      unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>.self, capacity: Self.maximumLanes) { inputs in
        for start in stride(from: 0, to: count, by: lanes) {
          let live = min(lanes, count &- start)
          for lane in 0..<lanes {
            // The lanes that are left repeat the first one's work.
            let input = unsafe data + (start &+ (lane < live ? lane : 0)) &* blocks &* 64
            unsafe inputs.initializeElement(at: lane, to: input.assumingMemoryBound(to: UInt8.self))
          }
          let place = unsafe out + 8 &* start
          unsafe several(
            UnsafePointer(inputs.baseAddress.unsafelyUnwrapped), blocks, key,
            counter &+ UInt64(truncatingIfNeeded: start) &* UInt64(step), step, flags.rawValue, first.rawValue,
            last.rawValue, constants.baseAddress.unsafelyUnwrapped, live == lanes ? place : spare)
          if live < lanes { unsafe place.update(from: spare, count: 8 &* live) }
        }
      }
    }
  }
}

/// Table 3.
struct BLAKE3Flags: OptionSet, BitwiseCopyable, Sendable {
  let rawValue: UInt32

  static let chunkStart = BLAKE3Flags(rawValue: 1)
  static let chunkEnd = BLAKE3Flags(rawValue: 2)
  static let parent = BLAKE3Flags(rawValue: 4)
  static let root = BLAKE3Flags(rawValue: 8)
  static let keyedHash = BLAKE3Flags(rawValue: 16)
  static let deriveKeyContext = BLAKE3Flags(rawValue: 32)
  static let deriveKeyMaterial = BLAKE3Flags(rawValue: 64)
}
