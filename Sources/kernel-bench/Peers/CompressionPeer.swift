import BenchHarness
import CZlib
import Kernels

/// DEFLATE of another library, linked or found at run time. What it keeps between streams is made once.
struct CompressionPeer: Sendable {
  /// A whole stream into a buffer that has room for it; the bytes written, none where it fails.
  @safe
  struct Coder {
    private let run: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Int

    init(_ run: @escaping (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Int) { unsafe self.run = run }

    @unsafe
    func callAsFunction(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int {
      unsafe run(input, output)
    }
  }

  let peer: Peer
  /// Makes an inflater of a format; nil where there is none.
  let inflater: @Sendable (DeflateFormat) -> Coder?
  /// Makes a deflater of a format at a level of ours, by the library's level that is meant for the same; nil where there is none.
  let deflater: @Sendable (DeflateFormat, Int) -> Coder?

  static let all = [zlib, libdeflate, isal]

  private init(
    _ peer: Peer, inflater: @escaping @Sendable (DeflateFormat) -> Coder?,
    deflater: @escaping @Sendable (DeflateFormat, Int) -> Coder?
  ) {
    (self.peer, self.inflater, self.deflater) = (peer, inflater, deflater)
  }

  private init(absent: Peer) { self.init(absent, inflater: { _ in nil }, deflater: { _, _ in nil }) }
}

// MARK: - zlib

extension CompressionPeer {
  static let zlib: CompressionPeer = {
    let version = unsafe String(cString: zlibVersion())
    return CompressionPeer(
      Peer(name: "zlib \(version)", version: version, library: "linked"),
      inflater: { format in
        let stream = ZlibStream(format, level: nil)
        return unsafe Coder { unsafe stream.run($0, $1) }
      },
      deflater: { format, level in
        let stream = ZlibStream(format, level: Int32(level))
        return unsafe Coder { unsafe stream.run($0, $1) }
      })
  }()

  @safe
  private final class ZlibStream {
    private var stream = unsafe z_stream()
    private let isDeflater: Bool

    init(_ format: DeflateFormat, level: Int32?) {
      isDeflater = level != nil
      let windowBits: Int32 = format == .raw ? -15 : format == .zlib ? 15 : 31
      let size = unsafe Int32(MemoryLayout<z_stream>.size)
      let status =
        if let level {
          unsafe deflateInit2_(&stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        } else {
          unsafe inflateInit2_(&stream, windowBits, ZLIB_VERSION, size)
        }
      precondition(status == Z_OK, "zlib does not start")
    }

    deinit {
      if isDeflater { unsafe deflateEnd(&stream) } else { unsafe inflateEnd(&stream) }
    }

    @unsafe
    func run(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int {
      unsafe stream.next_in = UnsafeMutablePointer(
        mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
      unsafe stream.avail_in = UInt32(input.count)
      unsafe stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.avail_out = UInt32(output.count)
      if isDeflater {
        guard unsafe deflateReset(&stream) == Z_OK, unsafe CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END else {
          return 0
        }
      } else {
        guard unsafe inflateReset(&stream) == Z_OK, unsafe CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END else {
          return 0
        }
      }
      return Int(unsafe stream.total_out)
    }
  }
}

// MARK: - libdeflate

extension CompressionPeer {
  private typealias Make = @convention(c) () -> OpaquePointer?
  private typealias MakeOfLevel = @convention(c) (Int32) -> OpaquePointer?
  private typealias Decompress =
    @convention(c) (
      OpaquePointer?, UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<Int>?
    ) -> Int32
  private typealias Compress =
    @convention(c) (OpaquePointer?, UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, Int) -> Int
  private typealias Free = @convention(c) (OpaquePointer?) -> Void

  private static let libdeflate: CompressionPeer = {
    guard let library = DynamicLibrary("libdeflate.so.0") ?? DynamicLibrary("libdeflate.so"),
      let makeInflater = unsafe library.function("libdeflate_alloc_decompressor", as: Make.self),
      let makeDeflater = unsafe library.function("libdeflate_alloc_compressor", as: MakeOfLevel.self),
      let freeInflater = unsafe library.function("libdeflate_free_decompressor", as: Free.self),
      let freeDeflater = unsafe library.function("libdeflate_free_compressor", as: Free.self)
    else {
      return CompressionPeer(
        absent: Peer(name: "libdeflate", absent: "not found; get it with apt-get install libdeflate0"))
    }
    @Sendable func name(_ format: DeflateFormat) -> String {
      format == .raw ? "deflate" : format == .zlib ? "zlib" : "gzip"
    }
    return CompressionPeer(
      Peer(name: "libdeflate", version: "of unknown version", library: library.path),
      inflater: { format in
        guard
          let decompress = unsafe library.function("libdeflate_\(name(format))_decompress", as: Decompress.self)
        else { return nil }
        let state = unsafe Handle(makeInflater(), freeInflater)
        return unsafe Coder { input, output in
          var count = 0
          let status = unsafe decompress(
            state.pointer, input.baseAddress, input.count, output.baseAddress, output.count, &count)
          return status == 0 ? count : 0
        }
      },
      deflater: { format, level in
        guard let compress = unsafe library.function("libdeflate_\(name(format))_compress", as: Compress.self) else {
          return nil
        }
        let state = unsafe Handle(makeDeflater(Int32(level)), freeDeflater)
        return unsafe Coder { input, output in
          unsafe compress(state.pointer, input.baseAddress, input.count, output.baseAddress, output.count)
        }
      })
  }()

  @safe
  private final class Handle {
    let pointer: OpaquePointer?
    private let free: Free

    init(_ pointer: OpaquePointer?, _ free: @escaping Free) { unsafe (self.pointer, self.free) = (pointer, free) }

    deinit { unsafe free(pointer) }
  }
}

// MARK: - ISA-L

extension CompressionPeer {
  private typealias Call = @convention(c) (UnsafeMutableRawPointer) -> Int32
  private typealias Start = @convention(c) (UnsafeMutableRawPointer) -> Void

  /// Raw alone: what a state begins with has been the same in all releases, and where it says which format has not.
  private static let isal: CompressionPeer = {
    guard let library = DynamicLibrary("libisal.so.2"),
      let startInflate = unsafe library.function("isal_inflate_init", as: Start.self),
      let inflate = unsafe library.function("isal_inflate_stateless", as: Call.self),
      let startDeflate = unsafe library.function("isal_deflate_stateless_init", as: Start.self),
      let deflate = unsafe library.function("isal_deflate_stateless", as: Call.self)
    else {
      return CompressionPeer(absent: Peer(name: "ISA-L", absent: "not found; get it with apt-get install libisal2"))
    }
    return CompressionPeer(
      Peer(name: "ISA-L", version: "of unknown version", library: library.path),
      inflater: { format in
        guard format == .raw else { return nil }
        let state = StateMemory()
        return unsafe Coder { input, output in
          // struct inflate_state: output, its room, what came out; input, bits of it, its bytes.
          let memory = unsafe state.memory
          unsafe startInflate(memory)
          unsafe memory.storeBytes(of: output.baseAddress, as: UnsafeMutableRawPointer?.self)
          unsafe memory.storeBytes(of: UInt32(output.count), toByteOffset: 8, as: UInt32.self)
          unsafe memory.storeBytes(of: input.baseAddress, toByteOffset: 16, as: UnsafeRawPointer?.self)
          unsafe memory.storeBytes(of: UInt32(input.count), toByteOffset: 32, as: UInt32.self)
          guard unsafe inflate(memory) == 0 else { return 0 }
          return Int(unsafe memory.load(fromByteOffset: 12, as: UInt32.self))
        }
      },
      deflater: { format, level in
        // Its levels end where ours begin to look at more places than one.
        guard format == .raw && level == 1 else { return nil }
        let state = StateMemory()
        return unsafe Coder { input, output in
          // struct isal_zstream: input, its bytes, how many went in; output, its room, what came out; tables; level and its memory.
          let memory = unsafe state.memory
          unsafe startDeflate(memory)
          unsafe memory.storeBytes(of: input.baseAddress, as: UnsafeRawPointer?.self)
          unsafe memory.storeBytes(of: UInt32(input.count), toByteOffset: 8, as: UInt32.self)
          unsafe memory.storeBytes(of: output.baseAddress, toByteOffset: 16, as: UnsafeMutableRawPointer?.self)
          unsafe memory.storeBytes(of: UInt32(output.count), toByteOffset: 24, as: UInt32.self)
          unsafe memory.storeBytes(of: 1, toByteOffset: 40, as: UInt32.self)
          unsafe memory.storeBytes(of: UInt32(StateMemory.byteCount), toByteOffset: 44, as: UInt32.self)
          unsafe memory.storeBytes(
            of: memory + StateMemory.byteCount, toByteOffset: 48, as: UnsafeMutableRawPointer.self)
          unsafe memory.storeBytes(of: 1, toByteOffset: 56, as: UInt16.self)
          guard unsafe deflate(memory) == 0 else { return 0 }
          return Int(unsafe memory.load(fromByteOffset: 28, as: UInt32.self))
        }
      })
  }()

  /// More than any release's state takes, and as much again for the memory of a level.
  @safe
  private final class StateMemory {
    static let byteCount = 1 << 20

    let memory = UnsafeMutableRawPointer.allocate(byteCount: 2 * byteCount, alignment: 64)

    init() { unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: 2 * Self.byteCount) }

    deinit { unsafe memory.deallocate() }
  }
}
