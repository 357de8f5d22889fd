import Foundation
import Kernels
import Testing

/// Names, sets and their closure: nothing here touches the process's mask.
@Suite struct CPUFeaturesNames {
  static let all = CPUFeatures(CPUFeatures.entries.map(\.feature))

  @Test func everyNameReadsBackAsItsFeature() throws {
    for entry in CPUFeatures.entries {
      #expect(try CPUFeatures(parsing: entry.name.description) == entry.feature)
      #expect(entry.feature.description == entry.name.description)
    }
    #expect(try CPUFeatures(parsing: Self.all.description) == Self.all)
    #expect(Set(CPUFeatures.entries.map(\.name.description)).count == CPUFeatures.entries.count)
    #expect(Set(CPUFeatures.entries.map(\.feature)).count == CPUFeatures.entries.count)
  }

  @Test(arguments: ["", " ", "   "])
  func nothingNamedIsTheEmptySet(list: String) throws {
    #expect(try CPUFeatures(parsing: list) == [])
    #expect(CPUFeatures([]).description == "")
  }

  @Test func listsMayRepeatReorderAndSpace() throws {
    #expect(try CPUFeatures(parsing: "fma,avx2") == [.avx2, .fma])
    #expect(try CPUFeatures(parsing: " avx2 ,  fma,avx2 ") == [.avx2, .fma])
    #expect(try CPUFeatures(parsing: "avx2,neon" as Substring) == [.avx2, .neon])
  }

  @Test(arguments: [
    "avx3", "AVX2", "avx 2", "\tavx2", "sse4_1", ",", "avx2,", ",avx2", "avx2,,fma", " , ", "avx2;fma",
    "ａｖｘ２", "avx2\u{301}",
  ])
  func anUnknownNameThrows(list: String) {
    #expect(throws: UnknownCPUFeature.self) { try CPUFeatures(parsing: list) }
  }

  @Test func hostileNamesThrowToo() {
    for list in ["avx2\0", "avx2\n", "\u{1B}[2J", "avx2\u{FFFD}", String(repeating: "a", count: 1 << 16)] {
      #expect(throws: UnknownCPUFeature.self) { try CPUFeatures(parsing: list) }
    }
  }

  @Test func theErrorNamesTheFirstUnknown() {
    let error = #expect(throws: UnknownCPUFeature.self) { try CPUFeatures(parsing: "avx2, avx3 ,avx4") }
    #expect(error?.name == "avx3")
    #expect(error?.description.contains("\"avx3\"") == true)
    #expect(error?.description.contains("avx512vbmi2") == true)
  }

  @Test func everyFeatureStandsAfterWhatItNeeds() {
    var before = CPUFeatures()
    for entry in CPUFeatures.entries {
      #expect(before.isSuperset(of: entry.needs), "\(entry.name)")
      before.insert(entry.feature)
    }
    #expect(Self.all.closed == Self.all)
  }

  @Test func takingAFeatureTakesWhatStandsOnIt() {
    func without(_ features: CPUFeatures) -> CPUFeatures { Self.all.subtracting(features).closed }

    #expect(Self.all.subtracting(without(.avx512vbmi2)) == .avx512vbmi2)
    #expect(Self.all.subtracting(without(.avx512bw)) == [.avx512bw, .avx512vbmi2, .avx512bf16])
    #expect(Self.all.subtracting(without(.amxTile)) == [.amxTile, .amxBF16, .amxInt8])
    let avx512: CPUFeatures = [
      .avx512f, .avx512bw, .avx512vl, .avx512vbmi2, .avx512vnni, .avx512bf16, .avx512ifma,
    ]
    #expect(Self.all.subtracting(without(.avx2)) == avx512.union(.avx2))
    #expect(Self.all.subtracting(without(.fma)) == avx512.union(.fma))
    #expect(without(.ssse3).isDisjoint(with: [.sse41, .sse42, .avx, .avx2, .fma, .sha, .vaes, .avx512f]))
    #expect(without(.ssse3).isSuperset(of: [.bmi2, .aes, .pclmulqdq, .gfni, .amxTile, .neon]))
    #expect(without(.neon).isDisjoint(with: [.neon, .sha2, .sha3, .dotprod, .i8mm, .bf16]))
    #expect(without(Self.all) == [])
  }

  #if os(Linux) && arch(x86_64)
    /// The kernel reads the same CPUID and the same XCR0; it spells some names in another way.
    @Test func detectionAgreesWithTheKernel() throws {
      let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("flags") })
      let flags = Set(line.drop { $0 != ":" }.dropFirst().split(separator: " ").map(String.init))
      let spelling = [
        "sse4.1": "sse4_1", "sse4.2": "sse4_2", "sha": "sha_ni", "avx512vbmi2": "avx512_vbmi2",
        "avx512vnni": "avx512_vnni", "avx512bf16": "avx512_bf16",
        "amx-tile": "amx_tile", "amx-bf16": "amx_bf16", "amx-int8": "amx_int8",
      ]
      let tiles: CPUFeatures = [.amxTile, .amxBF16, .amxInt8]
      for entry in CPUFeatures.entries {
        let name = entry.name.description
        let there = flags.contains(spelling[name] ?? name)
        if CPUFeatures.detected.contains(entry.feature) {
          #expect(there, "\(name): detected, but /proc/cpuinfo has no \(spelling[name] ?? name)")
        } else if !tiles.contains(entry.feature) && !isArm(entry.feature) {  // the kernel may refuse AMX to a process
          #expect(!there, "\(name): in /proc/cpuinfo, but not detected")
        }
      }
    }

    private func isArm(_ feature: CPUFeatures) -> Bool { feature.rawValue >= CPUFeatures.neon.rawValue }
  #endif
}

/// The process-wide mask: the trait empties it before and after each test, and lets no other suite of its kind run meanwhile.
@Suite(.serialized, .cpuFeatureMask) struct CPUFeaturesMask {
  @Test func detectionIsStableAndClosed() {
    #expect(CPUFeatures.detected == CPUFeatures.detected)
    #expect(CPUFeatures.detected.closed == CPUFeatures.detected)
  }

  @Test func aMaskTakesEachFeatureAndItsDependants() {
    for entry in CPUFeatures.entries {
      CPUFeatures.disable(entry.feature)
      #expect(CPUFeatures.current == CPUFeatures.detected.subtracting(entry.feature).closed, "\(entry.name)")
      #expect(!CPUFeatures.current.contains(entry.feature))
    }
  }

  @Test func aLaterMaskReplacesAnEarlierOne() {
    CPUFeatures.disable(.ssse3)
    CPUFeatures.disable(.bmi2)
    #expect(CPUFeatures.current == CPUFeatures.detected.subtracting(.bmi2))
    CPUFeatures.disable([])
    #expect(CPUFeatures.current == CPUFeatures.detected)
  }

  @Test func everythingMaskedStaysMasked() {
    CPUFeatures.disable(CPUFeaturesNames.all)
    #expect(CPUFeatures.current == [])
    #expect(CPUFeatures.current == [], "an empty set is an answer, not a reason to detect again")
    CPUFeatures.disable(CPUFeatures(rawValue: .max))
    #expect(CPUFeatures.current == [])
  }

  @Test func featuresOfAnotherArchitectureMaskNothing() throws {
    #if arch(x86_64)
      CPUFeatures.disable(try CPUFeatures(parsing: "neon,sha2,sha3,crc32,dotprod,i8mm,bf16"))
    #else
      CPUFeatures.disable(try CPUFeatures(parsing: "ssse3,avx2,avx512f,amx-tile,sha"))
    #endif
    #expect(CPUFeatures.current == CPUFeatures.detected)
  }

  /// What a fresh process sees first must not depend on which call comes first.
  @Test func aMaskSetBeforeTheFirstReadHolds() async {
    await #expect(processExitsWith: .success) {
      CPUFeatures.disable(CPUFeatures(CPUFeatures.entries.map(\.feature)))
      guard CPUFeatures.current.isEmpty else { fatalError("the mask was lost") }
    }
  }

  @Test func readersSeeOneMaskOrTheOther() async {
    let all = CPUFeatures.detected
    let fewer = all.subtracting(.ssse3).closed
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<20_000).allSatisfy { _ in
            let seen = CPUFeatures.current
            return seen == all || seen == fewer
          }
        }
      }
      for round in 0..<2_000 { CPUFeatures.disable(round.isMultiple(of: 2) ? .ssse3 : []) }
      for await consistent in group { #expect(consistent) }
    }
  }
}
