// Portions of an upload, around a row that takes blocks into several checksums together.

extension UploadChecksums {
  /// Half a first cache of 32 KiB, and whole blocks.
  private static var portionByteCount: Int { 16 << 10 }
  private static var blockByteCount: Int { 64 }

  /// Appends `bytes` by the given row.
  ///
  /// - `bytes` is readable for its whole count; the CPU has what the row requires.
  @unsafe
  package mutating func update(_ bytes: UnsafeRawBufferPointer, kernel: UploadKernel) {
    let together = kernel.together(kinds)
    var rest = unsafe bytes
    while rest.count > 0 {
      // Up to a whole block first.
      let held = byteCount % Self.blockByteCount
      let most = held > 0 ? Self.blockByteCount - held : Self.portionByteCount
      let portion = unsafe UnsafeRawBufferPointer(rebasing: rest[..<min(rest.count, most)])
      if together.isEmpty || held > 0 || portion.count < Self.blockByteCount {
        unsafe updateApart(portion, kinds)
      } else {
        let whole = portion.count & -Self.blockByteCount
        unsafe updateTogether(UnsafeRawBufferPointer(rebasing: portion[..<whole]), together, kernel)
        unsafe updateApart(UnsafeRawBufferPointer(rebasing: portion[whole...]), together)
        unsafe updateApart(portion, kinds.subtracting(together))
      }
      byteCount &+= portion.count
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[portion.count...])
    }
  }

  /// One after the other. The hashes first: they wait for themselves and not for memory, which the sums would.
  private mutating func updateApart(_ bytes: UnsafeRawBufferPointer, _ kinds: Kinds) {
    if kinds.contains(.sha256) { unsafe sha256Hasher.update(bytes) }
    if kinds.contains(.sha1) { unsafe sha1Hasher.update(bytes) }
    if kinds.contains(.md5) { unsafe md5Hasher.update(bytes) }
    if kinds.contains(.crc32) { unsafe crc32Sum.update(bytes) }
    if kinds.contains(.crc32C) { unsafe crc32CSum.update(bytes) }
    if kinds.contains(.crc64NVME) { unsafe crc64NVMESum.update(bytes) }
  }

  /// Whole blocks, where the hashers hold nothing of a block. `kinds` are SHA-256, and MD5, one CRC, or both.
  private mutating func updateTogether(_ bytes: UnsafeRawBufferPointer, _ kinds: Kinds, _ kernel: UploadKernel) {
    if kinds.contains(.crc64NVME) {
      crc64NVMESum.value = unsafe ~updateHashers(bytes, kinds, crc64NVMESum, kernel)
    } else if kinds.contains(.crc32C) {
      crc32CSum.value = unsafe ~updateHashers(bytes, kinds, crc32CSum, kernel)
    } else if kinds.contains(.crc32) {
      crc32Sum.value = unsafe ~updateHashers(bytes, kinds, crc32Sum, kernel)
    } else {
      unsafe updateHashers(bytes, kinds, register: nil, CRC64NVME.constants, kernel)
    }
  }

  /// - Returns: the register of `sum` after the same bytes.
  private mutating func updateHashers<Sum: ReflectedCRC>(
    _ bytes: UnsafeRawBufferPointer, _ kinds: Kinds, _ sum: Sum, _ kernel: UploadKernel
  ) -> Sum.Value {
    var register = UInt64(~sum.value)
    unsafe updateHashers(bytes, kinds, register: &register, Sum.constants, kernel)
    return Sum.Value(truncatingIfNeeded: register)
  }

  private mutating func updateHashers(
    _ bytes: UnsafeRawBufferPointer, _ kinds: Kinds, register: UnsafeMutablePointer<UInt64>?, _ constants: [UInt64],
    _ kernel: UploadKernel
  ) {
    let blocks = bytes.count / Self.blockByteCount
    unsafe SHA256.withWords(of: &sha256Hasher.hasher.state) { sha256 in
      unsafe Insecure.MD5.withWords(of: &md5Hasher.hasher.state) { md5 in
        unsafe kernel.take(
          bytes.baseAddress.unsafelyUnwrapped, blocks: blocks, sha256: sha256, md5: kinds.contains(.md5) ? md5 : nil,
          crc: register, constants)
      }
    }
    sha256Hasher.hasher.count &+= UInt64(bytes.count)
    if kinds.contains(.md5) { md5Hasher.hasher.count &+= UInt64(bytes.count) }
  }
}
