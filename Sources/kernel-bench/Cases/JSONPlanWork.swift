import BenchHarness
import KernelBenchmark
import Kernels

/// A text, a plan, and memory for what comes out.
@safe
final class JSONPlanWork {
  private let text: [UInt8]
  private let input: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableBufferPointer<UInt8>
  private var workspace = JSONPlan.Workspace()
  /// Bytes, or rows, that came out last.
  private var made = 0

  init(_ text: String) {
    self.text = Array(text.utf8)
    unsafe input = .allocate(byteCount: self.text.count, alignment: 64)
    unsafe input.copyBytes(from: self.text)
    unsafe output = .allocate(capacity: 2 * self.text.count + 4096)
  }

  deinit {
    unsafe input.deallocate()
    unsafe output.deallocate()
  }

  private var bytes: Double { Double(text.count) }

  private func kernel(_ row: String, _ body: @escaping () throws -> Int) -> Contender {
    Contender(row, role: .kernel, work: bytes) { try repeating($0) { self.made = try body() } }
  }

  private func peer(_ peer: Peer, _ body: @escaping () throws -> Int) -> Contender {
    Contender(peer.name, role: .peer, work: bytes) { try repeating($0) { self.made = try body() } }
  }

  /// A plan over one text; and the same by types that Foundation decodes and encodes, after both made as many bytes.
  func apply<In: Decodable, Out: Encodable>(
    _ row: String, _ plan: JSONPlan, alone: Bool, _ type: In.Type, _ reshape: @escaping (In) -> Out
  ) throws -> [Contender] {
    let ours = kernel(row) { try self.apply(plan) }
    if alone { return [ours] }
    let (coders, body) = (FoundationJSON.Coders(), FoundationJSON.Text(text))
    let theirs = peer(FoundationJSON.coders) {
      try coders.encodedByteCount(reshape(try coders.decode(type, from: body)))
    }
    return try [ours, theirs].inAgreement { self.made }
  }

  /// A plan that Foundation has nothing like.
  func apply(_ row: String, _ plan: JSONPlan) throws -> [Contender] { [kernel(row) { try self.apply(plan) }] }

  private func apply(_ plan: JSONPlan) throws -> Int {
    try unsafe plan.apply(UnsafeRawBufferPointer(input), into: output, workspace: &workspace)
  }

  /// A plan over lines; and the same by types, a line at a time.
  func lines<In: Decodable, Out: Encodable>(
    _ row: String, _ plan: JSONPlan, alone: Bool, _ type: In.Type, _ reshape: @escaping (In) -> Out?
  ) throws -> [Contender] {
    // A feed that is kept, as who takes line after line has it.
    var feed = JSONPlanFeed(plan, skipsNull: true)
    var out: [UInt8] = []
    let ours = Contender(row, role: .kernel, work: bytes) { iterations in
      try repeating(iterations) {
        out.removeAll(keepingCapacity: true)
        let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(self.input))
        try feed.take(span, into: &out)
        try feed.finish(into: &out)
        self.made = out.count
      }
    }
    if alone { return [ours] }
    let (coders, lines) = (FoundationJSON.Coders(), foundationLines)
    let theirs = peer(FoundationJSON.coders) {
      try lines.reduce(0) { sum, line in
        guard let out = reshape(try coders.decode(type, from: line)) else { return sum }
        return try sum + coders.encodedByteCount(out) + 1
      }
    }
    return try [ours, theirs].inAgreement { self.made }
  }

  /// Lines to columns; and to values of a type.
  func columns<In: Decodable>(
    _ row: String, _ columns: [(name: String, kind: JSONColumn.Kind)], alone: Bool, _ type: In.Type
  ) throws -> [Contender] {
    var reader = JSONColumnReader(columns)
    let ours = Contender(row, role: .kernel, work: bytes) { iterations in
      try repeating(iterations) {
        reader.removeAll()
        try unsafe reader.read(UnsafeRawBufferPointer(self.input))
        self.made = reader.columns[0].count
      }
    }
    if alone { return [ours] }
    let (coders, lines) = (FoundationJSON.Coders(), foundationLines)
    let theirs = peer(FoundationJSON.coders) { try lines.map { try coders.decode(type, from: $0) }.count }
    return try [ours, theirs].inAgreement { self.made }
  }

  private var foundationLines: [FoundationJSON.Text] {
    text.split(separator: UInt8(ascii: "\n")).map { FoundationJSON.Text($0) }
  }
}
