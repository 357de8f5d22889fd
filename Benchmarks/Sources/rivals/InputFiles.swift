import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The inputs as files.
enum InputFiles {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static func write(to folder: String) throws {
    try write(Array(Inputs.messages(1000).utf8), folder, "messages.json")
    try write(Array(Inputs.catalogue(1500).utf8), folder, "catalogue.json")
    try write(Array(Inputs.coordinates(480).utf8), folder, "coordinates.json")
    try write(Array(Inputs.events(100_000).utf8), folder, "events.ndjson")
    let pictures = [
      ("photo-2.8MP.png", 1366, 2048, 3), ("photo-12MP.png", 4000, 3000, 3), ("rgba-3MP.png", 2048, 1536, 4),
    ]
    for (name, width, height, channels) in pictures {
      let pixels = Inputs.photo(width: width, height: height, channels: channels)
      var encoder = PNGEncoder()
      try unsafe encoder.encode(
        pixels.span.bytes, size: ImageSize(width: width, height: height), layout: PixelLayout(channels: channels))
      try write(encoder.output, folder, name)
    }
  }

  private static func write(_ bytes: [UInt8], _ folder: String, _ name: String) throws {
    let path = folder + "/" + name
    guard let file = unsafe fopen(path, "wb") else { throw Failure(description: "cannot write \(path)") }
    let written = unsafe fwrite(bytes, 1, bytes.count, file)
    guard unsafe fclose(file) == 0, written == bytes.count else {
      throw Failure(description: "cannot write all of \(path)")
    }
  }
}
