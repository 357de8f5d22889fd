import Kernels
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
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await function())
    } catch {
      outcome = .failure(error)
    }
    CPUFeatures.disable([])
    await Self.gate.leave()
    try outcome.get()
  }

  private static let gate = Gate()

  /// A lock that may be held across suspension points.
  private actor Gate {
    private var taken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
      guard taken else {
        taken = true
        return
      }
      // Whoever leaves hands over; the gate stays taken.
      await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
      if waiting.isEmpty {
        taken = false
      } else {
        waiting.removeFirst().resume()
      }
    }
  }
}

extension Trait where Self == CPUFeatureMaskTrait {
  /// Exclusive use of the process's CPU feature mask.
  static var cpuFeatureMask: Self { Self() }
}
