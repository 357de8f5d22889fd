#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

func writeFile(_ path: String, _ bytes: [UInt8]) throws(Mistake) {
  guard let file = unsafe fopen(path, "w") else { throw Mistake("cannot write \(path): error \(errno)") }
  let count = unsafe bytes.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
  guard unsafe fclose(file) == 0 && count == bytes.count else { throw Mistake("cannot write \(path): error \(errno)") }
}

/// All of a file; nil where it cannot be read.
func readFile(_ path: String) -> [UInt8]? {
  guard let file = unsafe fopen(path, "r") else { return nil }
  defer { unsafe fclose(file) }
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = unsafe fread(&piece, 1, piece.count, file)
    if count == 0 { return bytes }
    bytes.append(contentsOf: piece[..<count])
  }
}

func readText(_ path: String) -> String? { readFile(path).map { String(decoding: $0, as: UTF8.self) } }

/// A folder that goes when the value goes, with the files in it.
struct TemporaryFolder: ~Copyable {
  let path: String

  init() throws(Mistake) {
    var name = Array("/tmp/function-bench.XXXXXX".utf8CString)
    guard unsafe mkdtemp(&name) != nil else { throw Mistake("cannot make a folder in /tmp: error \(errno)") }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    if let folder = unsafe opendir(path) {
      while let entry = unsafe readdir(folder) {
        let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        unsafe unlink("\(path)/\(name)")
      }
      unsafe closedir(folder)
    }
    unsafe rmdir(path)
  }
}
