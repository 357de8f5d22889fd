import Kernels
import Synchronization
import Testing

/// For suites and tests that change or depend on the process's CPU feature mask: they run one at a time, across all
/// suites that carry the trait, and the mask is empty before and after each.
///
/// ```swift
/// @Suite(.serialized, .cpuFeatureMask) struct MaskTests { ... }
/// ```
struct CPUFeatureMaskTrait: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    // Once around each case, and not again around the suite that holds it.
    guard testCase != nil else { return try await function() }
    await Self.gate.enter()
    CPUFeatures.disable([])
    defer {
      CPUFeatures.disable([])
      Self.gate.leave()
    }
    try await function()
  }

  private static let gate = Gate()

  /// A lock that may be held across suspension points.
  private final class Gate: Sendable {
    private struct State {
      var taken = false
      var waiting: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    func enter() async {
      await withCheckedContinuation { continuation in
        let free = state.withLock { state in
          if state.taken { state.waiting.append(continuation) }
          defer { state.taken = true }
          return !state.taken
        }
        if free { continuation.resume() }
      }
    }

    func leave() {
      let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
        if state.waiting.isEmpty {
          state.taken = false
          return nil
        }
        return state.waiting.removeFirst()
      }
      next?.resume()
    }
  }
}

extension Trait where Self == CPUFeatureMaskTrait {
  /// Exclusive use of the process's CPU feature mask.
  static var cpuFeatureMask: Self { Self() }
}
