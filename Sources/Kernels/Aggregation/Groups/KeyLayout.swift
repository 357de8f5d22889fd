/// How the codes of several columns are packed into one word: each as its distance from a base, in as many bits as its range needs.
///
/// A null is 0, and a value its distance plus 1. A single column whose values take all 64 bits goes in as it is, and its null is the
/// table's to keep apart.
struct KeyLayout: Sendable {
  struct Field: Sendable {
    var base: Int64 = 0
    var width = 0
    var shift = 0
    /// What has been seen.
    var low = Int64.max
    var high = Int64.min

    var isEmpty: Bool { low > high }

    /// Distances that fit.
    var limit: UInt64 { width >= 64 ? .max : (1 << UInt64(width)) - 1 }
  }

  var fields: [Field]
  /// Bits of all fields; above 64 the columns cannot be packed.
  var bits = 0
  /// One column alone, as it is.
  var isRaw = false

  init(columnCount: Int) {
    fields = Array(repeating: Field(), count: columnCount)
  }

  /// Takes in a range of codes of a column. True where it does not fit the widths as they are.
  mutating func include(_ column: Int, low: Int64, high: Int64) -> Bool {
    var field = fields[column]
    guard low <= high else { return false }
    field.low = Swift.min(field.low, low)
    field.high = Swift.max(field.high, high)
    fields[column].low = field.low
    fields[column].high = field.high
    if isRaw { return false }
    // Distance plus one must be at most the limit, and the base is never above what was laid out.
    let fits = field.width > 0 && field.low >= field.base && UInt64(bitPattern: field.high &- field.base) < field.limit
    return !fits
  }

  @inline(__always)
  mutating func see(_ column: Int, _ code: Int64) {
    fields[column].low = Swift.min(fields[column].low, code)
    fields[column].high = Swift.max(fields[column].high, code)
  }

  /// Widths for what has been seen, with room for twice the range where that costs nothing, so that ranges that grow bit by bit are laid
  /// out anew a few times only.
  mutating func lay() {
    var shift = 0
    isRaw = false
    for i in fields.indices {
      var field = fields[i]
      if field.isEmpty { (field.low, field.high) = (0, 0) }
      let range = UInt64(bitPattern: field.high &- field.low)
      // Values 1 ... range + 1, and 0 for null.
      let needed = range >= UInt64.max - 1 ? 65 : 64 - (range + 1).leadingZeroBitCount
      let grew = field.width > 0 && needed > 0
      field.width = needed
      if grew && needed < 40 { field.width += 1 }
      field.base = field.low
      if grew && field.width < 64 && !fields[i].isEmpty && field.low < fields[i].base {
        // It grew downwards: the room is left below.
        let room = Int64(bitPattern: field.limit - range - 1)
        let (base, overflow) = field.low.subtractingReportingOverflow(room)
        field.base = overflow ? .min : base
      }
      field.shift = shift
      shift += field.width
      let seen = fields[i]
      fields[i] = field
      (fields[i].low, fields[i].high) = (seen.low, seen.high)
    }
    bits = shift
    if bits > 64 && fields.count == 1 { isRaw = true }
  }
}
