import BenchHarness
import KernelBenchmark
import Kernels

/// A text in memory, and what is done with it by the kernels, by yyjson and by Foundation.
@safe
final class JSONWork {
  enum Way: String, CaseIterable {
    /// Where the tokens are, with UTF-8 and strings checked.
    case index = "json-index"
    case validate = "json-validate"
    case minify = "json-minify"
    case parse = "json-parse"
    case serialise = "json-serialise"
    /// A text of numbers to doubles.
    case numbersIn = "json-numbers-in"
    /// Those doubles to text.
    case numbersOut = "json-numbers-out"

    var isOfNumbers: Bool { self == .numbersIn || self == .numbersOut }
    /// Libraries to compare with, besides the rivals of `Benchmarks`.
    var peers: [Peer] {
      switch self {
      case .index: [SimdjsonPeer.shared.peer]
      case .validate, .minify: []
      default: [YyjsonPeer.shared.peer, FoundationJSON.serialization]
      }
    }
  }

  private let text: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutablePointer<UInt8>
  private let index: UnsafeMutableRawPointer
  private var scratch = Scratch()
  private var document = JSONDocument()
  private var writer = JSONWriter()
  private var numbers: [Double] = []

  init(_ source: JSONText) throws {
    let bytes = source.bytes()
    unsafe text = .allocate(byteCount: bytes.count, alignment: 64)
    unsafe text.copyBytes(from: bytes)
    unsafe output = .allocate(capacity: bytes.count)
    unsafe index = .allocate(byteCount: JSONFeed.scratchByteCount(bytes.count), alignment: 64)
    try unsafe document.parse(borrowing: UnsafeRawBufferPointer(text))
    readNumbers()
  }

  deinit {
    unsafe text.deallocate()
    unsafe output.deallocate()
    unsafe index.deallocate()
  }

  func contenders(row: String, _ way: Way, withPeers: Bool) throws -> [Contender] {
    let work = unsafe Double(text.count)
    var contenders = [Contender(row, role: .kernel, work: work) { try self.run(way, $0) }]
    guard withPeers && !way.peers.isEmpty else { return contenders }
    let source = unsafe UnsafeRawBufferPointer(text)
    if way == .index {
      if let simdjson = unsafe SimdjsonPeer.shared.index(source) {
        contenders.append(Contender(SimdjsonPeer.shared.peer.name, role: .peer, work: work) { simdjson.run($0) })
      }
      return contenders
    }
    if let yyjson = unsafe YyjsonPeer.shared.work(source) {
      contenders.append(Contender(YyjsonPeer.shared.peer.name, role: .peer, work: work) { yyjson.run(way, $0) })
    }
    let foundation = unsafe FoundationJSON.Text(source)
    let object = try FoundationJSON.parse(foundation)
    contenders.append(
      Contender(FoundationJSON.serialization.name, role: .peer, work: work) { iterations in
        for _ in 0..<iterations {
          switch way {
          case .parse, .numbersIn: blackHole(try FoundationJSON.parse(foundation))
          default: blackHole(try FoundationJSON.serializedByteCount(object))
          }
        }
      })
    return contenders
  }

  private func run(_ way: Way, _ iterations: Int) throws {
    let text = unsafe UnsafeRawBufferPointer(text)
    switch way {
    case .index:
      let start = unsafe text.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
      repeating(iterations) {
        var feed = unsafe JSONFeed(start, text.count, memory: index, kernel: .current)
        while unsafe feed.refill() > 0 {}
      }
    case .validate: try repeating(iterations) { try unsafe JSON.validate(text, scratch: &scratch) }
    case .minify: try repeating(iterations) { _ = try unsafe JSON.minify(text, output, scratch: &scratch) }
    case .parse: try repeating(iterations) { try unsafe document.parse(copying: text) }
    case .serialise: repeating(iterations) { _ = unsafe document.tape.serialize(JSONTape.root, output) }
    case .numbersIn:
      try repeating(iterations) {
        try unsafe document.parse(borrowing: text)
        readNumbers()
      }
    case .numbersOut:
      repeating(iterations) { Self.write(numbers, into: &writer) }
    }
  }

  private func readNumbers() { unsafe Self.read(document.tape, nodes: document.nodeCount, into: &numbers) }

  // Of a property each append would be checked for exclusive access, which takes longer than the number.

  private static func read(_ tape: JSONTape, nodes: Int, into numbers: inout [Double]) {
    numbers.removeAll(keepingCapacity: true)
    for value in 0..<nodes where unsafe tape.kind(value) == .number {
      unsafe numbers.append(tape.double(value))
    }
  }

  private static func write(_ numbers: [Double], into writer: inout JSONWriter) {
    writer.removeAll()
    writer.numbers(numbers.span)
  }
}
