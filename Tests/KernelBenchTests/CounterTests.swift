import Testing

/// The counters that the built program links, which prove themselves in it.
@Suite struct CounterTests {
  /// Every entry point, 0 ... 10^5 calls, on one thread, on several, and on more than there are slots for.
  @Test(arguments: [["--calls", "100000", "--threads", "8"], ["--calls", "100", "--threads", "300"]])
  func allocationsAreCountedExactly(arguments: [String]) throws {
    let result = try KernelBench.run(["selftest-allocations"] + arguments)
    if result.error.contains("a sanitizer has replaced the allocator") { return }
    #expect(result.status == 0, "\(result.error)")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 14, "\(result.output)")
    #expect(lines.contains { $0.hasPrefix("live memory: exact") })
    #expect(lines.contains("layout of blocks: glibc's own"))
    #expect(lines.last?.contains("past the counter") == true)
  }

  @Test func aSelfTestOfNoThreadsIsRefused() throws {
    let result = try KernelBench.run(["selftest-allocations", "--threads", "0"])
    #expect(result.status == 1)
    #expect(result.error.contains("--threads must be within 1...1024") || result.error.contains("unavailable"))
  }

  @Test func referencesAreCountedExactly() throws {
    let result = try KernelBench.run(["selftest-references"])
    if result.error.contains("the Swift runtime is linked statically") { return }
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.hasPrefix("retains and releases: exact"))
  }
}
