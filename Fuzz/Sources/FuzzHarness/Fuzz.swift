internal import Foundation

#if LIBFUZZER
  internal import CLibFuzzer
#endif

/// The body of the one target that this process runs, where libFuzzer's C callback finds it.
nonisolated(unsafe) private var target: ([UInt8]) -> Void = { _ in }

#if LIBFUZZER
  /// Named as the main function that libFuzzer brings along wants it, though it is not that which runs.
  @_cdecl("LLVMFuzzerTestOneInput")
  public func oneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    unsafe target([UInt8](UnsafeBufferPointer(start: data, count: size)))
    return 0
  }
#endif

/// Runs `body` on input after input: those of libFuzzer where this was built with it, else those of the plain mutator.
///
/// Both take the same arguments, which are libFuzzer's. A trap in `body` is a finding, and so is a `body` that does not end.
/// - Parameter seeds: written to the folder that the environment variable `FUZZ_SEEDS` names.
public func fuzz(seeds: [[UInt8]], _ body: @escaping ([UInt8]) -> Void) -> Never {
  unsafe target = body
  if let folder = ProcessInfo.processInfo.environment["FUZZ_SEEDS"] {
    for (index, seed) in seeds.enumerated() {
      _ = FileManager.default.createFile(atPath: "\(folder)/seed-\(index)", contents: Data(seed))
    }
  }
  #if LIBFUZZER
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
    let status = unsafe LLVMFuzzerRunDriver(&count, &arguments, oneInput)
    exit(status)
  #else
    var mutator = Mutator(arguments: CommandLine.arguments.dropFirst(), seeds: seeds)
    mutator.run(body)
    exit(0)
  #endif
}

/// Says what two ways disagree about, and traps.
public func require(_ condition: Bool, _ message: @autoclosure () -> String) {
  guard !condition else { return }
  fatalError(message())
}
