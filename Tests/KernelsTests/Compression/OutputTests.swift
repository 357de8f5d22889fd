import Testing

@testable import Kernels

/// The ways to say where bytes go all give the same bytes.
@Suite struct OutputTests {
  private static let formats: [DeflateFormat] = [.zlib, .gzip, .raw]

  @Test(arguments: CompressionData.allCases)
  func spansAndPointers(data: CompressionData) throws {
    for count in [0, 1, 300, 70_000] {
      let bytes = data.bytes(count)
      for format in Self.formats {
        let stream = try unsafe Deflate.deflate(bytes.span.bytes, format: format)
        var deflate = try Deflate(format)
        var inflate = Inflate(format)

        // Behind what is there already.
        let appended = [UInt8](capacity: stream.count + 2) { output in
          output.append(7)
          let isDone = unsafe deflate.deflate(bytes.span.bytes, into: &output)
          #expect(isDone)
          output.append(9)
        }
        #expect(isSame(appended, [7] + stream + [9]))
        let back = try [UInt8](capacity: count + 1) { output throws(InflateError) in
          output.append(3)
          unsafe try inflate.inflate(stream.span.bytes, into: &output)
        }
        #expect(isSame(back, [3] + bytes))

        var memory = [UInt8](repeating: 0, count: stream.count)
        let written = unsafe memory.withUnsafeMutableBytes { output in
          unsafe bytes.withUnsafeBytes { unsafe deflate.deflate($0, into: output) }
        }
        #expect(written == stream.count && isSame(memory, stream))
        var result = [UInt8](repeating: 0, count: count)
        let inflated = unsafe try result.withUnsafeMutableBytes { output in
          unsafe try stream.withUnsafeBytes { unsafe try inflate.inflate($0, into: output) }
        }
        #expect(inflated == count && isSame(result, bytes))
      }
    }
  }

  /// Where there is no room nothing is appended, and the next call is as good as the first.
  @Test func noRoom() throws {
    let bytes = CompressionData.text.bytes(5000)
    for format in Self.formats {
      let stream = try unsafe Deflate.deflate(bytes.span.bytes, format: format)
      var deflate = try Deflate(format)
      var inflate = Inflate(format)
      for room in [0, 1, stream.count - 1, stream.count] {
        let output = [UInt8](capacity: room) { output in
          // The array may have more room than was asked for.
          let isEnough = output.freeCapacity >= stream.count
          let isDone = unsafe deflate.deflate(bytes.span.bytes, into: &output)
          #expect(isDone == isEnough)
        }
        #expect(output.isEmpty || isSame(output, stream))
      }
      _ = [UInt8](capacity: 100) { output in
        var reason: InflateError.Reason?
        do throws(InflateError) {
          try unsafe inflate.inflate(stream.span.bytes, into: &output)
        } catch {
          reason = error.reason
        }
        let count = output.count
        #expect(reason == .outputLimit && count == 0)
      }
      let back = try [UInt8](capacity: bytes.count) { output throws(InflateError) in
        unsafe try inflate.inflate(stream.span.bytes, into: &output)
      }
      #expect(isSame(back, bytes))
    }
  }

  /// 256 MiB of zeros in 260 KB: refused at the limit, with no more memory than twice it.
  @Test func bomb() {
    let count = PNGTestBudget.isDebug ? 8 << 20 : 256 << 20
    for (format, oracle) in [(DeflateFormat.raw, ZlibOracle.Format.raw), (.gzip, .gzip)] {
      let stream = ZlibOracle.deflate([UInt8](repeating: 0, count: count), oracle, level: 9)
      #expect(stream.count < count / 900)
      for limit in [0, 1, 1 << 20] {
        let error = #expect(throws: InflateError.self) {
          try unsafe Inflate.inflate(stream.span.bytes, format: format, maximumByteCount: limit)
        }
        #expect(error?.reason == .outputLimit)
      }
    }
  }
}
