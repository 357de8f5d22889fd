/// Some rows of a source in single precision, made once for all streams that take them.
@safe
struct ResizeWideRows {
  /// What rows have to hold for the streams of some plans.
  struct Shape: Hashable, Sendable {
    /// Columns of the source; empty where no plan takes such rows.
    private(set) var range = 0..<0
    /// Numbers from one row to the next. Columns read on after the range, by weights of zero.
    private(set) var stride = 0

    init() {}

    init(_ columns: ResampleAxis, taps: Int, lanes: Int) {
      range = columns.range
      stride = ResizeMemory.rowStride(max(range.count, taps) * lanes * 4) / 4
    }

    /// Takes in what another has. Pixels of both have as many numbers.
    mutating func add(_ other: Shape, lanes: Int) {
      if range.isEmpty { self = other }
      if other.range.isEmpty { return }
      let after = max(stride - range.count * lanes, other.stride - other.range.count * lanes)
      range = min(range.lowerBound, other.range.lowerBound)..<max(range.upperBound, other.range.upperBound)
      stride = ResizeMemory.rowStride((range.count * lanes + after) * 4) / 4
    }

    var byteCount: Int { ResizeMemory.batch * stride * MemoryLayout<Float>.stride }
  }

  let shape: Shape
  private let lanes: Int
  private let memory: UnsafeMutablePointer<Float>
  /// The first of them in the source, and the bytes to the next one.
  private var source: (start: UnsafeRawPointer, stride: Int)
  /// How many there are already.
  private var count = 0

  /// - `memory` is writable for the shape's bytes, aligned to 64, and stays as long as this.
  @unsafe
  init(_ shape: Shape, lanes: Int, memory: UnsafeMutableRawPointer) {
    (self.shape, self.lanes) = (shape, lanes)
    unsafe self.memory = memory.assumingMemoryBound(to: Float.self)
    unsafe source = (UnsafeRawPointer(memory), 0)
    if shape.range.isEmpty { return }
    // What a weight of zero is multiplied by is a number.
    let used = shape.range.count * lanes
    for i in 0..<ResizeMemory.batch {
      unsafe (self.memory + i * shape.stride + used).update(repeating: 0, count: shape.stride - used)
    }
  }

  /// Other rows come: at most ``ResizeMemory/batch``, from that of `start` on, `stride` bytes apart.
  ///
  /// - They are readable as long as rows are asked for.
  @unsafe
  mutating func begin(_ start: UnsafeRawPointer, stride: Int) {
    unsafe source = (start, stride)
    count = 0
  }

  /// The rows from `first` on, from a column on, of which `end` are there then; `widen` makes one of a row's pixels.
  @unsafe
  mutating func rows(
    _ first: Int, upTo end: Int, from column: Int, pixelByteCount: Int,
    widen: (UnsafeRawPointer, UnsafeMutablePointer<Float>, Int) -> Void
  ) -> UnsafePointer<Float> {
    precondition(end <= ResizeMemory.batch && shape.range.contains(column), "ResizeWideRows: not of these rows")
    while count < end {
      let pixels = unsafe source.start + count * source.stride + shape.range.lowerBound * pixelByteCount
      unsafe widen(pixels, memory + count * shape.stride, shape.range.count)
      count += 1
    }
    return unsafe UnsafePointer(memory + first * shape.stride + (column - shape.range.lowerBound) * lanes)
  }
}
