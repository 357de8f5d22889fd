#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A library loaded at run time, never unloaded: some start threads or register handlers that outlive an unloading.
@safe
struct DynamicLibrary: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer
  /// As the loader was asked for it.
  let path: String

  /// nil where the loader finds no such library, or one of those it needs is missing.
  init?(_ name: String) {
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
    unsafe self.handle = handle
    path = name
  }

  func symbol(_ name: String) -> UnsafeMutableRawPointer? { unsafe dlsym(handle, name) }

  /// A function, of a type that the caller vouches for.
  func function<Function>(_ name: String, as type: Function.Type) -> Function? {
    unsafe symbol(name).map { unsafe unsafeBitCast($0, to: type) }
  }

  /// The first of `names` that the library exports.
  func symbol(oneOf names: [String]) -> UnsafeMutableRawPointer? {
    for name in names { if let found = unsafe symbol(name) { return unsafe found } }
    return nil
  }
}
