import RuntimeAPIDouble

/// One process of each function under good and bad events for as long as one likes: does it grow, does it slow down, does it live?
///
/// A machine slows down too. So a process that has served all the time is compared, in turns, with processes that have just been started.
enum Soak {
  /// KiB that a process may grow by, and percent that it may slow down by.
  static let mostGrowth = 1024
  static let mostDrift = 3.0
  /// Invocations before anything is compared.
  private static let warmUp = 500
  private static let freshCount = 3

  static func run(seconds: Int, _ options: Options) throws {
    let lanes = try options.workloads.filter { $0.function != .least }.map { try SoakLane($0, options) }
    progress("\(seconds) s of \(lanes.map(\.workload.name).joined(separator: ", ")), malformed events mixed in")
    let start = monotonicNanoseconds()
    // The last part is for the comparison: a fifth of the time, and no more than a minute.
    let comparison = min(UInt64(seconds) * 200_000_000, 60_000_000_000)
    let end = start + UInt64(seconds) * 1_000_000_000 - comparison
    while monotonicNanoseconds() < end || lanes.contains(where: { $0.count < 2 * warmUp }) {
      for lane in lanes { try lane.round() }
    }
    var failures: [String] = []
    for lane in lanes {
      let drift = try lane.drift(within: comparison / UInt64(lanes.count), fresh: freshCount, warmUp: warmUp, options)
      let growth = lane.resident - lane.residentAtFirst
      let hasLived = lane.isRunning
      print(
        "\(lane.workload.name): \(lane.count) invocations, \(lane.malformed) malformed events, \(lane.broken) broken connections;",
        "memory \(lane.residentAtFirst) to \(lane.resident) KiB,",
        "against fresh processes \(decimal(drift, 1)) % slower,",
        hasLived ? "the process lives" : "THE PROCESS HAS ENDED")
      let name = lane.workload.name
      if growth > mostGrowth { failures.append("\(name) grew by \(growth) KiB") }
      if drift > mostDrift { failures.append("\(name) slowed down by \(decimal(drift, 1)) %") }
      if !hasLived { failures.append("\(name) ended") }
      if lane.connections != 1 + lane.broken { failures.append("\(name) made \(lane.connections) connections") }
    }
    if !failures.isEmpty { throw Mistake(failures.joined(separator: "; ")) }
  }
}

/// A function that serves all the time.
private final class SoakLane {
  private static let bad = [
    "", "{", "{}", #"{"body":7}"#, #"{"body":"***","isBase64Encoded":true}"#, #"{"Records":[{}]}"#,
    #"{"features":"AAAA"}"#, #"{"from":"yesterday"}"#, String(repeating: "[", count: 1 << 20),
  ].map { Array($0.utf8) }

  let workload: Workload
  private var served: Served
  private let expected: [UInt8]
  private(set) var count = 0
  private(set) var malformed = 0
  private(set) var broken = 0
  /// KiB, once it is warm.
  private(set) var residentAtFirst = 0

  init(_ workload: Workload, _ options: Options) throws {
    self.workload = workload
    guard let runtime = Runtime.all(of: workload, options).first else {
      throw Mistake("no executable for \(workload.name)")
    }
    var served = try Served(runtime, workload, options)
    expected = try served.call(workload.event).answer
    self.served = served
  }

  var resident: Int { served.process.memory("VmRSS") ?? 0 }
  var isRunning: Bool { served.process.ended() == nil }
  var connections: Int { served.api.connectionCount }

  /// Four good events, and one that is not; now and then a connection that breaks in the middle of one.
  func round() throws {
    for _ in 0..<4 { _ = try call() }
    let event = Self.bad[malformed % Self.bad.count]
    guard case .error = unsafe try served.api.invoke(event.span.bytes) else {
      throw Mistake("\(workload.name): a malformed event was answered")
    }
    malformed += 1
    if malformed % 50 == 0 {
      let isReset = malformed % 100 == 0
      let event = workload.event
      guard
        case .error = unsafe try served.api.invoke(
          event.span.bytes, delivery: .cut(after: event.count / 2, reset: isReset))
      else { throw Mistake("\(workload.name): an event that was cut short was answered") }
      broken += 1
    }
    if residentAtFirst == 0 && count >= 1000 { residentAtFirst = resident }
  }

  private func call() throws -> UInt64 {
    let (answer, nanoseconds) = try served.call(workload.event)
    guard answer == expected else { throw Mistake("\(workload.name): another answer than the first") }
    count += 1
    return nanoseconds
  }

  /// Percent by which this process is slower than ones that have just been warmed up, medians of invocations in turns.
  func drift(within nanoseconds: UInt64, fresh: Int, warmUp: Int, _ options: Options) throws -> Double {
    var others: [SoakLane] = []
    for _ in 0..<fresh {
      let other = try SoakLane(workload, options)
      for _ in 0..<warmUp { _ = try other.call() }
      others.append(other)
    }
    var own: [UInt64] = []
    var theirs = others.map { _ in [UInt64]() }
    let end = monotonicNanoseconds() + nanoseconds
    while own.count < 300 || monotonicNanoseconds() < end {
      own.append(try call())
      for i in others.indices { theirs[i].append(try others[i].call()) }
    }
    let reference = Quantiles(theirs.map { Quantiles($0).median }).median
    return 100 * (Double(Quantiles(own).median) / Double(reference) - 1)
  }
}
