/// How many distinct values there are, approximately, in a form that Apache DataSketches reads and writes.
///
/// Few values are kept as coupons and are counted almost exactly; more turn into 2^lgK registers, with a relative standard error of
/// 0.83 / sqrt(2^lgK) where one sketch saw all values in turn, and 1.04 / sqrt(2^lgK) after a merge: 1.3 % and 1.6 % for lgK 12.
///
/// P. Flajolet, E. Fusy, O. Gandouet, F. Meunier, "HyperLogLog", 2007. Estimates: K. Lang, "Back to the Future: an Even More Nearly
/// Optimal Cardinality Estimation Algorithm", arXiv:1708.06839, 2017 (HIP), and O. Ertl, "New cardinality estimation algorithms for
/// HyperLogLog sketches", arXiv:1702.01284, 2017 (after a merge).
public struct HLLSketch: Sendable {
  /// How registers are serialised; in memory each has a byte.
  public enum Registers: UInt8, Sendable, CaseIterable {
    /// Four bits, and exceptions beside them.
    case hll4 = 0
    case hll6 = 1
    case hll8 = 2
  }

  public let lgK: Int
  public let registers: Registers

  /// While there are few values: a table of coupons, 0 for a free place. Empty where there are registers.
  package internal(set) var coupons: [UInt32]
  package internal(set) var couponCount = 0
  /// 2^lgK bytes, or none.
  package internal(set) var ranks: [UInt8] = []
  /// Kept with each register that rises, until a merge makes the estimate in it void.
  private var running = Summary()
  /// Whether sketches have been merged: the estimate comes from the registers then, not from the order in which they rose.
  public internal(set) var isMerged = false

  /// - Parameters:
  ///   - lgK: the binary logarithm of the registers, 4 ... 21.
  ///   - registers: as what they are serialised.
  public init(lgK: Int = 12, registers: Registers = .hll8) {
    precondition(4...21 ~= lgK, "HLLSketch: lgK must be in 4 ... 21")
    (self.lgK, self.registers) = (lgK, registers)
    coupons = [UInt32](repeating: 0, count: 8)
  }

  public var isEmpty: Bool { ranks.isEmpty ? couponCount == 0 : !ranks.contains { $0 != 0 } }
  /// A list of up to 8 coupons, filled in turn; else a set of more, or registers.
  var isList: Bool { ranks.isEmpty && coupons.count == 8 }
  package var byteCount: Int { coupons.heldBytes + ranks.heldBytes }

  // MARK: - Inserting

  /// Counts an integer; unsigned ones below 2^63 as the signed one.
  @inline(__always)
  public mutating func insert(_ value: Int64) { insert(coupon: HLLHash.coupon(of: UInt64(bitPattern: value))) }

  @inline(__always)
  public mutating func insert(_ value: UInt64) { insert(coupon: HLLHash.coupon(of: value)) }

  /// Counts a float; -0 is +0, and all NaNs are one value.
  @inline(__always)
  public mutating func insert(_ value: Double) { insert(coupon: HLLHash.coupon(of: value)) }

  /// Counts floats.
  public mutating func insert(_ values: Span<Double>) {
    unsafe insert(words: values.bytes, isDouble: true, kernel: HLLScanKernel.all.select(.current))
  }

  /// Counts integers.
  public mutating func insert(_ values: Span<Int64>) {
    unsafe insert(words: values.bytes, isDouble: false, kernel: HLLScanKernel.all.select(.current))
  }

  /// Counts words of eight bytes, aligned; the CPU has what the row requires.
  package mutating func insert(words: RawSpan, isDouble: Bool, kernel: HLLScanKernel) {
    unsafe words.withUnsafeBytes { bytes in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt64.self) else { return }
      let count = bytes.count / 8
      var done = 0
      while done < count && ranks.isEmpty {
        let word = unsafe start[done]
        let (low, high) = HLLHash.hash(isDouble ? HLLHash.bits(Double(bitPattern: word)) : word)
        insertFew(HLLHash.coupon(low, high))
        done &+= 1
      }
      let mask = UInt64(truncatingIfNeeded: ranks.count &- 1)
      unsafe ranks.withUnsafeMutableBufferPointer { ranks in
        guard let ranks = ranks.baseAddress else { return }
        var (high, slot): (UInt64, UInt64) = (0, 0)
        while done < count {
          done &+= unsafe kernel.body(start + done, count &- done, ranks, mask, isDouble, &high, &slot)
          guard done < count else { break }
          unsafe Self.raise(&ranks[Int(truncatingIfNeeded: slot)], high, lgK, isMerged, &running)
          done &+= 1
        }
      }
    }
  }

  /// Counts a string of bytes. The empty one is not counted, as in DataSketches.
  public mutating func insert(_ bytes: RawSpan) {
    if !bytes.isEmpty { insert(coupon: HLLHash.coupon(of: bytes)) }
  }

  @inline(__always)
  package mutating func insert(coupon: UInt32) {
    if ranks.isEmpty { return insertFew(coupon) }
    let slot = Int(coupon) & (ranks.count &- 1) & 0x3ff_ffff
    let rank = UInt8(truncatingIfNeeded: coupon >> 26)
    if rank > ranks[slot] { raise(slot, to: rank) }
  }

  @inline(never)
  private mutating func raise(_ slot: Int, to rank: UInt8) {
    if !isMerged { running.raise(ranks[slot], to: rank, of: ranks.count) }
    ranks[slot] = rank
  }

  @inline(never)
  private static func raise(
    _ rank: inout UInt8, _ high: UInt64, _ lgK: Int, _ isMerged: Bool, _ running: inout Summary
  ) {
    let new = UInt8(truncatingIfNeeded: HLLHash.coupon(0, high) >> 26)
    if new <= rank { return }
    if !isMerged { running.raise(rank, to: new, of: 1 << lgK) }
    rank = new
  }

  @inline(never)
  private mutating func insertFew(_ coupon: UInt32) {
    guard coupon != 0 else { return }
    let place = isList ? coupons.firstIndex { $0 == 0 || $0 == coupon } ?? 0 : Self.place(of: coupon, in: coupons)
    if coupons[place] == coupon { return }
    coupons[place] = coupon
    couponCount += 1
    if isList {
      // DataSketches never keeps a full list.
      if couponCount == 8 { if lgK < 8 { fillRegisters() } else { rehash(32) } }
    } else if 4 * couponCount > 3 * coupons.count {
      if coupons.count == 1 << (lgK - 3) { fillRegisters() } else { rehash(2 * coupons.count) }
    }
  }

  /// Where a coupon is, or the free place where it would be.
  static func place(of coupon: UInt32, in table: [UInt32]) -> Int {
    let mask = table.count - 1
    var place = Int(coupon) & mask
    // Odd, so that it comes by every place.
    let stride = Int(coupon & 0x3ff_ffff) >> table.count.trailingZeroBitCount | 1
    while table[place] != 0 && table[place] != coupon { place = (place + stride) & mask }
    return place
  }

  mutating func rehash(_ count: Int) {
    var larger = [UInt32](repeating: 0, count: count)
    for coupon in coupons where coupon != 0 { larger[Self.place(of: coupon, in: larger)] = coupon }
    coupons = larger
  }

  /// From coupons to registers.
  mutating func fillRegisters() {
    let (old, estimate) = (coupons, isMerged ? 0 : estimate)
    makeRegisters([UInt8](repeating: 0, count: 1 << lgK))
    for coupon in old where coupon != 0 { insert(coupon: coupon) }
    // What the coupons said is better than what they came to.
    running.inOrderEstimate = estimate
  }

  /// From whatever there is to these registers, 2^lgK of at most 63 each.
  mutating func makeRegisters(_ ranks: [UInt8], inOrderEstimate: Double = 0) {
    (coupons, couponCount) = ([], 0)
    self.ranks = ranks
    if !isMerged { running = Summary(ranks, inOrderEstimate: inOrderEstimate) }
  }

  /// What is known of all registers; after a merge, without an estimate.
  var summary: Summary { isMerged ? Summary(ranks, inOrderEstimate: 0) : running }

  /// Counts what another sketch has counted; lgK must be the same.
  public mutating func merge(_ other: borrowing HLLSketch) {
    precondition(lgK == other.lgK, "HLLSketch: other must have the same lgK")
    if other.ranks.isEmpty {
      for coupon in other.coupons where coupon != 0 { insert(coupon: coupon) }
      if !ranks.isEmpty && other.couponCount > 0 { isMerged = true }
      return
    }
    if ranks.isEmpty { fillRegisters() }
    isMerged = true
    unsafe other.ranks.withUnsafeBufferPointer { others in
      unsafe ranks.withUnsafeMutableBufferPointer { ranks in
        // Of one length, as lgK is the same; a plain loop becomes vectors.
        for slot in 0..<Swift.min(ranks.count, others.count) {
          unsafe ranks[slot] = Swift.max(ranks[slot], others[slot])
        }
      }
    }
  }
}

extension HLLSketch {
  /// What is known of all registers.
  struct Summary: Sendable {
    /// Registers that are 0.
    var zeroCount = 0
    /// The sum of 2^-rank: of ranks below 32, and of the others.
    var inverseSum = 0.0
    var inverseSumOfHigh = 0.0
    /// The estimate of a sketch that saw all its values in turn.
    var inOrderEstimate = 0.0

    init() {}

    init(_ ranks: [UInt8], inOrderEstimate: Double) {
      self.inOrderEstimate = inOrderEstimate
      for rank in ranks {
        if rank == 0 { zeroCount &+= 1 }
        if rank < 32 { inverseSum += chance(ofRank: rank) } else { inverseSumOfHigh += chance(ofRank: rank) }
      }
    }

    @inline(never)
    mutating func raise(_ old: UInt8, to rank: UInt8, of registers: Int) {
      // The chance that a new value raises a register is the sum of 2^-rank over their count.
      inOrderEstimate += Double(registers) / (inverseSum + inverseSumOfHigh)
      if old == 0 { zeroCount &-= 1 }
      if old < 32 { inverseSum -= chance(ofRank: old) } else { inverseSumOfHigh -= chance(ofRank: old) }
      if rank < 32 { inverseSum += chance(ofRank: rank) } else { inverseSumOfHigh += chance(ofRank: rank) }
    }
  }
}

/// 2^-rank
@inline(__always)
func chance(ofRank rank: UInt8) -> Double { Double(bitPattern: (1023 - UInt64(rank)) << 52) }
