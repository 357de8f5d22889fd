import Testing

@testable import Kernels

/// A hash function under test, its type erased, so that every test runs over every function and every row.
@safe
struct HashSubject: CustomTestStringConvertible, Sendable {
  let name: String
  let digestByteCount: Int
  let blockByteCount: Int
  /// By the public doors.
  let hash: @Sendable (UnsafeRawBufferPointer) -> [UInt8]
  let incremental: Incremental
  let batch: Batch
  /// The rows of one stream that this machine can run.
  let rows: [Row]
  /// What a batch may use: each row of lanes that this machine can run, all as the library runs them, and none.
  let batchRows: [BatchRows]
  /// The names of all rows, best first, the portable one last; and those of lanes.
  let tables: (one: [String], lanes: [String])

  /// A hasher that has taken the parts, in turn, with the digest after each.
  typealias Incremental = @Sendable ([UnsafeRawBufferPointer]) -> [[UInt8]]
  /// Digests, one after the other, written to the memory: each of `prefix`, of whole blocks, and a message.
  typealias Batch = @Sendable (HashMessages, _ prefix: UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Void

  @safe
  struct Row: CustomTestStringConvertible, Sendable {
    let name: String
    let subject: String
    let hash: @Sendable (UnsafeRawBufferPointer) -> [UInt8]
    let incremental: Incremental
    var testDescription: String { "\(subject) \(name)" }
  }

  @safe
  struct BatchRows: CustomTestStringConvertible, Sendable {
    let name: String
    let subject: String
    let digestByteCount: Int
    let batch: Batch
    var testDescription: String { "\(subject) \(name)" }
  }

  var testDescription: String { name }

  /// libcrypto's digest.
  func expected(_ message: [UInt8]) -> [UInt8] { Libcrypto.digest(name, message) }

  static subscript(name: String) -> HashSubject { all.first { $0.name == name }! }
  static var allRows: [Row] { all.flatMap(\.rows) }
  static var allBatchRows: [BatchRows] { all.flatMap(\.batchRows) }
}

extension HashSubject {
  /// Every function of the library, by libcrypto's name of it.
  static let all: [HashSubject] = [
    HashSubject(SHA224.self, "SHA224"), HashSubject(SHA256.self, "SHA256"),
    HashSubject(SHA384.self, "SHA384"), HashSubject(SHA512.self, "SHA512"), HashSubject(SHA512_256.self, "SHA512-256"),
    HashSubject(SHA3_256.self, "SHA3-256"), HashSubject(SHA3_512.self, "SHA3-512"),
    HashSubject(Insecure.SHA1.self, "SHA1"), HashSubject(Insecure.MD5.self, "MD5"),
  ]

  private init<Hash: BlockHash>(_: Hash.Type, _ name: String) {
    self.name = name
    digestByteCount = Hash.digestByteCount
    blockByteCount = Hash.blockByteCount
    tables = (Hash.Kernel.all.map(\.name.description), Hash.Lanes.all.map(\.name.description))
    unsafe hash = { message in unsafe Hash.array(Hash.hash(message)) }
    unsafe incremental = { parts in
      var hasher = Hash()
      return unsafe parts.map { part in
        unsafe hasher.update(part)
        return Hash.array(hasher.finish())
      }
    }
    unsafe batch = { messages, before, memory in
      unsafe Hash.hash(batch: messages, after: Hash.prefix(before), into: Hash.digests(memory))
    }
    rows = Hash.Kernel.all.filter(\.isSupported).map { kernel in
      unsafe Row(
        name: kernel.name.description, subject: name,
        hash: { message in unsafe Hash.array(Hash.hash(message, kernel: kernel)) },
        incremental: { parts in
          var hasher = BlockHasher<Hash>()
          return unsafe parts.map { part in
            unsafe hasher.update(part, kernel: kernel)
            return Hash.array(hasher.finish(kernel: kernel))
          }
        })
    }
    let lanes = Hash.Lanes.all
    let alone = lanes.filter(\.isSupported).map { ($0.name.description, [$0], CPUFeatures.detected) }
    let sets = alone + [("all lanes", lanes, CPUFeatures.detected), ("no lanes", [], [])]
    batchRows = sets.map { title, rows, features in
      unsafe BatchRows(name: title, subject: name, digestByteCount: Hash.digestByteCount) { messages, before, memory in
        unsafe Hash.hash(
          batch: messages, after: Hash.prefix(before)?.hasher, into: Hash.digests(memory), features: features,
          rows: rows)
      }
    }
  }
}

extension BlockHash {
  fileprivate static func array(_ digest: Digest) -> [UInt8] { unsafe withUnsafeBytes(of: digest) { unsafe Array($0) } }

  fileprivate static func digests(_ memory: UnsafeMutableRawBufferPointer) -> UnsafeMutablePointer<Digest>? {
    unsafe memory.baseAddress?.assumingMemoryBound(to: Digest.self)
  }

  fileprivate static func prefix(_ bytes: UnsafeRawBufferPointer) -> Self? {
    if unsafe bytes.isEmpty { return nil }
    var hasher = Self()
    unsafe hasher.update(bytes)
    return hasher
  }
}
