import KernelBenchmark
import Kernels

/// What is done with a text, by the kernels and by each library behind a shim.
enum JSONJob: String, CaseIterable {
  case validate, minify, parse, serialise, doubles, fields, lines

  /// The libraries, and how to get those that are not there.
  private static let libraries = [
    (file: "simdjson.so", name: "simdjson", package: "libsimdjson-dev"),
    (file: "yyjson.so", name: "yyjson", package: "libyyjson-dev, where there is one: Debian 12 has none"),
    (file: "rapidjson.so", name: "RapidJSON", package: "rapidjson-dev"),
  ]

  private var texts: [JSONText] {
    switch self {
    case .validate, .parse, .serialise: [.messages, .catalogue, .coordinates] + JSONText.files
    case .minify: [.catalogue] + JSONText.files
    case .doubles: [.coordinates] + JSONText.files.filter { $0.name == "canada" }
    case .fields: [.messages] + JSONText.files.filter { $0.name == "twitter" }
    case .lines: [.events]
    }
  }

  var benchmarks: [Benchmark] {
    texts.map { text in
      let byteCount = text.byteCount
      let rivals = Self.libraries.map { library -> Rival in
        guard let shim = Shim.found(library.file) else {
          return Rival(library.name, absent: "not found; make-shims builds it after apt-get install \(library.package)")
        }
        return Rival("\(shim.name) \(shim.version)", version: shim.version, library: shim.file) {
          try rival(shim, text.bytes())
        }
      }
      return Benchmark("json-\(rawValue)-\(text.name)", size: byteCount, work: .bytes(byteCount), rivals: rivals) {
        let work = try JSONWork(text.bytes(), isDocument: self != .lines)
        return { blackHole(try work.run(self)) }
      }
    }
  }

  /// The library's call, after its result was found to be the kernels'.
  private func rival(_ shim: Shim, _ text: [UInt8]) throws -> () throws -> Void {
    guard let job = Shim.Job(shim, rawValue, text) else {
      throw Rival.Disagreement("\(shim.name) does not do \(rawValue), or refuses the text")
    }
    let work = try JSONWork(text, isDocument: self != .lines)
    let (made, theirs) = (job.run(), try work.canonical(self, job.result))
    let ours = try work.canonical(self)
    guard made > 0, ours == theirs else {
      throw Rival.Disagreement(
        "\(shim.name) makes \(theirs.count) bytes by \(rawValue) that are not the \(ours.count) of the kernels")
    }
    return {
      guard job.run() > 0 else { throw Rival.Disagreement("\(shim.name) failed") }
    }
  }
}
