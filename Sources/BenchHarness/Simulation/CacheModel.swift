/// The two levels of caches that callgrind models: the first for instructions and for data, and the last. What is between
/// them is not modelled.
package struct CacheModel: Hashable, Codable, Sendable {
  package let i1: Level
  package let d1: Level
  package let ll: Level

  package struct Level: Hashable, Codable, Sendable {
    package let bytes: Int
    package let ways: Int
    package let line: Int

    package init(bytes: Int, ways: Int, line: Int) { (self.bytes, self.ways, self.line) = (bytes, ways, line) }

    /// "32768,8,64", as valgrind's options take it.
    package var option: String { "\(bytes),\(ways),\(line)" }

    /// "32.0 KiB, 8 ways".
    package var text: String { "\(Format.bytes(Double(bytes))), \(ways) way\(ways == 1 ? "" : "s")" }

    /// The nearest cache that valgrind takes: lines and sets in powers of two (Valgrind User Manual, section 5.3, "Cachegrind
    /// Command-line Options"). The sets are rounded down and the ways made up for it, so that the size stays as near as may be.
    package init(_ cache: Cache) {
      let line = Self.powerOfTwo(notAbove: max(16, cache.line ?? 64))
      let wanted = max(1, cache.ways ?? 8)
      let sets = Self.powerOfTwo(notAbove: max(1, cache.bytes / (line * wanted)))
      let ways = max(1, Int((Double(cache.bytes) / Double(sets * line)).rounded()))
      self.init(bytes: sets * ways * line, ways: ways, line: line)
    }

    private static func powerOfTwo(notAbove value: Int) -> Int { 1 << (Int.bitWidth - 1 - value.leadingZeroBitCount) }
  }

  /// - Returns: nil where the first or the last cache for data is not known. Without a cache of its own for instructions they
  ///   are modelled with one like that for data.
  package init?(_ caches: CacheTopology) {
    let data = caches.caches.filter { $0.kind != .instruction }
    guard let first = data.first(where: { $0.level == 1 }), let last = data.max(by: { $0.level < $1.level }),
      last.level > 1
    else { return nil }
    d1 = Level(first)
    i1 = Level(caches.caches.first { $0.level == 1 && $0.kind == .instruction } ?? first)
    ll = Level(last)
  }
}
