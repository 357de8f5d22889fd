import Foundation
import Testing

/// The programs in `c/` include `kernels.h`, link `libKernelsC` and check what the header promises.
///
/// Each is compiled as C11 and as C++, with every warning an error, and run.
@Suite struct CProgramTests {
  static let programs: [String] = {
    let files = try! FileManager.default.contentsOfDirectory(atPath: CToolchain.sources.path)
    return files.filter { $0.hasSuffix(".c") }.sorted()
  }()

  @Test(
    .disabled(if: CToolchain.sanitizer == "thread", "its runtime wants libdispatch in a C program"),
    arguments: programs, CToolchain.Language.allCases)
  func runsClean(program: String, language: CToolchain.Language) throws {
    let toolchain = try CToolchain()
    defer { toolchain.cleanUp() }
    let compiled = try toolchain.compile(program, as: language)
    #expect(compiled.status == 0, "\(compiled.output)")
    guard compiled.status == 0 else { return }
    let run = try toolchain.run(program)
    #expect(run.status == 0, "\(run.output)")
  }

  /// What the header declares and the package delivers: no name less, and no name more.
  static let delivered: Set<String> = [
    "kn_version", "kn_cpu_features", "kn_disable_cpu_features", "kn_free",
    "kn_sgemm", "kn_dgemm", "kn_sgemm_strided_batch", "kn_bf16gemm", "kn_u8s8gemm",
    "kn_hash_size", "kn_hash", "kn_hash_batch",
    "kn_hasher_create", "kn_hasher_update", "kn_hasher_finish", "kn_hasher_clone", "kn_hasher_destroy",
    "kn_hmac", "kn_hkdf", "kn_equal_constant_time",
    "kn_aead_seal", "kn_aead_open",
    "kn_crc", "kn_crc_combine",
    "kn_png_inspect", "kn_png_decode", "kn_png_encode", "kn_png_resize",
    "kn_resize",
  ]

  @Test func exportsExactlyWhatIsDelivered() throws {
    let symbols = try CToolchain.exportedSymbols()
    #expect(Set(symbols.filter { $0.hasPrefix("kn_") }) == Self.delivered)
  }

  /// The C leaf is hidden, so that it cannot collide with anything in the process that loads the library.
  @Test func exportsNothingOfTheLeaf() throws {
    let symbols = try CToolchain.exportedSymbols()
    #expect(symbols.filter { $0.hasPrefix("ck_") } == [])
  }

  /// The C ABI neither asks for OpenSSL nor for Foundation.
  @Test func needsTheSwiftRuntimeAlone() throws {
    let needed = try CToolchain.neededLibraries()
    #expect(!needed.isEmpty)
    for library in needed {
      #expect(!library.contains("crypto") && !library.contains("Foundation") && !library.contains("png"), "\(library)")
    }
  }
}
