import ArgumentParser
import BenchHarness
import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Groups on standard output.
struct AggregateOutput {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case ndjson, csv, table
  }

  let format: Format

  init(_ format: Format) { self.format = format }

  static var isTerminal: Bool { isatty(1) == 1 }

  func write(_ result: AggregationResult) {
    switch format {
    case .ndjson: writeLines(result)
    case .csv: writeRecords(result)
    case .table: writeTable(result)
    }
  }

  // MARK: - Formats

  private func writeLines(_ result: AggregationResult) {
    var text: [UInt8] = []
    var writer = JSONWriter()
    for row in 0..<result.rowCount {
      writer.removeAll()
      writer.beginObject()
      for column in result.columns {
        writer.key(column.name)
        writer.cell(column, row)
      }
      writer.endObject()
      text += writer.bytes
      text.append(UInt8(ascii: "\n"))
      Self.flush(&text, above: 1 << 16)
    }
    Self.flush(&text, above: 0)
  }

  /// RFC 4180; an empty field is a null, and a string that is empty is quoted, as the reader has them. Lists are JSON.
  private func writeRecords(_ result: AggregationResult) {
    var text = Array(result.columns.map { Self.field($0.name) }.joined(separator: ",").utf8)
    text += Array("\r\n".utf8)
    for row in 0..<result.rowCount {
      for (index, column) in result.columns.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        if !column.isNull(row) { text += Array(Self.field(Self.text(column, row)).utf8) }
      }
      text += Array("\r\n".utf8)
      Self.flush(&text, above: 1 << 16)
    }
    Self.flush(&text, above: 0)
  }

  private func writeTable(_ result: AggregationResult) {
    let cells = result.columns.map { column in
      (0..<result.rowCount).map { column.isNull($0) ? "" : Self.visible(Self.text(column, $0)) }
    }
    let names = result.columns.map { Self.visible($0.name) }
    let widths = zip(names, cells).map { name, cells in cells.reduce(name.count) { max($0, $1.count) } }
    var text: [UInt8] = []
    func line(_ cell: (Int) -> String) {
      var parts: [String] = []
      for (index, column) in result.columns.enumerated() {
        parts.append(
          column.isNumber ? cell(index).leftPadded(widths[index]) : cell(index).padded(widths[index]))
      }
      var line = parts.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      text += Array(line.utf8) + [UInt8(ascii: "\n")]
    }
    line { names[$0] }
    line { String(repeating: "-", count: widths[$0]) }
    for row in 0..<result.rowCount {
      line { cells[$0][row] }
      Self.flush(&text, above: 1 << 16)
    }
    Self.flush(&text, above: 0)
  }

  // MARK: - Cells

  private static func flush(_ text: inout [UInt8], above count: Int) {
    guard text.count > count else { return }
    Terminal.writeOutput(String(decoding: text, as: UTF8.self))
    text.removeAll(keepingCapacity: true)
  }

  private static func text(_ column: ResultColumn, _ row: Int) -> String {
    switch column.values {
    case .strings(let values): return values[row]
    case .double(let values): return "\(values[row])"
    default:
      var writer = JSONWriter()
      writer.cell(column, row)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
  }

  private static func field(_ text: String) -> String {
    guard text.isEmpty || text.utf8.contains(where: { [34, 44, 10, 13].contains($0) }) else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// Control characters of keys would move the table about, or the terminal.
  private static func visible(_ text: String) -> String {
    String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}

extension ResultColumn {
  fileprivate var isNumber: Bool {
    switch values {
    case .int64, .uint64, .double: true
    case .bool, .strings, .counts, .frequent: false
    }
  }
}

extension JSONWriter {
  fileprivate mutating func cell(_ column: ResultColumn, _ row: Int) {
    if column.isNull(row) { return null() }
    switch column.values {
    case .int64(let values): number(values[row])
    case .uint64(let values): number(values[row])
    case .double(let values): number(values[row])
    case .bool(let values): bool(values[row])
    case .strings(let values): string(values[row])
    case .counts(let counts, let perRow):
      beginArray()
      for i in row * perRow..<(row + 1) * perRow { number(counts[i]) }
      endArray()
    case .frequent(let values):
      beginArray()
      for i in (row == 0 ? 0 : values.ends[row - 1])..<values.ends[row] {
        beginObject()
        key("value")
        switch values.keys {
        case .int64(let keys): number(keys[i])
        case .uint64(let keys): number(keys[i])
        case .double(let keys): number(keys[i])
        }
        key("count")
        number(values.counts[i])
        key("error")
        number(values.errors[i])
        endObject()
      }
      endArray()
    }
  }
}
