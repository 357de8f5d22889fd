import CKernels

// MARK: - Bytes

// A group's state is a tag and what it announces. Tag 0: nothing seen. 1 + n: n doubles, each the rest of the sum rounded to nearest,
// largest first. 128 + special values: those alone. 127: a sum that rounds to an infinity, as a sign and 34 words of 64 bits in units of
// 2^-1074. States of many groups are their tags, and then what those announce.
extension ExactSumAccumulator {
  package var blank: Self { .init() }
  private static var beyondRange: UInt8 { 127 }
  /// Up to two doubles.
  private static var largestPlain: UInt8 { 3 }

  // MARK: Of many groups

  package func write(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    let start = unsafe writer.reserve(17 * groups.count)
    var place = groups.count
    var hasSpecial = false
    unsafe entries.withUnsafeBufferPointer { entries in
      unsafe integers.withUnsafeBufferPointer { integers in
        for i in groups.indices {
          let group = unsafe Int(groups[i])
          // Groups come in the order of their keys, from anywhere in memory.
          let ahead = unsafe Int(groups[Swift.min(i &+ 16, groups.count &- 1)])
          unsafe ck_prefetch(entries.baseAddress.unsafelyUnwrapped + ahead)
          let entry = unsafe entries[group]
          var (first, second) = ErrorFree.sum(entry.high, entry.low)
          var isEmpty = entry.isEmpty
          if let scale, unsafe integers[group].isUsed {
            if isEmpty {
              (first, second) = unsafe scale.terms(integers[group])
            } else {
              let (entry, overflow) = state(group)
              (first, second) = ErrorFree.sum(entry.high, entry.low)
              hasSpecial = hasSpecial || overflow != nil
            }
            isEmpty = false
          }
          // Written whether they count or not, and overwritten where not.
          unsafe start.storeBytes(of: first.bitPattern.littleEndian, toByteOffset: place, as: UInt64.self)
          unsafe start.storeBytes(of: second.bitPattern.littleEndian, toByteOffset: place &+ 8, as: UInt64.self)
          let terms = (first != 0 ? 1 : 0) &+ (second != 0 ? 1 : 0)
          let tag = UInt8(truncatingIfNeeded: terms &+ (isEmpty ? 0 : 1))
          unsafe start.storeBytes(of: tag, toByteOffset: i, as: UInt8.self)
          place &+= 8 &* terms
          if second != second || !overflows.isEmpty && overflows[group] != nil { hasSpecial = true }
        }
      }
    }
    if !hasSpecial { return unsafe writer.advance(place) }
    unsafe writeSpecial(groups, into: &writer)
  }

  /// The same where some sums are not two doubles.
  @inline(never)
  private func writeSpecial(_ groups: UnsafeBufferPointer<UInt32>, into writer: inout StateWriter) {
    var (tags, terms, state) = ([UInt8](), [UInt8](), [UInt8]())
    for i in groups.indices {
      state.removeAll(keepingCapacity: true)
      unsafe write(group: Int(groups[i]), into: &state)
      tags.append(state[0])
      terms.append(contentsOf: state[1...])
    }
    writer.append(tags)
    writer.append(terms)
  }

  package func stage(count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedState<Self>? {
    guard bytes.count >= count else { return nil }
    var (terms, largest) = (0, UInt8(0))
    for i in 0..<count {
      let tag = unsafe bytes[i]
      largest = Swift.max(largest, tag)
      terms &+= Int(tag) &- (tag == 0 ? 0 : 1)
    }
    guard largest <= Self.largestPlain else { return unsafe stageSpecial(count, bytes) }
    guard bytes.count == count + 8 * terms, unsafe Self.areTerms(bytes, from: count, terms) else { return nil }
    if largest < Self.largestPlain { return .bytes }
    var place = count
    // Bits that the second of two terms changes of the first.
    var changed: UInt64 = 0
    for i in 0..<count {
      let (first, second) = unsafe Self.terms(bytes, tag: bytes[i], at: &place)
      changed |= (first + second).bitPattern ^ first.bitPattern
    }
    return changed == 0 ? .bytes : nil
  }

  /// Whether doubles are finite and not zero, all of them.
  ///
  /// - `bytes` holds `count` from `start` on.
  @unsafe
  private static func areTerms(_ bytes: UnsafeRawBufferPointer, from start: Int, _ count: Int) -> Bool {
    // Below 0 where a magnitude is zero, or above the greatest that is finite.
    var wrong: Int64 = 0
    for i in 0..<count {
      let magnitude = unsafe bytes.littleEndian(Int64.self, at: start &+ 8 &* i) & .max
      wrong |= (magnitude &- 1) | (0x7FEF_FFFF_FFFF_FFFF &- magnitude)
    }
    return wrong >= 0
  }

  /// Whether every state is one double, as many are.
  @unsafe
  private static func areSingle(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> Bool {
    var others: UInt8 = 0
    for i in 0..<count { unsafe others |= bytes[i] ^ 2 }
    return others == 0
  }

  /// The up to two doubles of a state, zeros for those that are not there. Without a branch on the tag, which is as good as random, but where
  /// no two doubles are left to read.
  ///
  /// - What the tag announces, at most two doubles, is readable at `position`.
  @inline(__always)
  @unsafe
  private static func terms(
    _ bytes: UnsafeRawBufferPointer, tag: UInt8, at position: inout Int
  ) -> (first: Double, second: Double) {
    if position &+ 16 > bytes.count { return unsafe lastTerms(bytes, tag: tag, at: &position) }
    let (hasFirst, hasSecond) = (UInt64(tag >> 1), UInt64((tag &+ 1) >> 2))
    let first = unsafe bytes.littleEndian(UInt64.self, at: position) & (0 &- hasFirst)
    let second = unsafe bytes.littleEndian(UInt64.self, at: position &+ 8) & (0 &- hasSecond)
    position &+= Int(truncatingIfNeeded: 8 &* (hasFirst &+ hasSecond))
    return (Double(bitPattern: first), Double(bitPattern: second))
  }

  /// The same with nothing read that is not there.
  @inline(never)
  @unsafe
  private static func lastTerms(
    _ bytes: UnsafeRawBufferPointer, tag: UInt8, at position: inout Int
  ) -> (first: Double, second: Double) {
    var (first, second): (UInt64, UInt64) = (0, 0)
    if tag >= 2 { unsafe first = bytes.readLittleEndian(at: &position) ?? 0 }
    if tag >= 3 { unsafe second = bytes.readLittleEndian(at: &position) ?? 0 }
    return (Double(bitPattern: first), Double(bitPattern: second))
  }

  /// The same where some are not two doubles.
  @inline(never)
  private func stageSpecial(_ count: Int, _ bytes: UnsafeRawBufferPointer) -> StagedState<Self>? {
    var staged = blank
    staged.grow(to: count)
    var place = count
    for group in 0..<count {
      guard unsafe staged.read(group: group, tag: bytes[group], from: bytes, at: &place) else { return nil }
    }
    return place == bytes.count ? .read(staged) : nil
  }

  package mutating func merge(_ bytes: UnsafeRawBufferPointer, into targets: UnsafeBufferPointer<UInt32>) {
    let areSingle = unsafe Self.areSingle(bytes, targets.count)
    var (i, place) = (0, targets.count)
    while i < targets.count {
      let (row, before) = unsafe entries.withUnsafeMutableBufferPointer { entries in
        let entries = unsafe entries.baseAddress.unsafelyUnwrapped
        if areSingle { return unsafe Self.mergeSingle(bytes, targets, from: i, entries) }
        return unsafe Self.mergePlain(bytes, targets, from: i, place, entries)
      }
      (i, place) = (row, before)
      if i == targets.count { break }
      // What the two doubles do not hold.
      let terms = unsafe Self.terms(bytes, tag: bytes[i], at: &place)
      unsafe add(terms.first, toGroup: Int(targets[i]))
      unsafe add(terms.second, toGroup: Int(targets[i]))
      i &+= 1
    }
  }

  /// Merges states that are one double each, two at a time, as long as two doubles hold the sums; answers which does not fit, and where
  /// it stands. No two states go into one group.
  @inline(never)
  @unsafe
  private static func mergeSingle(
    _ bytes: UnsafeRawBufferPointer, _ targets: UnsafeBufferPointer<UInt32>, from start: Int,
    _ entries: UnsafeMutablePointer<Entry>
  ) -> (Int, Int) {
    let count = targets.count
    let terms = unsafe bytes.baseAddress.unsafelyUnwrapped + count
    let targets = unsafe targets.baseAddress.unsafelyUnwrapped
    var i = start
    while i &+ 2 <= count {
      let a = unsafe entries + Int(targets[i])
      let b = unsafe entries + Int(targets[i &+ 1])
      let first = unsafe UInt64(littleEndian: terms.loadUnaligned(fromByteOffset: 8 &* i, as: UInt64.self))
      let second = unsafe UInt64(littleEndian: terms.loadUnaligned(fromByteOffset: 8 &* i &+ 8, as: UInt64.self))
      let new = SIMD2(Double(bitPattern: first), Double(bitPattern: second))
      let (high, low) = unsafe (SIMD2(a.pointee.high, b.pointee.high), SIMD2(a.pointee.low, b.pointee.low))
      let (sum, rest) = sum(high, new)
      let (small, left) = Self.sum(low, rest)
      if left[0] != 0 || left[1] != 0 { break }
      unsafe a.pointee = Entry(high: sum[0], low: small[0])
      unsafe b.pointee = Entry(high: sum[1], low: small[1])
      i &+= 2
    }
    return (i, count &+ 8 &* i)
  }

  /// Merges states of up to two doubles, the second far smaller than the first, as long as two doubles hold the sums; answers which does not
  /// fit, and where its doubles stand. The larger and the smaller halves of both sums are added side by side.
  @inline(never)
  @unsafe
  private static func mergePlain(
    _ bytes: UnsafeRawBufferPointer, _ targets: UnsafeBufferPointer<UInt32>, from start: Int, _ place: Int,
    _ entries: UnsafeMutablePointer<Entry>
  ) -> (Int, Int) {
    let count = targets.count
    let targets = unsafe targets.baseAddress.unsafelyUnwrapped
    var (i, place) = (start, place)
    while i < count {
      let before = place
      let tag = unsafe bytes[i]
      let terms = unsafe terms(bytes, tag: tag, at: &place)
      let entry = unsafe entries + Int(targets[i])
      // A term that is not there is zero, and adding that changes nothing but whether there is a sum.
      let (sum, rest) = unsafe sum(SIMD2(entry.pointee.high, entry.pointee.low), SIMD2(terms.first, terms.second))
      let (low, left) = ErrorFree.sum(sum[1], rest[0])
      if left != 0 || rest[1] != 0 { return (i, before) }
      if tag != 0 { unsafe entry.pointee = Entry(high: sum[0], low: low) }
      i &+= 1
    }
    return (i, place)
  }

  /// As ``ErrorFree/sum(_:_:)``, two at a time.
  @inline(__always)
  private static func sum(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> (SIMD2<Double>, SIMD2<Double>) {
    let sum = a + b
    let seen = sum - a
    return (sum, (a - (sum - seen)) + (b - seen))
  }

  package mutating func load(_ bytes: UnsafeRawBufferPointer, count: Int) {
    var place = count
    entries = unsafe [Entry](unsafeUninitializedCapacity: count) { entries, initialized in
      for i in 0..<count {
        let tag = unsafe bytes[i]
        let terms = unsafe Self.terms(bytes, tag: tag, at: &place)
        unsafe entries[i] = Entry(
          high: tag == 0 ? Entry().high : terms.first, low: tag == 0 ? Entry().low : terms.second)
      }
      initialized = count
    }
  }

  // MARK: Of one

  package func write(group: Int, into bytes: inout [UInt8]) {
    let (entry, overflow) = state(group)
    if let overflow { return Self.write(entry, overflow, into: &bytes) }
    if entry.isEmpty { return bytes.append(0) }
    let (first, second) = ErrorFree.sum(entry.high, entry.low)
    guard second == second else { return Self.write(entry, Overflow(), into: &bytes) }
    bytes.append(first == 0 ? 1 : second == 0 ? 2 : 3)
    if first != 0 { bytes.appendLittleEndian(first.bitPattern) }
    if second != 0 { bytes.appendLittleEndian(second.bitPattern) }
  }

  private static func write(_ entry: Entry, _ overflow: Overflow, into bytes: inout [UInt8]) {
    if !overflow.special.isEmpty { return bytes.append(128 | overflow.special.rawValue) }
    let sum = total(entry, overflow.sum)
    if let terms = terms(sum) {
      bytes.append(UInt8(1 + terms.count))
      for term in terms { bytes.appendLittleEndian(term.bitPattern) }
    } else {
      bytes.append(beyondRange)
      let integer = sum.integer
      bytes.append(integer.isNegative ? 1 : 0)
      for i in 0..<34 { bytes.appendLittleEndian(i < integer.limbs.count ? integer.limbs[i] : 0) }
    }
  }

  /// The sum rounded, then the rest rounded, and so on to nothing; nil where the first is infinite.
  private static func terms(_ sum: SuperAccumulator) -> [Double]? {
    var (rest, terms) = (sum, [Double]())
    while true {
      let term = rest.rounded
      if term.isInfinite { return nil }
      if term == 0 { return terms }
      terms.append(term)
      rest.subtract(term)
    }
  }

  @unsafe
  package mutating func read(group: Int, from bytes: UnsafeRawBufferPointer, at position: inout Int) -> Bool {
    var at = position
    guard let tag = unsafe bytes.readLittleEndian(UInt8.self, at: &at),
      unsafe read(group: group, tag: tag, from: bytes, at: &at)
    else { return false }
    position = at
    return true
  }

  /// The same where the tag stands elsewhere.
  @unsafe
  private mutating func read(
    group: Int, tag: UInt8, from bytes: UnsafeRawBufferPointer, at position: inout Int
  ) -> Bool {
    var at = position
    var (entry, overflow) = (Entry(high: 0, low: 0), nil as Overflow?)
    if tag == 0 {
      entry = Entry()
    } else if tag > 128 {
      guard SpecialValues.all.isSuperset(of: SpecialValues(rawValue: tag & 127)) else { return false }
      overflow = Overflow(special: SpecialValues(rawValue: tag & 127))
    } else if tag == Self.beyondRange {
      guard let sum = unsafe Self.readBeyondRange(bytes, &at) else { return false }
      overflow = Overflow(sum: sum)
    } else {
      guard tag <= 64, let terms = unsafe Self.readTerms(Int(tag) - 1, bytes, &at) else { return false }
      if terms.0 != 0 { entry = Entry(high: terms.0, low: terms.1) }
      if let rest = terms.rest { overflow = Overflow(sum: rest) }
    }
    reset(group)
    entries[group] = entry
    if let overflow { overflows[group] = overflow }
    position = at
    return true
  }

  /// The first two of `count` terms, and the sum of the others. nil where they are not what ``terms(_:)`` gives.
  private static func readTerms(
    _ count: Int, _ bytes: UnsafeRawBufferPointer, _ at: inout Int
  ) -> (Double, Double, rest: SuperAccumulator?)? {
    var (first, second) = (0.0, 0.0)
    var others: [Double] = []
    for i in 0..<count {
      guard let bits = unsafe bytes.readLittleEndian(UInt64.self, at: &at) else { return nil }
      let term = Double(bitPattern: bits)
      guard term.isFinite, term != 0 else { return nil }
      switch i {
      case 0: first = term
      case 1: second = term
      default: others.append(term)
      }
    }
    if others.isEmpty { return first + second == first ? (first, second, nil) : nil }
    var rest = SuperAccumulator(.values)
    for term in others { rest.add(term) }
    var sum = rest
    sum.add(first)
    sum.add(second)
    guard let terms = terms(sum), terms == [first, second] + others else { return nil }
    return (first, second, rest)
  }

  private static func readBeyondRange(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> SuperAccumulator? {
    guard let sign = unsafe bytes.readLittleEndian(UInt8.self, at: &at), sign <= 1 else { return nil }
    var limbs: [UInt64] = []
    for _ in 0..<34 {
      guard let limb = unsafe bytes.readLittleEndian(UInt64.self, at: &at) else { return nil }
      limbs.append(limb)
    }
    let integer = BigInteger(isNegative: sign == 1, limbs: limbs)
    // 2^63 values below 2^1024 each.
    guard integer.bitWidth <= 2098 + 63, integer.rounded(exponent: -1074).isInfinite else { return nil }
    var sum = SuperAccumulator(.values)
    sum.add(integer)
    return sum
  }
}
