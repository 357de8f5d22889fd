import Testing

@testable import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Generated texts, good and bad, against Python's json, by `Scripts/json-cases`.
@Suite struct JSONOracleTests {
  @Test func `Python's json takes the same texts, and finds the same in them`() throws {
    let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let script = "\(root)/Scripts/json-cases"
    guard unsafe access(script, R_OK) == 0, let output = run("python3 '\(script)' 2026 4000"), !output.isEmpty else {
      print("python3 is not there: generated texts were not compared with its json")
      return
    }
    let lines = output.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == 4000)
    var document = JSONDocument()
    for line in lines {
      let fields = line.split(separator: UInt8(ascii: " "))
      let text = fields[0] == [UInt8(ascii: ".")] ? [] : bytes(fields[0])
      let expected = String(decoding: fields[1], as: UTF8.self)
      for kernel in JSONTestData.kernels {
        let fault = jsonFault(text, kernel)
        #expect((fault == nil) == (expected != "-"), "\(kernel.name): \(String(decoding: text, as: UTF8.self))")
      }
      guard expected != "-" else { continue }
      do throws(JSONError) { try unsafe document.parse(text.span.bytes) } catch { continue }
      #expect(plain(document.root) == expected, "\(String(decoding: text, as: UTF8.self))")
    }
  }

  private func run(_ command: String) -> [UInt8]? {
    guard let pipe = unsafe popen(command + " 2>/dev/null", "r") else { return nil }
    var (output, piece) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
    while true {
      let count = unsafe fread(&piece, 1, piece.count, pipe)
      if count == 0 { break }
      output += piece[..<count]
    }
    return unsafe pclose(pipe) == 0 ? output : nil
  }

  private func bytes(_ hexadecimal: ArraySlice<UInt8>) -> [UInt8] {
    let digits = hexadecimal.map { $0 < 0x3a ? $0 - 0x30 : $0 - 0x57 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// In the form of the script.
  private func plain(_ value: borrowing JSONValue) -> String {
    switch value.kind {
    case .null: return "n"
    case .true: return "t"
    case .false: return "f"
    case .number:
      let text = unsafe value.raw.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
      if !text.contains(where: { ".eE".contains($0) }) { return text == "-0" ? "i0" : "i\(text)" }
      let digits = String(value.double!.bitPattern, radix: 16)
      return "d" + String(repeating: "0", count: 16 - digits.count) + digits
    case .string: return text(value)
    case .array:
      var (parts, elements) = ([String](), value.elements)
      while let element = elements.next() { parts.append(plain(element)) }
      return "[" + parts.joined(separator: ",") + "]"
    case .object:
      var (parts, members) = ([String](), value.members)
      while let member = members.next() { parts.append(text(member.key) + plain(member.value)) }
      return "{" + parts.joined(separator: ",") + "}"
    }
  }

  private func text(_ value: borrowing JSONValue) -> String {
    "s" + value.string!.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
