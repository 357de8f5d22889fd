import Testing

@testable import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files that the tests use where they are there: in `KERNELS_DATA`.
enum JSONTestData {
  static let folder: String? = {
    guard let given = unsafe getenv("KERNELS_DATA") else { return nil }
    let folder = unsafe String(cString: given) + "/json"
    return unsafe access(folder, R_OK) == 0 ? folder : nil
  }()

  static func read(_ path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&piece, 1, piece.count, file)
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }

  static func files(_ folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      names.append(
        unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
          unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names.filter { $0.hasSuffix(".json") }.sorted()
  }

  /// Rows that this machine can run.
  static var kernels: [JSONIndexKernel] {
    JSONIndexKernel.kernels.filter { CPUFeatures.detected.isSuperset(of: $0.requires) }
  }
}

/// The error of a validation, by a row, in pieces of so many bytes, of a text that ends at a guard page.
func jsonFault(
  _ bytes: [UInt8], _ kernel: JSONIndexKernel, piece: Int = 16 << 10, options: JSONOptions = JSONOptions()
) -> JSONError? {
  let memory = GuardedBuffer(byteCount: bytes.count)
  return withExtendedLifetime(memory) {
    unsafe memory.bytes.copyBytes(from: bytes)
    let text = unsafe UnsafeRawBufferPointer(memory.bytes)
    var scratch = Scratch()
    var fault: JSONError?
    do throws(JSONError) {
      try unsafe JSON.validate(text, options: options, kernel: kernel, piece: piece, scratch: &scratch)
    } catch {
      fault = error
    }
    var document = JSONDocument()
    var documentFault: JSONError?
    do throws(JSONError) {
      try unsafe document.parse(borrowing: text, options: options, kernel: kernel, piece: piece, tapeFrom: 0)
    } catch {
      documentFault = error
    }
    #expect(fault == documentFault, "\(bytes)")
    return fault
  }
}

/// Whether a row takes `bytes`.
func jsonIsValid(_ bytes: [UInt8], _ kernel: JSONIndexKernel, _ scratch: inout Scratch) -> Bool {
  unsafe bytes.withUnsafeBytes { bytes in
    do throws(JSONError) {
      try unsafe JSON.validate(bytes, options: JSONOptions(), kernel: kernel, scratch: &scratch)
      return true
    } catch { return false }
  }
}
