import Testing

@testable import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The rows of numbers beside strtod and the portable texts, from a page that faults and up to one.
@Suite(.serialized, .cpuFeatureMask) struct JSONNumberRowTests {
  private static let rows = JSONNumberKernel.kernels.filter { CPUFeatures.detected.isSuperset(of: $0.requires) }

  /// What a row reads from where a page begins, with others behind, and up to where one ends; nil where it does not know.
  private func read(_ text: String, _ row: JSONNumberKernel, _ memories: [GuardedBuffer]) -> [UInt64?] {
    let bytes = Array(text.utf8)
    return memories.enumerated().map { place, memory in
      withExtendedLifetime(memory) {
        let from = unsafe place == 0 ? 0 : memory.bytes.count - bytes.count
        let start = unsafe memory.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self) + from
        unsafe start.update(from: bytes, count: bytes.count)
        if place == 0 { unsafe start[bytes.count] = UInt8(ascii: "]") }
        let readable = unsafe memory.bytes.count - from
        let value = unsafe row.reader.double(start, bytes.count, readable: readable)
        return value == .max ? nil : value
      }
    }
  }

  private func expectRead(_ texts: [String], isKnown: Bool = true) {
    let memories = [GuardedBuffer(byteCount: 4096, alignment: .start), GuardedBuffer(byteCount: 4096)]
    for row in Self.rows where row.reader != .portable {
      for text in texts {
        let (values, expected) = unsafe (read(text, row, memories), strtod(text, nil).bitPattern)
        #expect(values[0] == expected || values[0] == nil && !isKnown, "\(row.name) \(text)")
        // The last numbers of a text may be left to others.
        #expect(values[1] == values[0] || values[1] == nil && row.reader == .avx2, "\(row.name) \(text)")
      }
    }
  }

  @Test func `numbers of every length`() {
    var random = SplitMix64(state: 41)
    var (known, unknown) = ([String](), [String]())
    func digits(_ count: Int, _ first: ClosedRange<Int>) -> String {
      (0..<count).map { String(Int.random(in: $0 == 0 ? first : 0...9, using: &random)) }.joined()
    }
    for whole in 1...22 {
      for fraction in 0...22 {
        for sign in ["", "-"] {
          for first in [1...9, 9...9] {
            let nines = String(repeating: "9", count: fraction)
            for tail in [digits(fraction, 0...9), nines, String(repeating: "0", count: fraction)] {
              let text = sign + digits(whole, first) + (fraction > 0 ? "." + tail : "")
              if whole + fraction <= 19 { known.append(text) } else { unknown.append(text) }
            }
          }
          let zero = sign + "0" + (fraction > 0 ? "." + digits(fraction, 0...0) : "")
          if fraction < 19 { known.append(zero) } else { unknown.append(zero) }
        }
      }
    }
    expectRead(known)
    expectRead(unknown, isKnown: false)
    expectRead(
      [
        "1e5", "-1E5", "1.5e+3", "12.5e-30", "0e0", "1234567890123456789e1", String(repeating: "1", count: 255),
        String(repeating: "1", count: 256), String(repeating: "1", count: 259),
        "0." + String(repeating: "0", count: 300) + "1", String(repeating: "12345678", count: 40) + ".5",
      ], isKnown: false)
  }

  @Test func `the middle between two doubles, and what is beside it`() {
    var random = SplitMix64(state: 42)
    var texts = ["0", "-0", "0.0", "-0.0", "0.5", "0.25", "0.125", "-0.75", "1.5", "0.1", "9007199254740992", "1"]
    for exponent in 53...63 {
      for _ in 0..<200 {
        // 54 bits, the last one set: between two doubles.
        let middle = (random.next() >> 10 | 1 << 53 | 1) << UInt64(exponent - 53)
        for value in [middle, middle - 1, middle + 1] where value < 10_000_000_000_000_000_000 {
          texts.append(String(value))
        }
      }
    }
    // A half, a quarter, an eighth and a sixteenth at the end.
    for places in 1...4 {
      let unit = [5, 25, 125, 625][places - 1] as UInt64
      for _ in 0..<500 {
        let whole = (random.next() >> 10 | 1 << 53) >> UInt64(places)
        let odd = [1, 3, 5, 7, 9, 11, 13, 15].filter { $0 < 1 << places }.randomElement(using: &random)! as UInt64
        let part = String(odd * unit)
        let text = "\(whole)." + String(repeating: "0", count: places - part.count) + part
        let digits = text.count - 1
        guard digits <= 19 else { continue }
        texts += [text, "-" + text]
        if digits < 19 { texts += [text + "1", text.dropLast() + "49"].map { String($0.prefix(20)) } }
      }
    }
    expectRead(texts)
  }

  @Test func `random texts and doubles`() {
    var random = SplitMix64(state: 43)
    let rounds = isOptimised ? 200_000 : 5_000
    var texts: [String] = []
    for _ in 0..<rounds {
      let digits = String(random.next() >> UInt64.random(in: 0...63, using: &random))
      let point = Int.random(in: 0...digits.count, using: &random)
      let text = digits.count <= 19 ? digits : String(digits.prefix(19))
      switch point {
      case 0 where text.count < 19: texts.append("0." + text)
      case 1..<text.count: texts.append(text.prefix(point) + "." + text.dropFirst(point))
      default: texts.append(text)
      }
    }
    expectRead(texts)
    for row in Self.rows where unsafe row.write != nil {
      let memory = GuardedBuffer(byteCount: 40)
      var unknown = 0
      for _ in 0..<rounds {
        let bits = random.next()
        let plain = Double(bits >> 11) / 0x1p53 * 360 - 180
        let short = (plain * 1e6).rounded() / 1e6
        let whole = Double(Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 11...63, using: &random))
        for value in [Double(bitPattern: bits), plain, short, plain * 1e-4, short * 1e5, plain * 1e12, whole] {
          let isPlain = abs(value) > 1e-5 && abs(value) < 1e9
          if expectWritten(value, row, memory) == 0 && isPlain { unknown += 1 }
        }
      }
      #expect(unknown <= rounds / 1000, "\(row.name)")
    }
  }

  /// What a row writes is the portable text, or nothing.
  private func expectWritten(_ value: Double, _ row: JSONNumberKernel, _ memory: GuardedBuffer) -> Int {
    withExtendedLifetime(memory) {
      guard let body = unsafe row.write else { return 0 }
      let out = unsafe memory.bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
      let count = unsafe body(value, out)
      guard count > 0 else { return 0 }
      let text = unsafe String(decoding: UnsafeBufferPointer(start: out, count: count), as: UTF8.self)
      #expect(text == portable(value), "\(row.name) \(value)")
      return count
    }
  }

  private func portable(_ value: Double) -> String {
    var out = [UInt8](repeating: 0, count: JSONNumberText.room)
    let count = unsafe out.withUnsafeMutableBufferPointer { unsafe JSONNumberText.write(value, $0.baseAddress!) }
    return String(decoding: out[..<count], as: UTF8.self)
  }

  @Test func `every exponent, and every place of the point`() {
    var random = SplitMix64(state: 44)
    let memory = GuardedBuffer(byteCount: 40)
    for row in Self.rows {
      for exponent in 0...2047 as ClosedRange<UInt64> {
        for _ in 0..<(isOptimised && (940...1080).contains(exponent) ? 2000 : 4) {
          let any = random.next() >> 12
          for fraction in [any, 0, 1, 1 << 51, 1 << 52 - 1, any & ~0xf_ffff, any & ~0xff_ffff_ffff] as [UInt64] {
            _ = expectWritten(Double(bitPattern: exponent << 52 | fraction), row, memory)
            _ = expectWritten(-Double(bitPattern: exponent << 52 | fraction), row, memory)
          }
        }
      }
      for power in 0...22 {
        for count in 1...17 {
          for _ in 0..<20 {
            let value = Double(random.next() % UInt64(pow(10, Double(count)))) / pow(10, Double(power))
            for near in [value, value.nextUp, value.nextDown] { _ = expectWritten(near, row, memory) }
          }
        }
      }
    }
  }

  @Test(arguments: rows.indices)
  func `arrays of numbers, both ways`(row: Int) throws {
    // The row under test is the best one that is left.
    switch Self.rows[row].reader {
    case .avx512: break
    case .avx2: CPUFeatures.disable(.avx512ifma)
    case .portable: CPUFeatures.disable(.bmi2)
    }
    #expect(JSONNumberKernel.current.reader == Self.rows[row].reader)
    var random = SplitMix64(state: 45)
    func number() -> String {
      switch UInt8.random(in: 0..<12, using: &random) {
      case 0: "\(Int.random(in: -1000...1000, using: &random))"
      case 1: "1e\(Int.random(in: -330...330, using: &random))"
      case 2: "0.\(random.next())\(random.next())"
      case 3: "0.5"
      default: "\(Double(random.next() >> 11) / 0x1p53 * 360 - 180)"
      }
    }
    for count in [0, 1, 2, 3, 7, 8, 63, 64, 65, 127, 128, 129, 200] {
      for _ in 0..<20 {
        let numbers = (0..<count).map { _ in number() }
        let expected = numbers.map { unsafe strtod($0, nil) }
        var document = JSONDocument()
        try document.parse("[[\(numbers.joined(separator: " ,"))],3]")
        let array = document.root[0]!
        let values = Self.doubles(array, room: count + 1, after: 1) ?? []
        #expect(values.map { $0.bitPattern } == ([1] + expected).map { $0.bitPattern })
        #expect(count == 0 || Self.doubles(array, room: count - 1, after: 0) == nil)
        #expect(Self.doubles(array, room: count, after: 1) == nil || count == 0)
        var elements = array.elements
        var others: [UInt64] = []
        while let element = elements.next() { others.append(element.double!.bitPattern) }
        #expect(others == expected.map { $0.bitPattern })

        let more = expected + [.nan, -0.0, .infinity].prefix(count % 4)
        var (writer, one) = (JSONWriter(), JSONWriter())
        for _ in 0..<2 {
          writer.beginObject()
          one.beginObject()
          for key in ["a", "b"] {
            writer.key(key)
            one.key(key)
            writer.numbers(more.span)
            one.beginArray()
            for value in more { one.number(value) }
            one.endArray()
          }
          writer.endObject()
          one.endObject()
        }
        #expect(writer.bytes == one.bytes)
        let text = more.map(portable).joined(separator: ",")
        #expect(String(decoding: writer.bytes, as: UTF8.self).hasPrefix("{\"a\":[\(text)],\"b\""))
      }
    }
  }

  /// What is appended behind so many ones; nil where that is refused.
  private static func doubles(_ value: borrowing JSONValue, room: Int, after: Int) -> [Double]? {
    var isGood = false
    let values = [Double](capacity: room) { out in
      for _ in 0..<min(after, room) { out.append(1) }
      let before = out.count
      isGood = value.doubles(into: &out)
      if !isGood { #expect(out.count == before) }
    }
    return isGood ? values : nil
  }

  @Test func `what is no array of numbers gives none`() throws {
    for features in [[], .avx512ifma, .bmi2] as [CPUFeatures] {
      CPUFeatures.disable(features)
      for text in [
        "1", "{}", #"{"a":1}"#, #""1""#, "null", "[[]]", "[1,[2]]", "[1,2,{}]", "[1,2.5,true]", #"["1"]"#,
        "[1,2,3.5,\"\"]",
      ] {
        var document = JSONDocument()
        try document.parse(text)
        #expect(Self.doubles(document.root, room: 8, after: 0) == nil, "\(text)")
        #expect(Self.doubles(document.root, room: 0, after: 0) == nil, "\(text)")
      }
      var document = JSONDocument()
      try document.parse("[]")
      #expect(Self.doubles(document.root, room: 0, after: 0) == [])
    }
  }
}
