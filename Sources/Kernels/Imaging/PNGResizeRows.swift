/// Rows of the source in single precision, for all outputs of a resize: of values, and of intensities.
struct PNGResizeRowsPlan {
  private(set) var values = ResizeWideRows.Shape()
  private(set) var intensities = ResizeWideRows.Shape()

  /// Takes in what an output needs.
  mutating func add(_ plan: ResizePlan) {
    let memory = plan.memory
    if memory.mode.isLinear {
      intensities.add(memory.wideRowShape, lanes: memory.lanes)
    } else {
      values.add(memory.wideRowShape, lanes: memory.lanes)
    }
  }

  var byteCount: Int { values.byteCount + intensities.byteCount }
}

/// The same while a file is resized.
@safe
struct PNGResizeRows {
  var values, intensities: ResizeWideRows

  /// - `memory` is writable for the plan's bytes, aligned to 64, and stays as long as this.
  @unsafe
  init(_ plan: PNGResizeRowsPlan, _ layout: PixelLayout, memory: UnsafeMutableRawPointer) {
    let lanes = layout.channels == 3 ? 4 : layout.channels
    values = unsafe ResizeWideRows(plan.values, lanes: lanes, memory: memory)
    intensities = unsafe ResizeWideRows(plan.intensities, lanes: lanes, memory: memory + plan.values.byteCount)
  }

  /// Other rows come, at most ``ResizeMemory/batch``.
  ///
  /// - They are readable, `stride` bytes apart, as long as rows are asked for.
  @unsafe
  mutating func begin(_ start: UnsafeRawPointer, stride: Int) {
    unsafe values.begin(start, stride: stride)
    unsafe intensities.begin(start, stride: stride)
  }
}
