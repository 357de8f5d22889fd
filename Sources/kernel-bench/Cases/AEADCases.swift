import BenchHarness
import Kernels
import KernelsCrypto

extension KernelCases {
  /// AES-256-GCM by libcrypto with the key kept, sealing and opening, against libcrypto called by hand.
  func aead(_ context: CaseContext) -> [CaseSeries] {
    AEADWork.Call.allCases.map { call in
      let points: [CaseSeries.Point] = [
        .init(64, label: "64B"), .init(1 << 10, label: "1KiB"), .init(64 << 10, label: "64KiB"),
      ]
      let series = "aes-256-gcm-\(call.rawValue)"
      return CaseSeries(name: series, points: points) { point, name in
        BenchmarkCase(
          name: name, series: series, size: point.size, parameters: [.init("bytes", point.size)], unit: .bytes,
          row: "libcrypto", ceiling: .none(reason: "no limit is measured for AES"),
          workingSet: call == .openInPlace ? point.size : 2 * point.size,
          peers: context.kernelAlone ? [] : Libcrypto.aeadPeers
        ) {
          try AEADWork(count: point.size).contenders(call, alone: context.kernelAlone)
        }
      }
    }
  }
}

/// A message, its sealed form, and a context of its key.
@safe
private final class AEADWork {
  enum Call: String, CaseIterable {
    case seal
    case open
    case openInPlace = "open-in-place"
  }

  private let (plaintext, sealed, scratch):
    (
      UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer
    )
  private let key: [UInt8]
  private let nonce: [UInt8]
  private var aead: AEAD

  init(count: Int) throws {
    var random = SplitMix64(seed: UInt64(count))
    let key = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    self.key = key
    nonce = (0..<12).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    unsafe plaintext = .allocate(byteCount: count, alignment: 64)
    unsafe sealed = .allocate(byteCount: count + AEAD.tagByteCount, alignment: 64)
    unsafe scratch = .allocate(byteCount: count + AEAD.tagByteCount, alignment: 64)
    for i in unsafe plaintext.indices { unsafe plaintext[i] = UInt8(truncatingIfNeeded: random.next()) }
    aead = try unsafe AEAD(.aes256GCM, key: key.span.bytes)
    try seal(1)
    unsafe scratch.copyMemory(from: UnsafeRawBufferPointer(sealed))
  }

  deinit {
    unsafe plaintext.deallocate()
    unsafe sealed.deallocate()
    unsafe scratch.deallocate()
  }

  private func seal(_ iterations: Int) throws {
    let (nonce, plaintext, sealed) = unsafe (nonce, UnsafeRawBufferPointer(plaintext), sealed)
    var output = unsafe sealed.mutableBytes
    try repeating(iterations) {
      try unsafe aead.seal(plaintext.bytes, nonce: nonce.span.bytes, authenticating: RawSpan(), into: &output)
    }
  }

  private func open(_ iterations: Int) throws {
    let (nonce, sealed) = unsafe (nonce, UnsafeRawBufferPointer(sealed))
    let plaintext = unsafe UnsafeMutableRawBufferPointer(rebasing: scratch.dropLast(AEAD.tagByteCount))
    var output = unsafe plaintext.mutableBytes
    try repeating(iterations) {
      try unsafe aead.open(sealed.bytes, nonce: nonce.span.bytes, authenticating: RawSpan(), into: &output)
    }
  }

  /// Each time from the sealed bytes, which everybody copies first.
  private func openInPlace(_ iterations: Int) throws {
    let (nonce, sealed, scratch) = unsafe (nonce, UnsafeRawBufferPointer(sealed), scratch)
    try repeating(iterations) {
      unsafe scratch.copyMemory(from: sealed)
      var message = unsafe scratch.mutableBytes
      try unsafe aead.open(inPlace: &message, nonce: nonce.span.bytes, authenticating: RawSpan())
    }
  }

  private func run(_ call: Call, _ iterations: Int) throws {
    switch call {
    case .seal: try seal(iterations)
    case .open: try open(iterations)
    case .openInPlace: try openInPlace(iterations)
    }
  }

  private func run(_ call: Call, _ iterations: Int, _ way: Libcrypto.AEADWay, _ peer: Libcrypto.AES256GCM) {
    let output = unsafe scratch.baseAddress!.assumingMemoryBound(to: UInt8.self)
    let bytes = unsafe UnsafeRawBufferPointer(sealed)
    unsafe nonce.withUnsafeBufferPointer { nonce in
      let nonce = nonce.baseAddress!
      switch call {
      case .seal:
        let sealed = unsafe sealed.baseAddress!.assumingMemoryBound(to: UInt8.self)
        repeating(iterations) { unsafe peer.seal(way, UnsafeRawBufferPointer(plaintext), nonce: nonce, into: sealed) }
      case .open:
        repeating(iterations) { unsafe peer.open(way, bytes, nonce: nonce, into: output) }
      case .openInPlace:
        repeating(iterations) {
          unsafe scratch.copyMemory(from: bytes)
          unsafe peer.open(way, UnsafeRawBufferPointer(scratch), nonce: nonce, into: output)
        }
      }
    }
  }

  /// The kernel and libcrypto's ways, after each has given the same; or the kernel `alone`, not yet called.
  func contenders(_ call: Call, alone: Bool) throws -> [Contender] {
    let bytes = unsafe Double(plaintext.count)
    var contenders = [Contender("libcrypto", role: .kernel, work: bytes) { try self.run(call, $0) }]
    if alone { return contenders }
    let peer = try Libcrypto.AES256GCM(key: key)
    for way in Libcrypto.AEADWay.allCases {
      contenders.append(
        Contender("\(Libcrypto.name) \(way.rawValue)", role: .peer, work: bytes) { self.run(call, $0, way, peer) })
    }
    return try contenders.inAgreement { unsafe Array(self.sealed) + Array(self.scratch.dropLast(16)) }
  }
}
