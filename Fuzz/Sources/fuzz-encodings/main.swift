import FuzzHarness
import Kernels

// What decodes encodes to the same text, and bytes that were encoded decode to themselves.

func decodedBase64(_ text: [UInt8], _ alphabet: Base64.Alphabet, _ padding: Base64.Padding) -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: Base64.mostDecoded(of: text.count))
  var span = bytes.mutableSpan
  var room = span.mutableBytes
  guard let count = try? Base64.decode(text.span.bytes, alphabet: alphabet, padding: padding, into: &room) else {
    return nil
  }
  return Array(bytes[..<count])
}

let alphabets: [Base64.Alphabet] = [.standard, .url]
let paddings: [Base64.Padding] = [.required, .forbidden]
let seeds = ["", "Zg==", "Zm9vYmFy", "Zm9vYmE", "-_-_", "0123456789abcdefABCDEF", String(repeating: "Zm9v", count: 40)]

fuzz(seeds: seeds.map { Array($0.utf8) }) { input in
  for alphabet in alphabets {
    for padding in paddings {
      if let bytes = decodedBase64(input, alphabet, padding) {
        let text: String = Base64.encode(bytes.span.bytes, alphabet: alphabet, padding: padding)
        require(Array(text.utf8) == input, "base64: the text is not the one text of its bytes")
      }
      let text: String = Base64.encode(input.span.bytes, alphabet: alphabet, padding: padding)
      require(decodedBase64(Array(text.utf8), alphabet, padding) == input, "base64: bytes come back as others")
    }
  }
  var bytes = [UInt8](repeating: 0, count: Hex.decodedCount(of: input.count))
  var span = bytes.mutableSpan
  var room = span.mutableBytes
  if let count = try? Hex.decode(input.span.bytes, into: &room) {
    require(count == bytes.count, "hex: the count is not that of the digits")
    let text = Hex.encode(bytes.span.bytes)
    require(text == String(decoding: input, as: UTF8.self).lowercased(), "hex: the text is not that of its bytes")
  }
  let back = try? Hex.decode(Hex.encode(input.span.bytes, letters: .upper))
  require(back == input, "hex: bytes come back as others")
}
