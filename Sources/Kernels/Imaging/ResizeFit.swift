/// How an image is brought into a box of `width` by `height` pixels.
public enum ResizeFit: Int32, CaseIterable, Hashable, Sendable {
  /// The box's size; the aspect ratio is lost.
  case fill = 0
  /// As large as goes inside the box.
  case inside = 1
  /// As small as covers the box; more than the box on one side.
  case outside = 2
  /// The box's size, filled: what reaches out is cropped.
  case cover = 3
  /// The box's size, the image as large as goes inside, and padding around it.
  case contain = 4
}

/// Which part of an image is kept where ``ResizeFit/cover`` crops, and where ``ResizeFit/contain`` puts it.
public struct ResizeGravity: Hashable, Sendable {
  /// From 0, left or top, to 1, right or bottom.
  public var x, y: Double

  public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }

  public static let center = ResizeGravity(x: 0.5, y: 0.5)
  public static let north = ResizeGravity(x: 0.5, y: 0)
  public static let northEast = ResizeGravity(x: 1, y: 0)
  public static let east = ResizeGravity(x: 1, y: 0.5)
  public static let southEast = ResizeGravity(x: 1, y: 1)
  public static let south = ResizeGravity(x: 0.5, y: 1)
  public static let southWest = ResizeGravity(x: 0, y: 1)
  public static let west = ResizeGravity(x: 0, y: 0.5)
  public static let northWest = ResizeGravity(x: 0, y: 0)
}

/// What a fit comes to: which part of the source becomes how many pixels, and where they lie in the output.
public struct ResizeGeometry: Hashable, Sendable {
  /// The part of the source that is resized.
  public let crop: ImageBox
  /// What it is resized to.
  public let image: ImageSize
  /// The whole output: more than `image` where there is padding.
  public let canvas: ImageSize
  /// Where `image` lies in the canvas.
  public let left, top: Int

  /// - Parameters:
  ///   - source: the source's size.
  ///   - width: of the box; 0 where the aspect ratio is to give it. Not both may be 0.
  ///   - height: the same of its height.
  ///   - fit: how the image comes into the box.
  ///   - gravity: which part stays where something is cut off, or where the image lies where something is added.
  ///   - enlarge: whether the output may have more pixels to a side of the source than the source. Where it may not, ``ResizeFit/contain``
  ///     pads, and the others give the source's size, or for ``ResizeFit/fill`` and ``ResizeFit/cover`` the smaller of the two on each side.
  /// - Throws: `ResizeError.size` where a size is not positive or too large.
  public init(
    source: ImageSize, width: Int, height: Int, fit: ResizeFit, gravity: ResizeGravity = .center, enlarge: Bool = true
  ) throws(ResizeError) {
    for size in 0..<4 {
      let value = size == 0 ? source.width : size == 1 ? source.height : size == 2 ? width : height
      guard value >= (size < 2 ? 1 : 0) && value <= Int(Int32.max) else { throw .size }
    }
    guard width > 0 || height > 0 else { throw .size }
    let (sourceWidth, sourceHeight) = (Double(source.width), Double(source.height))
    let limit = enlarge ? Double.infinity : 1

    // One side alone: the other follows, and every fit is the same.
    guard width > 0 && height > 0 else {
      let ratio = min(width > 0 ? Double(width) / sourceWidth : Double(height) / sourceHeight, limit)
      let size = try Self.scaled(source, ratio, exact: ratio == 1 ? nil : ImageSize(width: width, height: height))
      (crop, image, canvas, left, top) = (ImageBox(source), size, size, 0, 0)
      return
    }
    let box = ImageSize(width: width, height: height)
    let (x, y) = (Double(width) / sourceWidth, Double(height) / sourceHeight)
    switch fit {
    case .fill:
      let size = enlarge ? box : ImageSize(width: min(width, source.width), height: min(height, source.height))
      (crop, image, canvas, left, top) = (ImageBox(source), size, size, 0, 0)
    case .inside, .outside:
      let ratio = fit == .inside ? min(x, y) : max(x, y)
      let touching = ImageSize(width: x == ratio ? width : 0, height: y == ratio ? height : 0)
      let size = try ratio > limit ? source : Self.scaled(source, ratio, exact: touching)
      (crop, image, canvas, left, top) = (ImageBox(source), size, size, 0, 0)
    case .contain:
      let ratio = min(x, y)
      let touching = ImageSize(width: x == ratio ? width : 0, height: y == ratio ? height : 0)
      let size = try ratio > limit ? source : Self.scaled(source, ratio, exact: touching)
      (crop, image, canvas) = (ImageBox(source), size, box)
      left = Int((Double(width - size.width) * gravity.x.clamped).rounded(.down))
      top = Int((Double(height - size.height) * gravity.y.clamped).rounded(.down))
    case .cover:
      let size = enlarge ? box : ImageSize(width: min(width, source.width), height: min(height, source.height))
      // Pixels of the source to one of the output: where the box is larger than the source, the source's own.
      let step = enlarge ? 1 / max(x, y) : max(1 / max(x, y), 1)
      let cropWidth = min(Double(size.width) * step, sourceWidth)
      let cropHeight = min(Double(size.height) * step, sourceHeight)
      let cropLeft = (sourceWidth - cropWidth) * gravity.x.clamped
      let cropTop = (sourceHeight - cropHeight) * gravity.y.clamped
      crop = ImageBox(
        left: cropLeft, top: cropTop, right: min(cropLeft + cropWidth, sourceWidth),
        bottom: min(cropTop + cropHeight, sourceHeight))
      (image, canvas, left, top) = (size, size, 0, 0)
    }
  }

  /// Both sides times `ratio`, to the nearest pixel and at least one; a side that `exact` gives is that.
  private static func scaled(_ size: ImageSize, _ ratio: Double, exact: ImageSize?) throws(ResizeError) -> ImageSize {
    let width = max((Double(size.width) * ratio).rounded(), 1)
    let height = max((Double(size.height) * ratio).rounded(), 1)
    guard width <= Double(Int32.max) && height <= Double(Int32.max) else { throw .size }
    var result = ImageSize(width: Int(width), height: Int(height))
    if let exact, exact.width > 0 { result.width = exact.width }
    if let exact, exact.height > 0 { result.height = exact.height }
    return result
  }
}

extension Double {
  /// Into 0 ... 1; what is no number is the middle.
  fileprivate var clamped: Double { isNaN ? 0.5 : min(max(self, 0), 1) }
}
