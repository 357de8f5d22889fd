// The format of Apache DataSketches, serial version 1, family 7:
//
//   0 preamble's length in words of 32 bits: 2 list, 3 set, 10 registers   1 version   2 family   3 lgK
//   4 lg of the table's size   5 flags: 4 empty, 8 compact, 16 out of order   6 list: coupons; registers: the least rank
//   7 mode: 0 list, 1 set, 2 registers, and the kind of registers times 4
//   list: coupons from byte 8 on. set: their number at 8, coupons from 12 on.
//   registers: at 8 the estimate in order, 16 and 24 the inverse sums, 32 how many have the least rank, 36 how many exceptions,
//   from 40 on the registers, then exceptions as coupons. Registers of 4 bits hold the rank less the least one, 15 for an exception;
//   those of 6 bits lie one after the other, the lowest bits first, with a byte of 0 behind.

extension HLLSketch {
  /// The sketch as DataSketches' compact form.
  ///
  /// - Complexity: O(2^lgK), one array.
  public func serialized() -> [UInt8] {
    var bytes: [UInt8] = []
    if ranks.isEmpty {
      writeCoupons(&bytes)
    } else {
      writeRegisters(&bytes)
    }
    return bytes
  }

  private func flags(isEmpty: Bool) -> UInt8 { 8 | (isEmpty ? 4 : 0) | (isMerged && !ranks.isEmpty ? 16 : 0) }

  private func writeCoupons(_ bytes: inout [UInt8]) {
    bytes = [
      isList ? 2 : 3, 1, 7, UInt8(lgK), UInt8(coupons.count.trailingZeroBitCount), flags(isEmpty: couponCount == 0),
      isList ? UInt8(couponCount) : 0, (isList ? 0 : 1) | registers.rawValue << 2,
    ]
    if !isList { bytes.appendLittleEndian(UInt32(couponCount)) }
    for coupon in coupons where coupon != 0 { bytes.appendLittleEndian(coupon) }
  }

  private func writeRegisters(_ bytes: inout [UInt8]) {
    let least = registers == .hll4 ? ranks.min() ?? 0 : 0
    let exceptions = registers == .hll4 ? exceptionTable(above: least + 14) : []
    bytes = [
      10, 1, 7, UInt8(lgK), exceptions.isEmpty ? 0 : UInt8(exceptions.count.trailingZeroBitCount),
      flags(isEmpty: false), least, 2 | registers.rawValue << 2,
    ]
    let summary = summary
    for sum in [summary.inOrderEstimate, summary.inverseSum, summary.inverseSumOfHigh] {
      bytes.appendLittleEndian(sum.bitPattern)
    }
    bytes.appendLittleEndian(UInt32(ranks.count { $0 == least }))
    bytes.appendLittleEndian(UInt32(exceptions.count { $0 != 0 }))
    switch registers {
    case .hll8: bytes += ranks
    case .hll6:
      for i in stride(from: 0, to: ranks.count, by: 4) {
        let four = (0..<4).reduce(UInt32(0)) { $0 | UInt32(ranks[i + $1]) << UInt32(6 * $1) }
        bytes += [UInt8(four & 255), UInt8(four >> 8 & 255), UInt8(four >> 16)]
      }
      bytes.append(0)
    case .hll4:
      for i in stride(from: 0, to: ranks.count, by: 2) {
        bytes.append(min(ranks[i] - least, 15) | min(ranks[i + 1] - least, 15) << 4)
      }
      for exception in exceptions where exception != 0 { bytes.appendLittleEndian(exception) }
    }
  }

  /// The ranks above one, as coupons in DataSketches' table.
  private func exceptionTable(above limit: UInt8) -> [UInt32] {
    let exceptions = ranks.indices.filter { ranks[$0] > limit }.map { UInt32(ranks[$0]) << 26 | UInt32($0) }
    if exceptions.isEmpty { return [] }
    // The size that it starts from, by lgK.
    var size = 1 << (lgK < 7 ? 2 : lgK < 10 ? 3 : lgK < 12 ? 4 : lgK < 14 ? 5 : lgK - 8)
    while 4 * exceptions.count > 3 * size { size *= 2 }
    var table = [UInt32](repeating: 0, count: size)
    for exception in exceptions { table[Self.place(of: exception, in: table)] = exception }
    return table
  }

  // MARK: - Reading

  /// The sketch that DataSketches has written, compact or not. Bytes that follow it do not matter.
  ///
  /// - Complexity: O(n); nothing is allocated before the bytes have been seen to be there.
  public init(_ bytes: RawSpan) throws(SketchError) {
    var reader = SketchReader(bytes)
    try reader.require(8)
    let preamble = try reader.read(UInt8.self)
    let (version, family) = (try reader.read(UInt8.self), try reader.read(UInt8.self))
    try reader.check(version == 1 && family == 7, .otherFormat)
    let lgK = Int(try reader.read(UInt8.self))
    try reader.check(4...21 ~= lgK)
    let (lgTable, flags) = (Int(try reader.read(UInt8.self)), try reader.read(UInt8.self))
    let (sixth, mode) = (try reader.read(UInt8.self), try reader.read(UInt8.self))
    guard let registers = Registers(rawValue: mode >> 2 & 3) else { throw SketchError(.corrupt, at: 7) }
    self.init(lgK: lgK, registers: registers)
    let isCompact = flags & 8 != 0
    switch (mode & 3, preamble) {
    case (0, 2):
      try reader.check(sixth < 8)
      if flags & 4 == 0 { try readCoupons(Int(sixth), of: Int(sixth), &reader) }
    case (1, 3):
      let count = Int(try reader.read(UInt32.self))
      try reader.check(lgK >= 8 && count <= 3 << (lgK - 5))
      try reader.check(isCompact || 5...(lgK - 3) ~= lgTable && 4 * count <= 3 << lgTable)
      try readCoupons(count, of: isCompact ? count : 1 << lgTable, &reader)
      // So few would be a list.
      if count > 0 && isList { rehash(32) }
    case (2, 10):
      try readRegisters(least: sixth, isCompact: isCompact, lgTable: lgTable, &reader)
      isMerged = flags & 16 != 0
    default:
      throw SketchError(.corrupt, at: 7)
    }
  }

  /// - Parameter places: how many coupons there are in the bytes, zeros among them.
  private mutating func readCoupons(_ count: Int, of places: Int, _ reader: inout SketchReader) throws(SketchError) {
    try reader.require(4 * places)
    for _ in 0..<places {
      let coupon = try reader.read(UInt32.self)
      try reader.check(coupon == 0 || coupon >> 26 != 0)
      if coupon != 0 { insert(coupon: coupon) }
      try reader.check(ranks.isEmpty)
    }
    try reader.check(couponCount == count)
  }

  private mutating func readRegisters(
    least: UInt8, isCompact: Bool, lgTable: Int, _ reader: inout SketchReader
  ) throws(SketchError) {
    let estimate = try reader.readDouble()
    try reader.check(estimate >= 0 && estimate.isFinite)
    // The sums are made anew, and so is the number of those that have the least rank.
    for _ in 0..<2 { _ = try reader.readDouble() }
    _ = try reader.read(UInt32.self)
    let exceptionCount = Int(try reader.read(UInt32.self))
    let count = 1 << lgK
    let byteCount = registers == .hll8 ? count : registers == .hll6 ? count / 4 * 3 + 1 : count / 2
    try reader.require(byteCount)
    try reader.check(registers == .hll4 ? least <= 63 : least == 0 && exceptionCount == 0)
    try reader.check(exceptionCount <= count)

    var ranks = [UInt8](repeating: 0, count: count)
    let start = reader.position
    func byte(_ i: Int) -> UInt32 { unsafe UInt32(reader.bytes.unsafeLoad(fromByteOffset: start + i, as: UInt8.self)) }
    var exceptional = 0
    for slot in 0..<count {
      var rank: UInt32
      switch registers {
      case .hll8: rank = byte(slot)
      case .hll6: rank = (byte(6 * slot / 8) | byte(6 * slot / 8 + 1) << 8) >> UInt32(6 * slot % 8) & 63
      case .hll4:
        rank = byte(slot / 2) >> UInt32(slot % 2 * 4) & 15
        if rank == 15 {
          exceptional += 1
          rank = 0
        } else {
          rank += UInt32(least)
        }
      }
      try reader.check(rank <= 63)
      ranks[slot] = UInt8(rank)
    }
    reader.position += byteCount
    try reader.check(exceptional == exceptionCount)
    try Self.readExceptions(
      exceptionCount, least: least, isCompact: isCompact, lgTable: lgTable, start, into: &ranks, &reader)
    makeRegisters(ranks, inOrderEstimate: estimate)
  }

  private static func readExceptions(
    _ count: Int, least: UInt8, isCompact: Bool, lgTable: Int, _ start: Int, into ranks: inout [UInt8],
    _ reader: inout SketchReader
  ) throws(SketchError) {
    if count == 0 { return }
    try reader.check(isCompact || 2...ranks.count.trailingZeroBitCount ~= lgTable)
    let places = isCompact ? count : 1 << lgTable
    try reader.require(4 * places)
    var seen = 0
    for _ in 0..<places {
      let coupon = try reader.read(UInt32.self)
      if coupon == 0 && !isCompact { continue }
      let (slot, rank) = (Int(coupon) & (ranks.count - 1), UInt8(coupon >> 26))
      let nibble =
        unsafe reader.bytes.unsafeLoad(fromByteOffset: start + slot / 2, as: UInt8.self) >> UInt8(slot % 2 * 4) & 15
      // Each marked register once.
      try reader.check(nibble == 15 && ranks[slot] == 0 && Int(rank) >= Int(least) + 15)
      ranks[slot] = rank
      seen += 1
    }
    try reader.check(seen == count)
  }
}
