import CKernels

/// One way to take blocks into several checksums together.
@safe
package struct UploadKernel: KernelRow {
  /// State of SHA-256; state of MD5 and register of a CRC, or nil; data, blocks of 64 bytes, at least one; constants of the three.
  /// Exactly the blocks are read; nothing need be aligned.
  package typealias Body =
    @Sendable @convention(c) (
      UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<UInt64>?,
      UnsafePointer<UInt8>, Int, UnsafePointer<UInt32>, UnsafePointer<UInt32>, UnsafePointer<UInt64>
    ) -> Void

  package let name: StaticString
  package let requires: CPUFeatures
  /// Nil: each checksum by its own table, a portion of the bytes after the other.
  let body: Body?

  /// THE TABLE, best first.
  #if arch(x86_64)
    private static let table: [2 of UploadKernel] = [
      unsafe UploadKernel(name: "upload_shani", requires: [.sha, .sse41, .pclmulqdq], body: ck_upload_shani),
      apart,
    ]
  #else
    private static let table: [1 of UploadKernel] = [apart]
  #endif

  private static let apart = unsafe UploadKernel(name: "upload_apart", requires: [], body: nil)

  package static var all: [UploadKernel] { table.rows }

  @inline(__always)
  package static func select(_ features: CPUFeatures) -> UploadKernel { table.select(features) }
}

// MARK: - Calling

extension UploadKernel {
  /// Those of `kinds` that it takes together: SHA-256 with MD5, a CRC, or both; or none.
  @inline(__always)
  func together(_ kinds: UploadChecksums.Kinds) -> UploadChecksums.Kinds {
    guard unsafe body != nil, kinds.contains(.sha256) else { return [] }
    var others = kinds.intersection(.md5)
    if kinds.contains(.crc64NVME) {
      others.insert(.crc64NVME)
    } else if kinds.contains(.crc32C) {
      others.insert(.crc32C)
    } else if kinds.contains(.crc32) {
      others.insert(.crc32)
    }
    return others.isEmpty ? [] : others.union(.sha256)
  }

  /// Takes blocks of 64 bytes, at least one, into those that are not nil.
  ///
  /// - `data` is readable for the blocks; this row takes checksums together.
  @inline(__always)
  @unsafe
  func take(
    _ data: UnsafeRawPointer, blocks: Int, sha256: UnsafeMutablePointer<UInt32>, md5: UnsafeMutablePointer<UInt32>?,
    crc: UnsafeMutablePointer<UInt64>?, _ crcConstants: [UInt64]
  ) {
    unsafe SHA256Words.constants.withUnsafeBufferPointer { sha256Constants in
      unsafe MD5Portable.constants.withUnsafeBufferPointer { md5Constants in
        unsafe crcConstants.withUnsafeBufferPointer { crcConstants in
          unsafe body.unsafelyUnwrapped(
            sha256, md5, crc, data.assumingMemoryBound(to: UInt8.self), blocks,
            sha256Constants.baseAddress.unsafelyUnwrapped, md5Constants.baseAddress.unsafelyUnwrapped,
            crcConstants.baseAddress.unsafelyUnwrapped)
        }
      }
    }
  }
}
