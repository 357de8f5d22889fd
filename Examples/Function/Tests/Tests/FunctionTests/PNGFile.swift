import ZlibOracle

/// PNG files by the letter of the standard (W3C PNG, Third Edition), for what the tests make and meet: two and three colours, alpha, palettes.
enum PNGFile {
  typealias Chunk = (name: String, data: [UInt8])

  /// A file of these chunks, whose CRCs are right.
  static func file(_ chunks: [Chunk]) -> [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    for chunk in chunks {
      let body: [UInt8] = Array(chunk.name.utf8) + chunk.data
      file += big(chunk.data.count)
      file += body
      file += big(Int(crc32(0, body, uInt(body.count))))
    }
    return file
  }

  /// - Parameter type: 2 for three channels, 6 for four.
  static func header(_ width: Int, _ height: Int, depth: UInt8 = 8, type: UInt8 = 2) -> Chunk {
    ("IHDR", big(width) + big(height) + [depth, type, 0, 0, 0])
  }

  static func data(_ bytes: [UInt8]) -> Chunk {
    var length = compressBound(uLong(bytes.count))
    var out = [UInt8](repeating: 0, count: Int(length))
    compress(&out, &length, bytes, uLong(bytes.count))
    return ("IDAT", Array(out[..<Int(length)]))
  }

  /// An image whose left half is of one colour, and its right half of another.
  static func halves(width: Int, height: Int, _ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var row: [UInt8] = [0]
    for x in 0..<width { row += x < width / 2 ? left : right }
    var rows: [UInt8] = []
    for _ in 0..<height { rows += row }
    return file([header(width, height, type: left.count == 3 ? 2 : 6), data(rows), ("IEND", [])])
  }

  struct Image {
    let width, height, channels: Int
    var pixels: [UInt8] = []

    func pixel(_ x: Int, _ y: Int) -> [UInt8] {
      let start = (y * width + x) * channels
      return Array(pixels[start..<start + channels])
    }
  }

  /// The image of a file; nil where it is none that this reads.
  static func image(_ file: [UInt8]) -> Image? {
    guard file.count > 33, file[28] == 0, let samples = [2: 3, 3: 1, 6: 4][file[25]] else { return nil }
    let depth = Int(file[24])
    guard depth == 8 || samples == 1 && depth < 8 else { return nil }
    let (width, height) = (number(file, 16), number(file, 20))
    let chunks = chunks(file)
    let compressed = chunks.filter { $0.name == "IDAT" }.flatMap { chunk -> [UInt8] in chunk.data }
    let stride = 1 + (width * samples * depth + 7) / 8
    var rows = [UInt8](repeating: 0, count: stride * height)
    var length = uLong(rows.count)
    guard uncompress(&rows, &length, compressed, uLong(compressed.count)) == Z_OK, length == rows.count else {
      return nil
    }
    let palette = chunks.first { $0.name == "PLTE" }?.data
    var image = Image(width: width, height: height, channels: palette == nil ? samples : 3)
    var above = [UInt8](repeating: 0, count: stride - 1)
    for y in 0..<height {
      above = unfiltered(rows[y * stride], Array(rows[y * stride + 1..<(y + 1) * stride]), above, samples)
      if let palette {
        for x in 0..<width {
          let index = Int(above[x * depth / 8]) >> (8 - depth - x * depth % 8) & ((1 << depth) - 1)
          image.pixels += palette[3 * index..<3 * index + 3]
        }
      } else {
        image.pixels += above
      }
    }
    return image
  }

  private static func chunks(_ file: [UInt8]) -> [Chunk] {
    var chunks: [Chunk] = []
    var at = 8
    while at + 12 <= file.count {
      let (name, length) = (String(decoding: file[at + 4..<at + 8], as: UTF8.self), number(file, at))
      chunks.append((name, Array(file[at + 8..<at + 8 + length])))
      at += 12 + length
    }
    return chunks
  }

  private static func unfiltered(_ filter: UInt8, _ bytes: [UInt8], _ above: [UInt8], _ step: Int) -> [UInt8] {
    var row = bytes
    for i in row.indices {
      let (left, up) = (i < step ? 0 : Int(row[i - step]), Int(above[i]))
      let corner = i < step ? 0 : Int(above[i - step])
      let prediction =
        switch filter {
        case 1: left
        case 2: up
        case 3: (left + up) / 2
        case 4: paeth(left, up, corner)
        default: 0
        }
      row[i] = bytes[i] &+ UInt8(prediction)
    }
    return row
  }

  private static func paeth(_ a: Int, _ b: Int, _ c: Int) -> Int {
    let p = a + b - c
    let (pa, pb, pc) = (abs(p - a), abs(p - b), abs(p - c))
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
  }

  private static func big(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { (shift: Int) -> UInt8 in UInt8(truncatingIfNeeded: value >> shift) }
  }

  private static func number(_ bytes: [UInt8], _ at: Int) -> Int {
    bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
