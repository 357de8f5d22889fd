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

/// A file of rows, read piece by piece.
struct AggregateInput {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case ndjson, csv
  }

  /// What has been read so far.
  struct Totals {
    var rows = 0
    var bytes = 0
  }

  let path: String
  let format: Format?

  init(path: String, format: Format?) {
    self.path = path
    if let format {
      self.format = format
    } else if path.hasSuffix(".csv") {
      self.format = .csv
    } else if [".ndjson", ".jsonl", ".json"].contains(where: path.hasSuffix) {
      self.format = .ndjson
    } else {
      self.format = nil
    }
  }

  private static let pieceSize = 1 << 22

  private var name: String { path == "-" ? "standard input" : path }

  /// Folds all rows. Where one is refused, those of the pieces before it have been folded.
  func fold(into aggregator: inout Aggregator, _ totals: inout Totals, _ terminal: Terminal) throws(BenchError) {
    let file = path == "-" ? 0 : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(errno) }
    defer { if file > 0 { close(file) } }
    let size = Self.size(file)
    var reader = CSVReader()
    var format = format
    var buffer: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    // Of the buffer's first byte in the file.
    var (offset, line) = (0, 1)
    let start = Clock.nanoseconds
    var shown = start
    var isLast = false
    while !isLast {
      isLast = try fill(&buffer, from: file, &chunk)
      let kind = format ?? (buffer.first { $0 > 32 } == UInt8(ascii: "{") ? .ndjson : .csv)
      if !buffer.isEmpty { format = kind }
      let rowsBefore = reader.rowCount
      let used: Int
      do throws(AggregationError) {
        switch kind {
        case .ndjson:
          used = isLast ? buffer.count : (buffer.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0)
          totals.rows += unsafe try aggregator.update(ndjson: buffer.span.bytes.extracting(0..<used))
        case .csv:
          used = unsafe try reader.update(&aggregator, csv: buffer.span.bytes, isLast: isLast)
          totals.rows += reader.rowCount - rowsBefore
        }
      } catch {
        terminal.clearProgress()
        throw refused(error, buffer, offset, line)
      }
      totals.bytes += used
      offset += used
      line += buffer[..<used].count { $0 == UInt8(ascii: "\n") }
      buffer.removeSubrange(..<used)
      if Clock.nanoseconds - shown > 100_000_000 {
        shown = Clock.nanoseconds
        terminal.showProgress(progress(offset, size, totals, Double(shown - start) / 1e9))
      }
    }
  }

  /// Fills the buffer up; true at the end of the file.
  private func fill(_ buffer: inout [UInt8], from file: Int32, _ chunk: inout [UInt8]) throws(BenchError) -> Bool {
    // What is left of the last piece is the start of a row: one that is longer than a piece makes the next one longer.
    let goal = buffer.count + Self.pieceSize
    while buffer.count < goal {
      let count = unsafe read(file, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { throw unreadable(errno) }
      if count == 0 { return true }
      buffer += chunk[..<count]
    }
    return false
  }

  // MARK: - What is told

  private func unreadable(_ code: Int32) -> BenchError {
    BenchError("cannot read \(name): \(Errno(code: code)); name a file that can be read, or - for standard input")
  }

  private func refused(_ error: AggregationError, _ buffer: [UInt8], _ offset: Int, _ line: Int) -> BenchError {
    switch error.code {
    case .invalidData where error.message == "the column is missing":
      return BenchError("\(name): \(error); name a column of the file in the plan")
    case .invalidData:
      let at = min(error.offset, buffer.count)
      let lines = buffer[..<at].count { $0 == UInt8(ascii: "\n") }
      return BenchError(
        "\(name), line \(line + lines), byte \(offset + at): \(error); mend the row or leave it out, and start again")
    case .limitExceeded where error.field == "memory_limit":
      return BenchError(
        "\(name): \(error); raise --memory-limit, or say \"overflow\": \"sketch\" in the plan to fold what is new together"
      )
    default:
      return BenchError("\(name), from line \(line) on: \(error); mend the row or leave it out, and start again")
    }
  }

  private func progress(_ done: Int, _ size: Int?, _ totals: Totals, _ seconds: Double) -> String {
    let part = size.map { " of \(Totals.megabytes($0)), \(100 * done / max($0, 1)) %" } ?? ""
    let rate = Totals.millions(Double(totals.rows) / max(seconds, 1e-9))
    return "\(name): \(Totals.megabytes(done))\(part), \(totals.rows) rows, \(rate) rows/s"
  }

  /// Of a regular file.
  private static func size(_ file: Int32) -> Int? {
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }
}

extension AggregateInput.Totals {
  /// One line of what it took.
  func summary(seconds: Double, groups: Int, stateBytes: Int, late: UInt64, overflow: UInt64) -> String {
    var text = "\(rows) rows, \(Self.megabytes(bytes)) in \(Self.fixed(seconds, 3)) s"
    if rows > 0 && seconds > 0 { text += ": \(Self.millions(Double(rows) / seconds)) rows/s" }
    text += "; \(groups) groups in \(Self.megabytes(stateBytes))"
    if late > 0 { text += "; \(late) rows came late and were left out" }
    if overflow > 0 { text += "; \(overflow) rows of groups past the memory limit were folded together" }
    return text + "\n"
  }

  static func millions(_ value: Double) -> String { fixed(value / 1e6, 2) + " M" }
  static func megabytes(_ bytes: Int) -> String { fixed(Double(bytes) / 1e6, 1) + " MB" }

  static func fixed(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let rounded = Int((value * Double(scale)).rounded())
    return "\(rounded / scale)." + "\(scale + rounded % scale)".dropFirst()
  }
}
