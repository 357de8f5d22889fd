extension HashFunction {
  /// The digest of a file.
  ///
  /// - Parameter path: of a file, a device or a pipe; what a system call takes.
  /// - Throws: ``FileError`` where it cannot be opened or read.
  /// - Complexity: O(n), and one allocation of 256 KiB, or of as much as a smaller file has.
  public static func hash(file path: String) throws(FileError) -> Digest {
    var scratch = Scratch()
    return try hash(file: path, scratch: &scratch)
  }

  /// The digest of a file, by way of memory that the caller keeps for the next one.
  ///
  /// - Throws: ``FileError`` where it cannot be opened or read.
  /// - Complexity: O(n), and memory of 256 KiB, or of as much as a smaller file has. Allocates nothing when warm.
  public static func hash(file path: String, scratch: inout Scratch) throws(FileError) -> Digest {
    var hasher = Self()
    try hasher.update(file: path, scratch: &scratch)
    return hasher.finish()
  }

  /// Appends a whole file to the message.
  ///
  /// - Throws: ``FileError`` where it cannot be opened or read; the hasher is then what it was.
  /// - Complexity: as of ``hash(file:scratch:)``.
  public mutating func update(file path: String, scratch: inout Scratch) throws(FileError) {
    var hasher = self
    try unsafe readFile(path, pieceByteCount: filePieceByteCount, scratch: &scratch) { unsafe hasher.update($0) }
    self = hasher
  }
}

/// Bytes of a file that are read at once: few system calls, and what was read is still in the second cache when it is hashed.
package let filePieceByteCount = 256 << 10
