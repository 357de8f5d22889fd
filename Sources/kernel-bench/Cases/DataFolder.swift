import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Real files to measure on, where the user has them: the folders of `KERNELS_DATA`, which are no part of the package.
enum DataFolder {
  /// Files of a folder whose names end so, by name; none where the variable is not set.
  ///
  /// - Parameter folder: under `KERNELS_DATA`: "png/photos".
  static func files(_ folder: String, ending: String) -> [(name: String, path: String)] {
    guard let root = unsafe getenv("KERNELS_DATA").map({ unsafe String(cString: $0) }) else { return [] }
    let path = "\(root)/\(folder)"
    return SystemFile.names(in: path).filter { $0.hasSuffix(ending) }.map { ($0, "\(path)/\($0)") }
  }
}
