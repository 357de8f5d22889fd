extension AggregationCore {
  /// The codes of the block's keys.
  @unsafe
  mutating func encode(
    _ columns: UnsafeBufferPointer<InputColumn>, _ places: borrowing PlanColumns, _ first: Int, _ count: Int,
    _ block: AggregationScratch.Block, _ dictionaries: inout [[Int64]]
  ) -> Bool {
    var hasNulls = false
    for key in keyClasses.indices {
      let column = unsafe columns[places.keys[key]]
      let index = key + firstKey
      let codes = unsafe block.codes + index * AggregationScratch.blockRows
      switch column.type {
      case .utf8, .largeUTF8:
        unsafe strings[key].numbers(
          column.strings, first: column.offset + first, count: count, valid: column.validity,
          validOffset: column.offset + first, codes: codes, hashes: block.hashes)
      case .dictionary:
        unsafe encodeDictionary(key, column, first, count, codes, block, &dictionaries[key], &hasNulls)
      default:
        let wide = unsafe column.wide(first, count, block.values).assumingMemoryBound(to: Int64.self)
        unsafe codes.update(from: wide, count: count)
      }
      if let validity = unsafe column.validity {
        for row in 0..<count where unsafe !validity.bit(column.offset &+ first &+ row) {
          unsafe setNull(index, row, count, codes, block, &hasNulls)
        }
      }
    }
    return hasNulls
  }

  @inline(__always)
  @unsafe
  private func setNull(
    _ index: Int, _ row: Int, _ count: Int, _ codes: UnsafeMutablePointer<Int64>, _ block: AggregationScratch.Block,
    _ hasNulls: inout Bool
  ) {
    if !hasNulls {
      unsafe block.masks.update(repeating: 0, count: count)
      hasNulls = true
    }
    unsafe codes[row] = 0
    unsafe block.masks[row] |= 1 << UInt64(index)
  }

  @unsafe
  private mutating func encodeDictionary(
    _ key: Int, _ column: InputColumn, _ first: Int, _ count: Int, _ codes: UnsafeMutablePointer<Int64>,
    _ block: AggregationScratch.Block, _ numbers: inout [Int64], _ hasNulls: inout Bool
  ) {
    let raw = unsafe column.wide(first, count, block.values).assumingMemoryBound(to: Int64.self)
    if first == 0 || numbers.count != column.dictionaryCount {
      numbers.removeAll(keepingCapacity: true)
      numbers.append(contentsOf: repeatElement(-1, count: column.dictionaryCount))
    }
    var missing = false
    unsafe numbers.withUnsafeBufferPointer { numbers in
      if unsafe column.validity == nil {
        for row in 0..<count {
          let code = unsafe numbers[Int(raw[row])]
          unsafe codes[row] = code
          missing = missing || code < 0
        }
      } else {
        for row in 0..<count {
          // Under a null any code may stand.
          guard column.isValid(first &+ row) else {
            unsafe codes[row] = 0
            continue
          }
          let code = unsafe numbers[Int(raw[row])]
          unsafe codes[row] = code
          missing = missing || code < 0
        }
      }
    }
    guard missing else { return }
    for row in 0..<count where unsafe codes[row] < 0 {
      let code = unsafe Int(raw[row])
      if let validity = unsafe column.dictionaryValidity, unsafe !validity.bit(column.dictionaryOffset + code) {
        unsafe setNull(key + firstKey, row, count, codes, block, &hasNulls)
        continue
      }
      if numbers[code] < 0 {
        let (start, length) = column.strings.bounds(column.dictionaryOffset + code)
        let bytes =
          unsafe column.strings.bytes.map { unsafe UnsafeRawPointer($0) + start } ?? UnsafeRawPointer(block.values)
        unsafe numbers[code] = Int64(strings[key].number(bytes, length))
      }
      unsafe codes[row] = numbers[code]
    }
  }

  // MARK: - A dictionary alone

  /// Groups of rows whose one key is a code without nulls: each code's group is looked up once a batch. False, with nothing done, for others.
  @unsafe
  mutating func resolveLoneDictionary(
    _ column: InputColumn, _ first: Int, _ count: Int, _ block: AggregationScratch.Block, _ groups: inout [Int64]
  ) -> Bool {
    guard case .dictionary(let codes, _) = column.type, unsafe column.validity == nil,
      let values = unsafe column.values, !isFrozen
    else { return false }
    if first == 0 || groups.count != column.dictionaryCount {
      groups.removeAll(keepingCapacity: true)
      groups.append(contentsOf: repeatElement(-1, count: column.dictionaryCount))
    }
    let offset = column.offset + first
    while true {
      let isKnown =
        switch codes {
        case .int8: unsafe look(Int8.self, values, offset, count, block.groups, groups)
        case .int16: unsafe look(Int16.self, values, offset, count, block.groups, groups)
        case .int32: unsafe look(Int32.self, values, offset, count, block.groups, groups)
        case .int64, .uint64: unsafe look(Int64.self, values, offset, count, block.groups, groups)
        case .uint8: unsafe look(UInt8.self, values, offset, count, block.groups, groups)
        case .uint16: unsafe look(UInt16.self, values, offset, count, block.groups, groups)
        case .uint32: unsafe look(UInt32.self, values, offset, count, block.groups, groups)
        }
      if isKnown { return true }
      unsafe open(column, first, count, block, &groups)
    }
  }

  /// Groups of codes; false where one is not known.
  @inline(__always)
  @unsafe
  private func look<T: FixedWidthInteger & BitwiseCopyable>(
    _: T.Type, _ values: UnsafeRawPointer, _ offset: Int, _ count: Int, _ out: UnsafeMutablePointer<UInt32>,
    _ groups: [Int64]
  ) -> Bool {
    let size = MemoryLayout<T>.size
    let values = unsafe values + offset &* size
    return unsafe groups.withUnsafeBufferPointer { groups in
      let groups = unsafe groups.baseAddress.unsafelyUnwrapped
      var all: Int64 = 0
      for row in 0..<count {
        let group = unsafe groups[
          Int(truncatingIfNeeded: values.loadUnaligned(fromByteOffset: row &* size, as: T.self))]
        unsafe out[row] = UInt32(truncatingIfNeeded: group)
        all |= group
      }
      return all >= 0
    }
  }

  /// Looks up the groups of the codes of a block that are not known yet. Nothing is refused here.
  @inline(never)
  @unsafe
  private mutating func open(
    _ column: InputColumn, _ first: Int, _ count: Int, _ block: AggregationScratch.Block, _ groups: inout [Int64]
  ) {
    let raw = unsafe column.wide(first, count, block.values).assumingMemoryBound(to: Int64.self)
    for row in 0..<count {
      let code = unsafe Int(raw[row])
      if groups[code] >= 0 { continue }
      let place = column.dictionaryOffset + code
      let isNull = unsafe column.dictionaryValidity.map { unsafe !$0.bit(place) } ?? false
      var (number, mask, key, group) = (Int64(0), UInt64(isNull ? 1 : 0), UInt64(0), UInt32(0))
      if !isNull {
        let (start, length) = column.strings.bounds(place)
        let bytes = unsafe column.strings.bytes.map { unsafe UnsafeRawPointer($0) + start } ?? UnsafeRawPointer(raw)
        number = unsafe Int64(strings[0].number(bytes, length))
      }
      unsafe withUnsafeMutablePointer(to: &mask) { mask in
        unsafe withUnsafeMutablePointer(to: &key) { key in
          unsafe withUnsafeMutablePointer(to: &group) { group in
            unsafe withUnsafeMutablePointer(to: &number) { number in
              unsafe table.resolve(
                number, stride: 1, count: 1, masks: isNull ? UnsafePointer(mask) : nil, keys: key, groups: group)
            }
          }
        }
      }
      groups[code] = Int64(group)
    }
  }
}
