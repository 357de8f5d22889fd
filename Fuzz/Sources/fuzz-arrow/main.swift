import FuzzHarness
import Kernels

// The bytes are read as choices: what the two structs of the Arrow C data interface say, and what their buffers hold. Lengths are below a byte or
// impossible, and offsets of strings stay within their bytes: that buffers are as long as the structs say is the producer's promise.

let text =
  #"{"keys":["k","l"],"aggregates":[{"op":"sum","column":"v","as":"s"},{"op":"count","column":"l","as":"n"},"#
  + #"{"op":"approx_distinct","column":"k","as":"d"},{"op":"quantile","column":"v","q":0.5,"as":"q"}],"#
  + #""window":{"kind":"tumbling","time":"ts","size_ms":1000},"memory_limit":1048576}"#
let plan: Aggregation = {
  do { return try Aggregation(parsing: text.utf8.span.bytes) } catch { fatalError("the plan of the target: \(error)") }
}()

/// How often a schema and an array have been released.
nonisolated(unsafe) var releases = (schema: 0, array: 0)
enum Release {
  typealias Callback = @Sendable @convention(c) (UnsafeMutableRawPointer?) -> Void
  static let schema: Callback = { _ in releases.schema += 1 }
  static let array: Callback = { _ in releases.array += 1 }
}

/// Structs made of choices, and the memory that they take.
struct Structs {
  private let input: [UInt8]
  private var position = 0
  private var blocks: [UnsafeMutableRawPointer] = []

  init(_ input: [UInt8]) { self.input = input }

  func free() { for block in blocks { block.deallocate() } }

  private mutating func byte() -> UInt8 {
    defer { position += 1 }
    return position < input.count ? input[position] : 0
  }

  private mutating func number(_ usual: Int64) -> Int64 {
    switch byte() {
    case 0..<240: usual
    case 240..<248: Int64(byte())
    case 248..<252: -1
    case 252..<254: .max
    default: .min
    }
  }

  private mutating func block(_ count: Int) -> UnsafeMutableRawPointer {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 8)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    blocks.append(memory)
    return memory
  }

  private mutating func string(_ string: String) -> UnsafeMutableRawPointer {
    let memory = block(string.utf8.count + 1)
    for (i, unit) in string.utf8.enumerated() { memory.storeBytes(of: unit, toByteOffset: i, as: UInt8.self) }
    return memory
  }

  private mutating func pointers(_ pointers: [UnsafeMutableRawPointer?]) -> UnsafeMutableRawPointer? {
    if byte() == 255 { return nil }
    let memory = block(8 * max(1, pointers.count))
    for (i, pointer) in pointers.enumerated() {
      memory.storeBytes(of: byte() == 255 ? nil : pointer, toByteOffset: 8 * i, as: UnsafeMutableRawPointer?.self)
    }
    return memory
  }

  /// 8 KiB of what the input holds, again and again; offsets of strings are below half of that or negative.
  private mutating func buffer(_ offsetBytes: Int?) -> UnsafeMutableRawPointer? {
    if byte() == 255 { return nil }
    let memory = block(8192)
    let start = position
    var offset = 0
    for i in 0..<(8192 / (offsetBytes ?? 1)) {
      let value = input.isEmpty ? 0 : input[(start + i) % input.count]
      switch offsetBytes {
      case 4, 8:
        offset = value == 255 ? -1 : (offset + Int(value) % 4) % 4096
        if offsetBytes == 4 {
          memory.storeBytes(of: Int32(offset), toByteOffset: 4 * i, as: Int32.self)
        } else {
          memory.storeBytes(of: value == 254 ? .min : Int64(offset), toByteOffset: 8 * i, as: Int64.self)
        }
      default: memory.storeBytes(of: value, toByteOffset: i, as: UInt8.self)
      }
    }
    position += 8
    return memory
  }

  private mutating func schema(
    _ format: String, _ name: String, _ children: [UnsafeMutableRawPointer?], _ dictionary: UnsafeMutableRawPointer?
  ) -> UnsafeMutableRawPointer {
    let memory = block(72)
    memory.storeBytes(of: byte() == 255 ? nil : string(format), as: UnsafeMutableRawPointer?.self)
    memory.storeBytes(of: byte() == 255 ? nil : string(name), toByteOffset: 8, as: UnsafeMutableRawPointer?.self)
    memory.storeBytes(of: 2, toByteOffset: 24, as: Int64.self)
    memory.storeBytes(of: count(children.count), toByteOffset: 32, as: Int64.self)
    memory.storeBytes(of: pointers(children), toByteOffset: 40, as: UnsafeMutableRawPointer?.self)
    memory.storeBytes(of: dictionary, toByteOffset: 48, as: UnsafeMutableRawPointer?.self)
    memory.storeBytes(of: Release.schema, toByteOffset: 56, as: Release.Callback?.self)
    return memory
  }

  /// Of children or buffers: never more than there are.
  private mutating func count(_ usual: Int) -> Int64 {
    switch byte() {
    case 0..<248: Int64(usual)
    case 248..<252: Int64(byte() % UInt8(usual + 1))
    default: -1
    }
  }

  private mutating func array(
    _ length: Int64, _ buffers: [UnsafeMutableRawPointer?], _ children: [UnsafeMutableRawPointer?],
    _ dictionary: UnsafeMutableRawPointer?
  ) -> UnsafeMutableRawPointer {
    let memory = block(80)
    memory.storeBytes(of: number(length), as: Int64.self)
    memory.storeBytes(of: number(buffers.first == .some(nil) ? 0 : -1), toByteOffset: 8, as: Int64.self)
    memory.storeBytes(of: number(Int64(byte() % 8)), toByteOffset: 16, as: Int64.self)
    memory.storeBytes(of: count(buffers.count), toByteOffset: 24, as: Int64.self)
    memory.storeBytes(of: count(children.count), toByteOffset: 32, as: Int64.self)
    memory.storeBytes(of: pointers(buffers), toByteOffset: 40, as: UnsafeMutableRawPointer?.self)
    memory.storeBytes(of: pointers(children), toByteOffset: 48, as: UnsafeMutableRawPointer?.self)
    memory.storeBytes(of: dictionary, toByteOffset: 56, as: UnsafeMutableRawPointer?.self)
    memory.storeBytes(of: Release.array, toByteOffset: 64, as: Release.Callback?.self)
    return memory
  }

  private mutating func column(
    _ name: String, _ formats: [String], _ length: Int64
  ) -> (schema: UnsafeMutableRawPointer, array: UnsafeMutableRawPointer) {
    let format = formats[Int(byte()) % formats.count]
    let validity = byte() % 3 == 0 ? buffer(nil) : nil
    if format == "u" || format == "U" {
      let buffers = [validity, buffer(format == "u" ? 4 : 8), buffer(nil)]
      return (schema(format, name, [], nil), array(length + Int64(byte() % 4), buffers, [], nil))
    }
    var dictionary: (schema: UnsafeMutableRawPointer, array: UnsafeMutableRawPointer)?
    if name == "k" && byte() % 2 == 0 { dictionary = column("", ["u", "U", "l"], 200) }
    let buffers = [validity, buffer(nil)]
    let array = array(length + Int64(byte() % 4), buffers, [], byte() == 255 ? nil : dictionary?.array)
    return (schema(format, name, [], byte() == 255 ? nil : dictionary?.schema), array)
  }

  mutating func batch() -> (schema: UnsafeMutableRawPointer, array: UnsafeMutableRawPointer) {
    let length = Int64(byte() % 100)
    let columns = [
      column("k", ["c", "u", "U", "i", "L", "b", "C", "z"], length), column("l", ["b", "S", "u", "g"], length),
      column("v", ["g", "f", "l", "c", "u"], length),
      column("ts", ["tsn:", "tsu:UTC", "tsm:", "tss:", "l", "i"], length),
    ]
    return (schema("+s", "", columns.map(\.schema), nil), array(length, [nil], columns.map(\.array), nil))
  }
}

let seeds: [[UInt8]] = (0..<24).map { seed in (0..<160).map { UInt8(truncatingIfNeeded: ($0 * 37 + seed * 101) % 239) }
}

fuzz(seeds: seeds) { input in
  var structs = Structs(input)
  let batch = structs.batch()
  defer { structs.free() }
  guard var aggregator = try? Aggregator(plan) else { return }
  let before = aggregator.snapshot()
  releases = (0, 0)
  do {
    try aggregator.update(arrowSchema: batch.schema, array: batch.array)
    require(releases == (1, 1), "what was taken is not released once")
  } catch {
    require(releases == (0, 0), "what was refused is released")
    require(aggregator.snapshot() == before, "what was refused is folded")
  }
  let after = aggregator.snapshot()
  do throws(AggregationError) {
    let again = try Aggregator(plan, restoring: after.span.bytes)
    require(again.snapshot() == after, "a snapshot restores to another")
  } catch {
    require(error.code == .limitExceeded, "a snapshot of ours is refused: \(error)")
  }
  _ = try? aggregator.advance(to: 500_000)
  _ = try? aggregator.finish()
}
