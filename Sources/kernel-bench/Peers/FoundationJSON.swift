import BenchHarness
import Foundation
import KernelBenchmark

/// Foundation's JSONSerialization: the one file of the package's programs that has Foundation for a peer.
final class FoundationJSON {
  static let peer = Peer(name: "JSONSerialization", version: "of this toolchain", library: "Foundation")

  private let text: Data
  private let object: Any

  /// - `text` is copied.
  @unsafe
  init(_ text: UnsafeRawBufferPointer) throws {
    self.text = unsafe Data(bytes: text.baseAddress.unsafelyUnwrapped, count: text.count)
    object = try JSONSerialization.jsonObject(with: self.text)
  }

  func run(_ way: JSONWork.Way, _ iterations: Int) throws {
    for _ in 0..<iterations {
      switch way {
      case .parse, .numbersIn: blackHole(try JSONSerialization.jsonObject(with: text))
      default: blackHole(try JSONSerialization.data(withJSONObject: object))
      }
    }
  }
}
