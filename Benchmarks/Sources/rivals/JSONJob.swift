import KernelBenchmark
import Kernels

/// What is done with a text, by the kernels and by each library behind a shim.
enum JSONJob: String, CaseIterable {
  case minify, parse, serialise, fields, lines

  /// The libraries, and how to get those that are not there.
  private static let libraries = [
    (file: "simdjson.so", name: "simdjson", package: "libsimdjson-dev"),
    (file: "yyjson.so", name: "yyjson", package: "libyyjson-dev, where there is one: Debian 12 has none"),
    (file: "rapidjson.so", name: "RapidJSON", package: "rapidjson-dev"),
  ]

  private var texts: [(name: String, text: @Sendable () -> String, byteCount: Int)] {
    func text(_ name: String, _ make: @escaping @Sendable () -> String) -> (String, @Sendable () -> String, Int) {
      (name, make, make().utf8.count)
    }
    switch self {
    case .minify: return [text("catalogue") { Inputs.catalogue(1500) }]
    case .parse, .serialise:
      return [
        text("messages") { Inputs.messages(1000) }, text("catalogue") { Inputs.catalogue(1500) },
        text("coordinates") { Inputs.coordinates(480) },
      ]
    case .fields: return [text("messages") { Inputs.messages(1000) }]
    case .lines: return [text("events") { Inputs.events(10_000) }]
    }
  }

  var benchmarks: [Benchmark] {
    texts.map { name, text, byteCount in
      let rivals = Self.libraries.map { library -> Rival in
        guard let shim = Shim.found(library.file) else {
          return Rival(library.name, absent: "not found; make-shims builds it after apt-get install \(library.package)")
        }
        return Rival("\(shim.name) \(shim.version)", version: shim.version, library: shim.file) {
          try rival(shim, text())
        }
      }
      return Benchmark("json-\(rawValue)-\(name)", size: byteCount, work: .bytes(byteCount), rivals: rivals) {
        let work = try JSONWork(text(), isDocument: self != .lines)
        return { blackHole(try work.run(self)) }
      }
    }
  }

  /// The library's call, after its result was found to be the kernels'.
  private func rival(_ shim: Shim, _ text: String) throws -> () throws -> Void {
    guard let job = Shim.Job(shim, rawValue, Array(text.utf8)) else {
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
