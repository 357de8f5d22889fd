import Foundation

/// Files of serialised sketches that Apache DataSketches' own tests exchange between languages: `hll4_n100_cpp.sk` and so on.
enum SketchFiles {
  /// `KERNELS_DATA/sketches`, or `../shared/data/sketches` beside the package; nil where there is neither.
  static let folder: URL? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../..").standardized
    let places = [
      ProcessInfo.processInfo.environment["KERNELS_DATA"].map { URL(filePath: $0) },
      package.deletingLastPathComponent().appending(path: "shared/data"),
    ]
    return places.compactMap { $0?.appending(path: "sketches") }.first {
      FileManager.default.fileExists(atPath: $0.path)
    }
  }()

  static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder!.appending(path: name))) }

  static let counts = [0, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
}
