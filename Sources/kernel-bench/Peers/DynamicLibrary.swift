#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A library loaded at run time, never unloaded: some start threads or register handlers that outlive an unloading.
@safe
struct DynamicLibrary {
  private let handle: UnsafeMutableRawPointer
  /// Where it was found, as a full path where the loader tells.
  let path: String

  /// nil where the loader finds no such library, or one of those it needs is missing.
  init?(_ name: String) {
    guard let handle = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else { return nil }
    unsafe self.handle = handle
    path = name
  }

  private init(handle: UnsafeMutableRawPointer, path: String) {
    unsafe self.handle = handle
    self.path = path
  }

  /// The same library with its path as the loader knows it: the file that `symbol` of it is in.
  func located(by symbol: UnsafeMutableRawPointer) -> DynamicLibrary {
    var info = Dl_info()
    guard unsafe dladdr(symbol, &info) != 0, let file = unsafe info.dli_fname else { return self }
    return unsafe DynamicLibrary(handle: handle, path: String(cString: file))
  }

  func symbol(_ name: String) -> UnsafeMutableRawPointer? { unsafe dlsym(handle, name) }

  /// The first of `names` that the library exports.
  func symbol(oneOf names: [String]) -> UnsafeMutableRawPointer? {
    for name in names { if let found = unsafe symbol(name) { return unsafe found } }
    return nil
  }
}
