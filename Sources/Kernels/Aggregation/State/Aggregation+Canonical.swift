extension Aggregation {
  /// What makes states of two plans fit together, as bytes: keys, aggregates and window. The memory limit is each aggregator's own.
  var canonicalBytes: [UInt8] {
    var bytes: [UInt8] = []
    func append(_ name: String) {
      bytes.appendLittleEndian(UInt32(clamping: name.utf8.count))
      bytes.append(contentsOf: name.utf8)
    }
    bytes.appendLittleEndian(UInt32(keys.count))
    for key in keys { append(key) }
    bytes.appendLittleEndian(UInt32(aggregates.count))
    for aggregate in aggregates {
      append(aggregate.operation.name)
      append(aggregate.column ?? "")
      bytes.append(aggregate.column == nil ? 0 : 1)
      append(aggregate.name)
      switch aggregate.operation {
      case .quantile(let q): bytes.appendLittleEndian(q.bitPattern)
      case .topK(let k): bytes.appendLittleEndian(UInt64(k))
      case .histogram(let bounds):
        bytes.appendLittleEndian(UInt64(bounds.count))
        // Both zeros bound the same.
        for bound in bounds { bytes.appendLittleEndian((bound + 0).bitPattern) }
      default: break
      }
    }
    guard let window else {
      bytes.append(0)
      return bytes
    }
    switch window.kind {
    case .tumbling(let size):
      bytes.append(1)
      bytes.appendLittleEndian(size)
    case .hopping(let size, let hop):
      bytes.append(2)
      bytes.appendLittleEndian(size)
      bytes.appendLittleEndian(hop)
    case .session(let gap):
      bytes.append(3)
      bytes.appendLittleEndian(gap)
    case .sliding(let size):
      bytes.append(4)
      bytes.appendLittleEndian(size)
    }
    append(window.time)
    bytes.appendLittleEndian(window.lateness)
    return bytes
  }
}
