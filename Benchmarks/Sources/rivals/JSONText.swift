#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A text to measure with: one that is generated, or a well-known file where `KERNELS_DATA` names the folder of `json/`.
struct JSONText: Sendable {
  let name: String
  let byteCount: Int
  /// Generated, or read, at each call.
  let bytes: @Sendable () -> [UInt8]

  static let messages = JSONText("messages") { Inputs.messages(1000) }
  static let catalogue = JSONText("catalogue") { Inputs.catalogue(1500) }
  static let coordinates = JSONText("coordinates") { Inputs.coordinates(480) }
  static let events = JSONText("events") { Inputs.events(10_000) }

  /// Those of the well-known files that are there.
  static let files = ["twitter", "citm_catalog", "canada", "gsoc-2018"].compactMap { JSONText(file: $0) }

  private init(_ name: String, _ text: @escaping @Sendable () -> String) {
    (self.name, byteCount) = (name, text().utf8.count)
    bytes = { Array(text().utf8) }
  }

  private init?(file name: String) {
    guard let folder = unsafe getenv("KERNELS_DATA") else { return nil }
    let path = unsafe String(cString: folder) + "/json/\(name).json"
    guard let found = Self.read(path) else { return nil }
    (self.name, byteCount) = (name, found.count)
    bytes = { Self.read(path) ?? [] }
  }

  private static func read(_ path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var (bytes, piece) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
    while true {
      let count = unsafe fread(&piece, 1, piece.count, file)
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }
}
