#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A library behind the five functions of `Shims/rival.h`, opened at run time and never closed.
@safe
struct Shim: @unchecked Sendable {
  private typealias Text = @convention(c) () -> UnsafePointer<CChar>
  private typealias Prepare =
    @convention(c) (UnsafePointer<CChar>, UnsafeRawPointer, Int) -> UnsafeMutableRawPointer?
  private typealias Run = @convention(c) (UnsafeMutableRawPointer) -> Int
  private typealias Result =
    @convention(c) (UnsafeMutableRawPointer, UnsafeMutablePointer<Int>) -> UnsafeRawPointer?
  private typealias Discard = @convention(c) (UnsafeMutableRawPointer) -> Void

  let name: String
  let version: String
  /// The file's name, without its folder.
  let file: String
  private let prepare: Prepare
  private let run: Run
  private let result: Result
  private let discard: Discard

  /// nil where there is no such file, or it lacks one of the functions.
  init?(folder: String, file: String) {
    guard let handle = unsafe dlopen("\(folder)/\(file)", RTLD_NOW | RTLD_LOCAL),
      let name = unsafe dlsym(handle, "rival_name"), let version = unsafe dlsym(handle, "rival_version"),
      let prepare = unsafe dlsym(handle, "rival_prepare"), let run = unsafe dlsym(handle, "rival_run"),
      let result = unsafe dlsym(handle, "rival_result"), let discard = unsafe dlsym(handle, "rival_discard")
    else { return nil }
    self.name = unsafe String(cString: unsafeBitCast(name, to: Text.self)())
    self.version = unsafe String(cString: unsafeBitCast(version, to: Text.self)())
    self.file = file
    unsafe self.prepare = unsafeBitCast(prepare, to: Prepare.self)
    unsafe self.run = unsafeBitCast(run, to: Run.self)
    unsafe self.result = unsafeBitCast(result, to: Result.self)
    unsafe self.discard = unsafeBitCast(discard, to: Discard.self)
  }

  /// Where `make-shims` puts them, or where `KERNELS_SHIMS` says.
  static var folders: [String] {
    let named = unsafe getenv("KERNELS_SHIMS").map { unsafe [String(cString: $0)] }
    return named ?? [".build/shims", "Benchmarks/.build/shims"]
  }

  static func found(_ file: String) -> Shim? {
    for folder in folders { if let shim = Shim(folder: folder, file: file) { return shim } }
    return nil
  }

  /// A job that is set up.
  @safe
  final class Job {
    private let shim: Shim
    private let job: UnsafeMutableRawPointer

    /// nil where the library does not do this job, or refuses the input.
    init?(_ shim: Shim, _ name: String, _ input: [UInt8]) {
      let job = unsafe input.withUnsafeBytes { bytes in
        unsafe bytes.baseAddress.flatMap { unsafe shim.prepare(name, $0, bytes.count) }
      }
      guard let job = unsafe job else { return nil }
      self.shim = shim
      unsafe self.job = unsafe job
    }

    deinit { unsafe shim.discard(job) }

    /// Does it once; 0 where it failed.
    func run() -> Int { unsafe shim.run(job) }

    /// What the last run made.
    var result: [UInt8] {
      var length = 0
      guard let bytes = unsafe shim.result(job, &length) else { return [] }
      return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: length))
    }
  }
}
