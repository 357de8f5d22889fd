import Kernels
import Testing

@Suite struct ScratchTests {
  @Test func startsEmpty() {
    var scratch = Scratch()
    #expect(scratch.capacity == 0)
    #expect(address(&scratch, 0) == 0, "no byte asked for, none allocated")
    #expect(scratch.capacity == 0)
  }

  @Test(arguments: [1, 2, 63, 64, 127, 128, 129, 4095, 4096, 4097, 1 << 20])
  func holdsWhatWasAskedForAligned(bytes: Int) {
    let fromTheStart = Scratch(capacity: bytes)
    #expect(fromTheStart.capacity >= bytes)

    var scratch = Scratch()
    #expect(address(&scratch, bytes) % UInt(Scratch.alignment) == 0)
    #expect(scratch.capacity >= bytes)
  }

  @Test func growsOnceAndNeverShrinks() {
    var scratch = Scratch(capacity: 1000)
    let first = address(&scratch, 1000)
    #expect(address(&scratch, 1) == first)
    #expect(address(&scratch, 0) == first)
    scratch.reserve(-1)
    #expect(scratch.capacity >= 1000)

    scratch.reserve(5000)
    let grown = address(&scratch, 5000)
    #expect(grown % UInt(Scratch.alignment) == 0)
    #expect(address(&scratch, 5000) == grown)
    #expect(address(&scratch, 1000) == grown)
    #expect(scratch.capacity >= 5000)
  }

  @Test func everyByteMayBeWrittenAndStays() {
    var scratch = Scratch()
    unsafe scratch.withMemory(bytes: 777) { memory in
      let bytes = unsafe UnsafeMutableRawBufferPointer(start: memory, count: 777)
      for i in 0..<777 { unsafe bytes[i] = UInt8(i % 251) }
    }
    let kept = unsafe scratch.withMemory(bytes: 777) { memory in
      let bytes = unsafe UnsafeRawBufferPointer(start: memory, count: 777)
      return (0..<777).allSatisfy { unsafe bytes[$0] == UInt8($0 % 251) }
    }
    #expect(kept)
  }

  @Test func movesWithItsMemory() async {
    var scratch = Scratch(capacity: 300)
    let before = address(&scratch, 300)
    let moved = consume scratch
    let after = await Task.detached { [moved = Handoff(moved)] in
      var scratch = moved.take()
      return address(&scratch, 300)
    }.value
    #expect(after == before)
  }

  @Test func passesOnWhatItsBodyThrows() {
    struct Refused: Error {}
    var scratch = Scratch()
    #expect(throws: Refused.self) {
      try unsafe scratch.withMemory(bytes: 16) { (_) throws(Refused) -> Void in throw Refused() }
    }
    #expect(scratch.capacity >= 16)
  }

  @Test func refusesANegativeCapacity() async {
    await #expect(processExitsWith: .failure) { _ = Scratch(capacity: -1) }
    await #expect(processExitsWith: .failure) { _ = Scratch(capacity: .min) }
  }
}

/// Where the scratch's memory lies, as a number; 0 when it holds none.
private func address(_ scratch: inout Scratch, _ bytes: Int) -> UInt {
  unsafe scratch.withMemory(bytes: bytes) { UInt(bitPattern: $0) }
}

/// Carries a value without copies into a closure that may be copied: the first `take` empties it.
private final class Handoff: @unchecked Sendable {
  private var scratch: Scratch?
  init(_ scratch: consuming Scratch) { self.scratch = consume scratch }
  func take() -> Scratch { scratch.take()! }
}
