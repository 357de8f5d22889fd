/// Instruction-set extensions that a kernel may ask for.
///
/// A set, not a ladder: SHA-NI, VNNI and AMX stand on no one ladder, so a kernel states exactly what it needs.
/// Names and spelling are those of Linux's `/proc/cpuinfo`, the same on every system.
///
/// ``current`` is what this process may use: what the CPU has, the operating system saves, and no mask has taken away.
///
/// ```swift
/// print(CPUFeatures.current)          // "ssse3,sse4.1,sse4.2,avx,avx2,fma,..."
/// CPUFeatures.current.contains(.avx2)
/// ```
public struct CPUFeatures: OptionSet, Hashable, Sendable {
  public let rawValue: UInt64

  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  // x86-64
  public static let ssse3 = CPUFeatures(bit: 0)
  public static let sse41 = CPUFeatures(bit: 1)
  public static let sse42 = CPUFeatures(bit: 2)
  public static let avx = CPUFeatures(bit: 3)
  public static let avx2 = CPUFeatures(bit: 4)
  public static let fma = CPUFeatures(bit: 5)
  public static let bmi2 = CPUFeatures(bit: 6)
  public static let sha = CPUFeatures(bit: 7)
  /// AES rounds: AES-NI on x86-64, the AES instructions on arm64.
  public static let aes = CPUFeatures(bit: 8)
  public static let pclmulqdq = CPUFeatures(bit: 9)
  public static let vpclmulqdq = CPUFeatures(bit: 10)
  public static let vaes = CPUFeatures(bit: 11)
  public static let gfni = CPUFeatures(bit: 12)
  public static let avx512f = CPUFeatures(bit: 13)
  public static let avx512bw = CPUFeatures(bit: 14)
  public static let avx512vl = CPUFeatures(bit: 15)
  public static let avx512vbmi2 = CPUFeatures(bit: 16)
  public static let avx512vnni = CPUFeatures(bit: 17)
  public static let avx512bf16 = CPUFeatures(bit: 18)
  public static let avx512ifma = CPUFeatures(bit: 19)
  public static let amxTile = CPUFeatures(bit: 20)
  public static let amxBF16 = CPUFeatures(bit: 21)
  public static let amxInt8 = CPUFeatures(bit: 22)

  // arm64
  public static let neon = CPUFeatures(bit: 32)
  public static let sha2 = CPUFeatures(bit: 33)
  public static let sha3 = CPUFeatures(bit: 34)
  public static let crc32 = CPUFeatures(bit: 35)
  public static let dotprod = CPUFeatures(bit: 36)
  public static let i8mm = CPUFeatures(bit: 37)
  public static let bf16 = CPUFeatures(bit: 38)

  @inlinable
  init(bit: UInt64) { self.init(rawValue: 1 << bit) }
}

// MARK: - Names and dependencies

extension CPUFeatures {
  /// One feature: its name, and what must be there for it to be of use.
  package struct Entry: Sendable {
    package let feature: CPUFeatures
    package let name: StaticString
    package let needs: CPUFeatures
  }

  /// Every feature, each after what it needs.
  package static let entries: [Entry] = [
    Entry(feature: .ssse3, name: "ssse3", needs: []),
    Entry(feature: .sse41, name: "sse4.1", needs: .ssse3),
    Entry(feature: .sse42, name: "sse4.2", needs: .sse41),
    Entry(feature: .avx, name: "avx", needs: .sse42),
    Entry(feature: .avx2, name: "avx2", needs: .avx),
    Entry(feature: .fma, name: "fma", needs: .avx),
    Entry(feature: .bmi2, name: "bmi2", needs: []),
    Entry(feature: .sha, name: "sha", needs: .sse41),
    Entry(feature: .aes, name: "aes", needs: []),
    Entry(feature: .pclmulqdq, name: "pclmulqdq", needs: []),
    Entry(feature: .vpclmulqdq, name: "vpclmulqdq", needs: [.avx, .pclmulqdq]),
    Entry(feature: .vaes, name: "vaes", needs: [.avx, .aes]),
    Entry(feature: .gfni, name: "gfni", needs: []),
    Entry(feature: .avx512f, name: "avx512f", needs: [.avx2, .fma]),
    Entry(feature: .avx512bw, name: "avx512bw", needs: .avx512f),
    Entry(feature: .avx512vl, name: "avx512vl", needs: .avx512f),
    Entry(feature: .avx512vbmi2, name: "avx512vbmi2", needs: .avx512bw),
    Entry(feature: .avx512vnni, name: "avx512vnni", needs: .avx512f),
    Entry(feature: .avx512bf16, name: "avx512bf16", needs: .avx512bw),
    Entry(feature: .avx512ifma, name: "avx512ifma", needs: .avx512f),
    Entry(feature: .amxTile, name: "amx-tile", needs: []),
    Entry(feature: .amxBF16, name: "amx-bf16", needs: .amxTile),
    Entry(feature: .amxInt8, name: "amx-int8", needs: .amxTile),
    Entry(feature: .neon, name: "neon", needs: []),
    Entry(feature: .sha2, name: "sha2", needs: .neon),
    Entry(feature: .sha3, name: "sha3", needs: .neon),
    Entry(feature: .crc32, name: "crc32", needs: []),
    Entry(feature: .dotprod, name: "dotprod", needs: .neon),
    Entry(feature: .i8mm, name: "i8mm", needs: .neon),
    Entry(feature: .bf16, name: "bf16", needs: .neon),
  ]

  /// This set without each feature whose needs are not in it, again until nothing more falls.
  ///
  /// Masking `avx2` therefore takes `avx512f` and all that stands on it.
  package var closed: CPUFeatures {
    var result = self
    // Each entry comes after what it needs, so that one pass is enough.
    for entry in Self.entries where !result.isSuperset(of: entry.needs) {
      result.remove(entry.feature)
    }
    return result
  }

  /// The features named in a comma-separated list; the empty string is the empty set.
  ///
  /// Spaces around a name are ignored. A feature of another architecture is a name like any other.
  ///
  /// - Throws: ``UnknownCPUFeature`` for the first name that is none.
  public init(parsing list: some StringProtocol) throws(UnknownCPUFeature) {
    self = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let name = String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      if name.isEmpty && list.allSatisfy({ $0 == " " }) { return }
      guard let entry = Self.entries.first(where: { $0.name.description == name }) else {
        throw UnknownCPUFeature(name: name)
      }
      insert(entry.feature)
    }
  }
}

/// A name that ``CPUFeatures/init(parsing:)`` does not know.
public struct UnknownCPUFeature: Error, Hashable, Sendable, CustomStringConvertible {
  public let name: String

  public var description: String {
    let known = CPUFeatures.entries.map { $0.name.description }.joined(separator: " ")
    return "unknown CPU feature \"\(name)\"; known are: \(known)"
  }
}

extension CPUFeatures: CustomStringConvertible {
  /// The names, comma-separated, in the order of declaration: what ``init(parsing:)`` reads.
  public var description: String {
    Self.entries.filter { contains($0.feature) }.map { $0.name.description }.joined(separator: ",")
  }
}
