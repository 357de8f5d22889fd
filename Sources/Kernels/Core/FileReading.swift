#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a file could not be read to its end.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Operation: String, Hashable, Sendable {
    case open
    case read
  }

  public let path: String
  public let operation: Operation
  /// The system's number of the error, as in `errno`.
  public let code: Int32
  /// Bytes of the file that had been read before.
  public let byteOffset: Int

  /// "cannot open /data/part: No such file or directory"
  public var description: String {
    let place = operation == .read ? " at byte \(byteOffset)" : ""
    return unsafe "cannot \(operation.rawValue) \(path)\(place): \(String(cString: strerror(code)))"
  }
}

/// Reads a file from beginning to end into one buffer, and calls `body` with each piece, in order.
///
/// Every piece but the last has `pieceByteCount` bytes. Read, not mapped: a file that another process truncates is then an end or
/// an error here, where a mapping would kill the process.
///
/// - Parameter scratch: grown to `pieceByteCount`, or to the size of a smaller file.
@unsafe
package func readFile(
  _ path: String, pieceByteCount: Int, scratch: inout Scratch, _ body: (UnsafeRawBufferPointer) -> Void
) throws(FileError) {
  func failed(_ operation: FileError.Operation, at offset: Int) -> FileError {
    FileError(path: path, operation: operation, code: errno, byteOffset: offset)
  }
  var file: Int32 = -1
  repeat { file = unsafe open(path, O_RDONLY | O_CLOEXEC) } while file < 0 && errno == EINTR
  guard file >= 0 else { throw failed(.open, at: 0) }
  defer { close(file) }
  #if os(Linux)
    posix_fadvise(file, 0, 0, POSIX_FADV_SEQUENTIAL)
  #endif
  var status = stat()
  let size = unsafe fstat(file, &status) == 0 ? Int(status.st_size) : 0
  // What says that it is empty may yet give bytes, as in /proc; one byte more shows the end in the first piece.
  let count = size > 0 ? min(pieceByteCount, size + 1) : pieceByteCount

  var offset = 0
  try unsafe scratch.withMemory(bytes: count) { memory throws(FileError) in
    let memory = unsafe memory.unsafelyUnwrapped
    var atEnd = false
    while !atEnd {
      var filled = 0
      while filled < count {
        let read = unsafe read(file, memory + filled, count - filled)
        if read > 0 {
          filled += read
          offset += read
        } else if read == 0 {
          atEnd = true
          break
        } else if errno != EINTR {
          throw failed(.read, at: offset)
        }
      }
      if filled > 0 { unsafe body(UnsafeRawBufferPointer(start: memory, count: filled)) }
    }
  }
}
