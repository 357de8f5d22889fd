/// An encoder that keeps its memory for the next image.
///
/// ```swift
/// var encoder = PNGEncoder()
/// for image in images {
///   try encoder.encode(image.pixels.span.bytes, size: image.info.size, layout: image.layout)
///   encoder.withOutput { send($0) }
/// }
/// ```
///
/// - A call allocates nothing once an image of the same width, layout and level has been encoded whose file was no shorter.
@safe
public struct PNGEncoder: ~Copyable, @unchecked Sendable {
  private var writer = PNGWriter()
  private var file = PNGOutput()

  public init() {}

  /// Makes a file of pixels, in place of the one before: rows from top to bottom, `stride` bytes apart.
  ///
  /// As ``PNG/encode(_:size:layout:stride:options:)``, which says what the parameters have to be.
  ///
  /// - Throws: ``PNGError`` for one reason alone, that the system has no more memory (``PNGError/Reason/outOfMemory``).
  /// - Complexity: O(pixels), and what the compression takes.
  public mutating func encode(
    _ pixels: RawSpan, size: ImageSize, layout: PixelLayout, stride: Int? = nil,
    options: PNGEncodingOptions = PNGEncodingOptions()
  ) throws(PNGError) {
    var isDone = false
    unsafe pixels.withUnsafeBytes { bytes in
      isDone = unsafe encoded(bytes, size, layout, stride, options)
    }
    guard isDone else { throw PNGError(.outOfMemory, at: 0) }
  }

  /// The same.
  ///
  /// - `pixels` is readable for its whole count; samples of 16 bits are aligned to 2.
  @unsafe
  public mutating func encode(
    _ pixels: UnsafeRawBufferPointer, size: ImageSize, layout: PixelLayout, stride: Int? = nil,
    options: PNGEncodingOptions = PNGEncodingOptions()
  ) throws(PNGError) {
    guard unsafe encoded(pixels, size, layout, stride, options) else { throw PNGError(.outOfMemory, at: 0) }
  }

  private mutating func encoded(
    _ pixels: UnsafeRawBufferPointer, _ size: ImageSize, _ layout: PixelLayout, _ stride: Int?,
    _ options: PNGEncodingOptions
  ) -> Bool {
    file.removeAll()
    return unsafe writer.encode(pixels, size: size, layout: layout, stride: stride, options: options, into: &file)
  }

  /// Bytes of the file that the last call made; 0 before there is one.
  public var byteCount: Int { file.count }

  /// The file that the last call made, empty before there is one. Allocates; `withOutput` and `write` do not.
  public var output: [UInt8] { withOutput { bytes in unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } } }

  /// The file that the last call made.
  public func withOutput<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    try body(unsafe RawSpan(_unsafeBytes: file.bytes))
  }

  /// Appends the file that the last call made to `output`; false, with nothing done, where it has no room for ``byteCount`` bytes.
  public func write(to output: inout OutputSpan<UInt8>) -> Bool { file.write(to: &output) }
}
