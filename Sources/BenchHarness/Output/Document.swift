#if canImport(FoundationEssentials)
  package import FoundationEssentials
#else
  package import Foundation
#endif

/// A JSON file that a verb writes and others read. It names its kind and version before all else.
///
/// A version grows when a field changes its meaning or goes; new fields come without, so that decoding must do without them.
/// Every version is read by the next.
package protocol Document: Codable {
  /// "kernel-bench run", whatever the program is called.
  static var format: String { get }
  static var version: Int { get }
}

/// The beginning of every document, beside its own fields.
private struct Heading: Codable {
  let format: String
  let version: Int
}

extension Document {
  /// The file's contents: an object with `format`, `version` and the fields of this.
  package func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(Headed(document: self))
  }

  /// - Throws: ``BenchError`` that says what the data is instead, without a file's name.
  package init(json: some Sequence<UInt8>) throws(BenchError) {
    let data = Data(json)
    let decoder = JSONDecoder()
    guard let heading = try? decoder.decode(Heading.self, from: data) else {
      throw BenchError("no JSON of kernel-bench; give a file that kernel-bench wrote with --json")
    }
    guard heading.format == Self.format else {
      throw BenchError("\"\(heading.format)\" where \"\(Self.format)\" is needed; give a file of that kind")
    }
    guard 1...Self.version ~= heading.version else {
      throw BenchError("of version \(heading.version), and this program reads 1 to \(Self.version); take a newer one")
    }
    do {
      decoder.userInfo[.documentVersion] = heading.version
      self = try decoder.decode(Self.self, from: data)
    } catch let error as BenchError {
      throw error
    } catch {
      throw BenchError("damaged: \(error.place); write it anew")
    }
  }

  /// Reads a file.
  ///
  /// - Throws: ``BenchError`` in one sentence, with the file's name.
  package static func read(_ path: String) throws(BenchError) -> Self {
    switch SystemFile.bytes(path) {
    case .success(let bytes):
      do {
        return try Self(json: bytes)
      } catch {
        throw BenchError("\(path) is \(error)")
      }
    case .failure(let problem): throw BenchError("cannot read \(path): \(problem); name a file that can be read")
    }
  }
}

/// What kind of document a file is: nil where it is none.
package func documentFormat(_ path: String) -> String? {
  guard case .success(let bytes) = SystemFile.bytes(path) else { return nil }
  return try? JSONDecoder().decode(Heading.self, from: Data(bytes)).format
}

private struct Headed<D: Document>: Encodable {
  let document: D

  func encode(to encoder: any Encoder) throws {
    try Heading(format: D.format, version: D.version).encode(to: encoder)
    try document.encode(to: encoder)
  }
}

extension CodingUserInfoKey {
  /// The version that a document's file has, for its decoding.
  package static var documentVersion: CodingUserInfoKey {
    guard let key = CodingUserInfoKey(rawValue: "documentVersion") else {
      preconditionFailure("a key of any text exists")
    }
    return key
  }
}

extension Error {
  /// Where decoding failed, in a few words.
  fileprivate var place: String {
    func path(_ context: DecodingError.Context) -> String {
      context.codingPath.isEmpty ? "the top" : context.codingPath.map(\.stringValue).joined(separator: ".")
    }
    switch self as? DecodingError {
    case .keyNotFound(let key, let context): return "\(key.stringValue) is missing at \(path(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      return "a value that makes no sense at \(path(context))"
    default: return "\(self)"
    }
  }
}
