/// Where libraries to compare with may lie, beside the places that the dynamic loader knows.
package struct PeerSearch {
  /// In order: `KERNELS_PEER_PATH`, colon-separated, then `.build/peers` of the package that this program was built in.
  package let directories: [String]

  package init(directories: [String]) { self.directories = directories }

  package static var current: PeerSearch {
    var directories = (Terminal.environment("KERNELS_PEER_PATH") ?? "").split(separator: ":").map(String.init)
    // .../.build/x86_64-unknown-linux-gnu/release/kernel-bench
    if let build = SystemFile.executable?.split(separator: "/", omittingEmptySubsequences: false),
      let index = build.lastIndex(of: ".build")
    {
      directories.append(build[...index].joined(separator: "/") + "/peers")
    }
    directories.append(".build/peers")
    return PeerSearch(directories: directories)
  }

  /// Files below the directories whose names start with one of `prefixes`: in order of directory, then prefix, then path.
  package func libraries(prefixes: [String]) -> [String] {
    var result: [String] = []
    for directory in directories {
      let files = Self.files(below: directory, depth: 6)
      for prefix in prefixes {
        result += files.filter { file in
          let name = file.split(separator: "/").last ?? ""
          return name.hasPrefix(prefix) && name.contains(".so")
        }
      }
    }
    return result
  }

  /// Deep enough for `lib/python3.11/site-packages/scipy_openblas64/lib`, and no deeper.
  private static func files(below directory: String, depth: Int) -> [String] {
    var result: [String] = []
    for name in SystemFile.names(in: directory) {
      let path = directory + "/" + name
      if name.contains(".so") {
        result.append(path)
      } else if depth > 0 && (!name.contains(".") || name.hasPrefix("python3") || name.hasSuffix(".libs")) {
        result += files(below: path, depth: depth - 1)
      }
    }
    return result
  }
}
