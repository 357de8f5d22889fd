import Kernels

/// A text, and what the kernels make of it, in memory that is kept.
@safe
final class JSONWork {
  private let text: [UInt8]
  private let output: UnsafeMutableBufferPointer<UInt8>
  private var document = JSONDocument()
  private var workspace = JSONPlan.Workspace()
  private var scratch = Scratch()
  private let fields: JSONPlan
  private let lines: JSONPlan
  /// Of lines, which come in memory of their own.
  private var made: [UInt8] = []
  private var writer = JSONWriter()
  /// Of a short array of numbers.
  private let numbers: UnsafeMutableBufferPointer<Double>

  /// - Parameter isDocument: whether the text is one value, and not lines of them.
  init(_ bytes: [UInt8], isDocument: Bool) throws {
    self.text = bytes
    if isDocument { try unsafe document.parse(bytes.span.bytes) }
    unsafe output = .allocate(capacity: 2 * bytes.count + 4096)
    unsafe numbers = .allocate(capacity: 64)
    fields = try JSONPlan(jmesPath: "statuses[*].{id: id_str, text: text, user: user.screen_name}")
    lines = try JSONPlan(jmesPath: "price > `19.95` && {id: id, device: device} || `null`")
  }

  deinit {
    unsafe output.deallocate()
    unsafe numbers.deallocate()
  }

  /// Does the job once: bytes of what it made, or of what it read.
  func run(_ job: JSONJob) throws -> Int {
    let text = text
    switch job {
    case .validate:
      try unsafe text.withUnsafeBytes { try unsafe JSON.validate($0, scratch: &scratch) }
      return text.count
    case .minify:
      guard let start = unsafe output.baseAddress else { return 0 }
      return try unsafe text.withUnsafeBytes { try unsafe JSON.minify($0, start, scratch: &scratch) }
    case .parse:
      try unsafe document.parse(text.span.bytes)
      return text.count
    case .serialise:
      var room = unsafe OutputSpan(buffer: output, initializedCount: 0)
      guard document.root.serialize(into: &room) else { return 0 }
      return unsafe room.finalize(for: output)
    case .doubles:
      try unsafe document.parse(text.span.bytes)
      writer.removeAll()
      var few = unsafe OutputSpan(buffer: numbers, initializedCount: 0)
      Self.write(document.root, &writer, &few)
      _ = unsafe few.finalize(for: numbers)
      return writer.bytes.count
    case .fields:
      return try unsafe text.withUnsafeBytes { try unsafe fields.apply($0, into: output, workspace: &workspace) }
    case .lines:
      made = try unsafe lines.applyLines(text.span.bytes, skipsNull: true).output
      return made.count
    }
  }

  /// A value from what it stands for, and not from its text.
  private static func write(
    _ value: borrowing JSONValue, _ writer: inout JSONWriter, _ numbers: inout OutputSpan<Double>
  ) {
    switch value.kind {
    case .null: writer.null()
    case .false: writer.bool(false)
    case .true: writer.bool(true)
    case .number: writer.number(value.double ?? .nan)
    case .string: writer.string(value.string ?? "")
    case .array:
      numbers.removeAll()
      if value.doubles(into: &numbers) {
        writer.numbers(numbers.span)
      } else {
        writer.beginArray()
        var elements = value.elements
        while let element = elements.next() { write(element, &writer, &numbers) }
        writer.endArray()
      }
    case .object:
      writer.beginObject()
      var members = value.members
      while let member = members.next() {
        writer.key(member.key.string ?? "")
        write(member.value, &writer, &numbers)
      }
      writer.endObject()
    }
  }

  /// What a run makes, in the form in which it is compared.
  func canonical(_ job: JSONJob) throws -> [UInt8] {
    let count = try run(job)
    switch job {
    case .validate: return []
    case .parse: return try Self.summary(of: text)
    case .lines: return made
    case .doubles: return try Self.summary(of: writer.bytes)
    default: return try canonical(job, unsafe Array(output[..<count]))
    }
  }

  /// The same of what a library made. Texts of one document may be written in more ways than one: their values are compared.
  func canonical(_ job: JSONJob, _ result: [UInt8]) throws -> [UInt8] {
    switch job {
    case .validate, .parse, .lines: result
    case .minify, .serialise, .doubles, .fields: try Self.summary(of: result)
    }
  }

  private static func summary(of text: [UInt8]) throws -> [UInt8] {
    let document = try unsafe JSONDocument(parsing: text.span.bytes)
    return Summary(document.root).bytes
  }
}
