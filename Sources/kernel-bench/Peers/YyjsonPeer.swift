import BenchHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// yyjson, found at run time, or the reason why there is none. It stays loaded to the end of the process.
@safe
struct YyjsonPeer: Sendable {
  let peer: Peer
  private let functions: Functions?

  /// Text, length, flags, allocator, error.
  fileprivate typealias Read =
    @convention(c) (
      UnsafeRawPointer, Int, UInt32, UnsafeRawPointer?, UnsafeMutableRawPointer?
    ) -> UnsafeMutableRawPointer?
  /// Document, flags, allocator, length, error.
  fileprivate typealias Write =
    @convention(c) (
      UnsafeRawPointer, UInt32, UnsafeRawPointer?, UnsafeMutablePointer<Int>?, UnsafeMutableRawPointer?
    ) -> UnsafeMutableRawPointer?
  fileprivate typealias SetUpPool = @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer, Int) -> Bool

  @safe
  fileprivate struct Functions: Sendable {
    let read: Read
    let write: Write
    let setUpPool: SetUpPool
  }

  static let shared = YyjsonPeer()

  private init() {
    guard let library = DynamicLibrary("libyyjson.so.0") ?? DynamicLibrary("libyyjson.so"),
      let read = unsafe library.function("yyjson_read_opts", as: Read.self),
      let write = unsafe library.function("yyjson_write_opts", as: Write.self),
      let setUpPool = unsafe library.function("yyjson_alc_pool_init", as: SetUpPool.self),
      let version = library.function("yyjson_version", as: (@convention(c) () -> UInt32).self)
    else {
      peer = Peer(name: "yyjson", absent: "not found; get it with apt-get install libyyjson0, where there is one")
      functions = nil
      return
    }
    let bits = version()
    let number = "\(bits >> 16).\(bits >> 8 & 255).\(bits & 255)"
    peer = Peer(name: "yyjson \(number)", version: number, library: library.path)
    functions = unsafe Functions(read: read, write: write, setUpPool: setUpPool)
  }

  /// nil where there is no yyjson.
  ///
  /// - `text` must stay readable and unchanged as long as the work is done.
  @unsafe
  func work(_ text: UnsafeRawBufferPointer) -> Work? { functions.flatMap { unsafe Work(text, $0) } }

  /// A text and its document. It parses into the same memory each time, as a document of ours does.
  @safe
  final class Work {
    private let text: UnsafeRawBufferPointer
    private let functions: Functions
    private let pool: UnsafeMutableRawBufferPointer
    /// A `yyjson_alc`: three functions and a context.
    private let allocator = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 16)
    private let document: UnsafeMutableRawPointer

    @unsafe
    fileprivate init?(_ text: UnsafeRawBufferPointer, _ functions: Functions) {
      unsafe self.text = text
      self.functions = functions
      // Its own bound of what a text needs is 12 bytes a byte, and some.
      unsafe pool = .allocate(byteCount: 16 * text.count + 65536, alignment: 64)
      guard let start = text.baseAddress, let document = unsafe functions.read(start, text.count, 0, nil, nil) else {
        return nil
      }
      unsafe self.document = document
    }

    deinit {
      unsafe pool.deallocate()
      unsafe allocator.deallocate()
    }

    func run(_ way: JSONWork.Way, _ iterations: Int) {
      repeating(iterations) {
        switch way {
        case .parse, .numbersIn: parse()
        default: unsafe free(functions.write(document, 0, nil, nil, nil))
        }
      }
    }

    private func parse() {
      guard let memory = unsafe pool.baseAddress, let start = unsafe text.baseAddress else { return }
      _ = unsafe functions.setUpPool(allocator, memory, pool.count)
      _ = unsafe functions.read(start, text.count, 0, allocator, nil)
    }
  }
}
