import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// simdjson's first stage, by the shim that `Benchmarks/Scripts/make-shims` builds: C++ cannot be found at run time. It stays loaded to
/// the end of the process.
@safe
struct SimdjsonPeer: Sendable {
  let peer: Peer
  private let functions: Functions?

  // As in Benchmarks/Shims/rival.h.
  fileprivate typealias Prepare =
    @convention(c) (UnsafePointer<CChar>, UnsafeRawPointer, Int) -> UnsafeMutableRawPointer?
  fileprivate typealias Run = @convention(c) (UnsafeMutableRawPointer) -> Int
  fileprivate typealias Discard = @convention(c) (UnsafeMutableRawPointer) -> Void

  @safe
  fileprivate struct Functions: Sendable {
    let prepare: Prepare
    let run: Run
    let discard: Discard
  }

  static let shared = SimdjsonPeer()

  private init() {
    let found = PeerSearch.current.libraries(prefixes: ["simdjson.so"]).lazy.compactMap { DynamicLibrary($0) }.first
    guard let library = found,
      let prepare = unsafe library.function("rival_prepare", as: Prepare.self),
      let run = unsafe library.function("rival_run", as: Run.self),
      let discard = unsafe library.function("rival_discard", as: Discard.self),
      let version = unsafe library.function("rival_version", as: (@convention(c) () -> UnsafePointer<CChar>).self)
    else {
      let way = "build its shim with Benchmarks/Scripts/make-shims, and say KERNELS_PEER_PATH=Benchmarks/.build/shims"
      peer = Peer(name: "simdjson", absent: "not found; \(way)")
      functions = nil
      return
    }
    let number = unsafe String(cString: version())
    peer = Peer(name: "simdjson \(number)", version: number, library: library.path)
    functions = unsafe Functions(prepare: prepare, run: run, discard: discard)
  }

  /// nil where there is no shim, or it refuses the text, which it copies.
  @unsafe
  func index(_ text: UnsafeRawBufferPointer) -> Index? { functions.flatMap { unsafe Index(text, $0) } }

  /// A text whose tokens are found, and whose UTF-8 is checked.
  @safe
  final class Index {
    private let functions: Functions
    private let job: UnsafeMutableRawPointer

    @unsafe
    fileprivate init?(_ text: UnsafeRawBufferPointer, _ functions: Functions) {
      guard let start = text.baseAddress, let job = unsafe functions.prepare("index", start, text.count) else {
        return nil
      }
      self.functions = functions
      unsafe self.job = job
    }

    deinit { unsafe functions.discard(job) }

    func run(_ iterations: Int) { repeating(iterations) { _ = unsafe functions.run(job) } }
  }
}
