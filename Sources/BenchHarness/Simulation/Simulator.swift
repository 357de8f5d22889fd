/// Runs cases of a program under valgrind's callgrind, which executes every instruction on a model of the caches, and counts.
///
/// Instructions are exact, and the same at every run; misses are those of the model, which has no prefetcher and two levels.
/// The simulator knows fewer instruction sets than the CPU, so that another row may run: each result says which.
package final class Simulator {
  /// "valgrind-3.19.0".
  package let version: String
  package let model: CacheModel
  private let valgrind: String
  private let environment: [String]
  private let directory: TemporaryDirectory
  private var program: String { directory.path + "/program" }

  /// - Parameters:
  ///   - executable: a program of this harness: it has the verb `count-body`.
  ///   - path: where programs are searched, as PATH has it.
  /// - Throws: ``Unavailable``.
  package init(
    executable: String, caches: CacheTopology, path: String? = Terminal.environment("PATH")
  ) throws(Unavailable) {
    guard let valgrind = ProcessEnvironment.find("valgrind", path: path) else {
      throw Unavailable("valgrind is not installed; apt-get install valgrind")
    }
    guard let strip = ProcessEnvironment.find("strip", path: path) else {
      throw Unavailable("strip is not installed, and valgrind reads no Swift program without; apt-get install binutils")
    }
    guard let model = CacheModel(caches) else {
      throw Unavailable("the system does not say which caches the CPU has, so that there is no model of them")
    }
    (self.model, self.valgrind) = (model, valgrind)
    // Without the peers of the working directory, which are set up only to be left out; and with the libraries that the
    // loader would find beside the executable.
    let place = executable.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    environment =
      ProcessEnvironment.variables(without: ["KERNELS_PEER_PATH", "LD_LIBRARY_PATH"])
      + ["LD_LIBRARY_PATH=\(place)" + (Terminal.environment("LD_LIBRARY_PATH").map { ":" + $0 } ?? "")]
    do throws(BenchError) {
      let directory = try TemporaryDirectory()
      self.directory = directory
      func run(_ arguments: [String], _ seconds: Double) throws(BenchError) -> String {
        let (output, error) = (directory.path + "/output", directory.path + "/error")
        let end = try ChildProcess.run(
          arguments, directory: directory.path, environment: [], output: output, error: error, seconds: seconds)
        guard end == .ended(.exited(0)) else { throw BenchError("\(arguments[0]) failed: \(Self.lastLine(error))") }
        return SystemFile.text(output) ?? ""
      }
      version = try run([valgrind, "--version"], 10)
      // valgrind 3.19 stops at debug information as Swift writes it.
      _ = try run([strip, "-g", "-o", directory.path + "/program", executable], 60)
    } catch {
      throw Unavailable(error.description)
    }
  }

  /// Why there are no simulated figures, and what to do.
  package struct Unavailable: Error, Hashable, Sendable, CustomStringConvertible {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }

    package var description: String { reason }
  }

  /// What `count-body` is asked for beside the case.
  package struct Request: Hashable, Sendable {
    /// Calls that are counted; nil for a number that follows from the work of a call.
    package var calls: Int?
    /// Options of the verb that the user gave: `--all-rows` and others.
    package var options: [String]
    package var seconds: Double

    package init(calls: Int? = nil, options: [String] = [], seconds: Double = 300) {
      (self.calls, self.options, self.seconds) = (calls, options, seconds)
    }
  }

  /// Runs a case.
  ///
  /// - Parameter waiting: called some ten times a second, with the seconds since the start.
  /// - Throws: ``Unavailable``.
  package func count(
    _ name: String, _ request: Request = Request(), waiting: (Double) -> Void = { _ in }
  ) throws(Unavailable) -> SimulatedCase {
    let files = (
      profile: directory.path + "/profile", output: directory.path + "/output", error: directory.path + "/error"
    )
    let arguments =
      [
        valgrind, "--quiet", "--tool=callgrind", "--cache-sim=yes", "--I1=\(model.i1.option)",
        "--D1=\(model.d1.option)", "--LL=\(model.ll.option)", "--toggle-collect=\(CountedBody.function)",
        "--dump-after=\(CountedBody.function)", "--callgrind-out-file=\(files.profile)", program, "count-body", name,
      ] + (request.calls.map { ["--calls", "\($0)"] } ?? []) + request.options
    do throws(BenchError) {
      let end = try ChildProcess.run(
        arguments, directory: directory.path, environment: environment, output: files.output, error: files.error,
        seconds: request.seconds, waiting: waiting)
      switch end {
      case .ended(.exited(0)): break
      case .ended:
        throw BenchError("\(name) does not run under valgrind: \(Self.lastLine(files.error))")
      case .timedOut:
        throw BenchError("\(name) took more than \(Int(request.seconds)) s under valgrind; give it more with --timeout")
      case .interrupted: throw BenchError("interrupted")
      }
      guard case .success(let json) = SystemFile.bytes(files.output) else {
        throw BenchError("\(name) said nothing under valgrind; try it anew")
      }
      let body = try CountedBody(json: json)
      func counts(_ part: Int) throws(BenchError) -> CallgrindOutput {
        guard let text = SystemFile.text("\(files.profile).\(part)") else {
          throw BenchError("callgrind counted nothing in \(CountedBody.function); build without stripping names")
        }
        return try CallgrindOutput(text)
      }
      return SimulatedCase(body, once: try counts(2), twice: try counts(3))
    } catch {
      throw Unavailable(error.description)
    }
  }

  private static func lastLine(_ file: String) -> String {
    SystemFile.text(file)?.split(separator: "\n").last.map { String($0).cut(200) } ?? "it said nothing"
  }
}
