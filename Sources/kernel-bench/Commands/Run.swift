import ArgumentParser
import BenchHarness
import Kernels

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the cases beside the machine's limits and the peers.",
    discussion: """
      In every round each contender of a case is sampled once, in random order: the kernel, its peers, and a loop that shows \
      the machine's limit. Ratios are of samples of the same round, so that drift cancels.
      """)

  @OptionGroup var cases: CaseOptions

  @Flag(help: "A quarter of a second a case instead of one and a half.")
  var quick = false

  @Option(help: ArgumentHelp("Write everything, samples included, as JSON.", valueName: "file"))
  var json: String?

  @Option(help: "Seed of the order of samples.")
  var seed: UInt64 = 1

  func run() throws {
    let file = try json.map { path throws(BenchError) in try AtomicFile(path: path) }
    let catalogue = try cases.catalogue()
    let selected = try catalogue.cases(Selection(pattern: cases.filter))
    let terminal = Terminal.current
    let meter = AllocationCounter.meter()
    let plan = quick ? Plan.quick : Plan.full
    let machine = MachineDescription.current()
    let build = BuildDescription.current(version: KernelBench.version)
    let peers = peers(of: selected, catalogue)
    if !BuildDescription.isOptimised {
      Terminal.writeError("warning: built without optimisation, so its figures say nothing; build with -c release\n")
    }

    print(
      "\(machine.cpu), \(machine.system); kernel-bench \(build.version), Swift \(build.swift), \(build.configuration)")
    if !machine.featuresMasked.isEmpty { print("masked: \(machine.featuresMasked.joined(separator: " "))") }
    for peer in peers {
      let file = peer.library?.split(separator: "/").last ?? ""
      print("peer \(peer.name): " + (peer.absent.map { "absent, \($0)" } ?? "\(peer.version ?? ""), \(file)"))
    }
    let table = RunTable(terminal: terminal)
    print("\n" + table.header)

    let overhead = LoopOverhead.measure()
    var report = Report(
      started: Int(time(nil)), machine: machine, build: build,
      options: .init(
        filter: cases.filter, quick: quick, allRows: cases.allRows, disabled: cases.disable, input: cases.input,
        seed: seed),
      plan: plan, loopOverheadNanoseconds: overhead, peers: peers, cases: [])
    var sampler = Sampler(plan: plan, loopOverhead: overhead, seed: seed)
    for (index, item) in selected.enumerated() {
      terminal.showProgress("\(index + 1) of \(selected.count): \(item.name)")
      let result = try measure(item, &sampler, meter)
      terminal.clearProgress()
      print(table.text(result))
      report.cases.append(result)
    }
    print("\n" + table.legend(report.cases))
    if let file { try file.commit(encode(report)) }
  }

  /// Samples a case with what it masks, then counts allocations in a pass of its own.
  private func measure(_ item: BenchmarkCase, _ sampler: inout Sampler, _ meter: AllocationMeter) throws -> CaseResult {
    CPUFeatures.disable(try cases.masked.union(item.disabled))
    var contenders = try item.prepare()
    if case .loop(let ceiling) = item.ceiling { contenders.append(ceiling.contender) }
    let samples = sampler.sample(contenders)
    let allocations = zip(contenders, samples).map { contender, samples in
      meter.perCall(min(samples.iterations, 100), contender.body)
    }
    return CaseResult(item, samples: samples, allocations: allocations)
  }

  /// The libraries that the cases are compared with, and those that are absent.
  private func peers(of cases: [BenchmarkCase], _ catalogue: Catalogue) -> [Report.Peer] {
    var result: [Report.Peer] = []
    if cases.contains(where: { $0.name.contains("gemm") }) {
      result += catalogue.blasLibraries.map { library in
        switch library {
        case .success(let blas): .init(name: blas.family.rawValue, version: blas.version, library: blas.library)
        case .failure(let absence): .init(name: absence.family.rawValue, absent: absence.reason)
        }
      }
    }
    if cases.contains(where: { $0.name.contains("sha256") }) {
      result.append(.init(name: "libcrypto", version: Libcrypto.version, library: "linked"))
    }
    return result
  }

  private func encode(_ report: Report) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(report)
  }
}
