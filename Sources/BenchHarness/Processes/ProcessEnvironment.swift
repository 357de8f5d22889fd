#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What this process was started with, for those that it starts.
enum ProcessEnvironment {
  /// The variables, "NAME=value", without some of them; none where the system does not tell.
  static func variables(without names: Set<String> = []) -> [String] {
    guard case .success(let bytes) = SystemFile.bytes("/proc/self/environ") else { return [] }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.filter { variable in
      !names.contains(String(variable.prefix { $0 != "=" }))
    }
  }

  /// The first file of a name in the directories of PATH that this process may execute.
  static func find(_ name: String, path: String? = Terminal.environment("PATH")) -> String? {
    let places = (path ?? "").split(separator: ":").map { SystemFile.absolute("\($0)/\(name)") }
    return places.first { unsafe access($0, X_OK) == 0 }
  }
}
