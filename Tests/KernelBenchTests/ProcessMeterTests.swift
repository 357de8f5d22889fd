import BenchHarness
import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One after the other: each resets the process's peak of resident memory.
@Suite(.serialized) struct ProcessMeterTests {
  private func figures(_ metrics: [NamedMetric]) -> [MetricName: Metric] {
    Dictionary(uniqueKeysWithValues: metrics.map { ($0.name, $0.metric) })
  }

  /// A body that only computes takes as much CPU time as wall time, at most.
  @Test func cpuTimeOfComputing() throws {
    var calls = 0
    var elapsed = 0.0
    var sink = 0.0
    let metrics = figures(
      ProcessMeter().perCall(1) { count in
        calls = count
        elapsed = Clock.time {
          for i in 0..<1000 * count { sink += Double(i).squareRoot() }
        }
      })
    // A pass lasts a millisecond with what surrounds the body; beside other work, being preempted there counts too.
    #expect(sink > 0 && calls > 1 && elapsed > 0)
    let cpu = try #require(metrics[.cpuTime]?.value)
    #expect(cpu > 0 && cpu <= 1.1 * elapsed / Double(calls) + 50_000 / Double(calls))
  }

  /// A body that sleeps gives up the CPU at each call, and takes little of its time.
  @Test func sleepingIsASwitchAndNoTime() throws {
    let metrics = figures(
      ProcessMeter().perCall(20) { count in
        for _ in 0..<count { usleep(1000) }
      })
    #expect(try #require(metrics[.voluntarySwitches]?.value) >= 0.9)
    #expect(try #require(metrics[.cpuTime]?.value) < 900_000)
  }

  /// A page that is touched first faults once, and is resident at the peak.
  @Test func pagesFaultAndAreResident() throws {
    let size = 128 << 20
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let metrics = figures(
      ProcessMeter().perCall(1) { count in
        for _ in 0..<count { touchNewPages(bytes: size) }
      })
    let faults = try #require(metrics[.minorFaults]?.value)
    // The kernel may map several pages at a fault, and a sanitizer has pages beside each page.
    #expect(faults >= 16 && faults <= 10 * Double(size / page))
    #expect(try #require(metrics[.resident]?.value) > 1e6)
    if let peak = metrics[.peakResident]?.value { #expect(peak >= 0.99 * Double(size)) }
  }

  @Test func theProcessHasItsThreads() throws {
    let metrics = figures(
      ProcessMeter(scope: .process).perCall(1) { count in
        for _ in 0..<count {
          // By its own clock: beside other work, little of what passes on the wall is the thread's.
          let thread = Thread {
            var used = timespec()
            while used.tv_sec == 0 && used.tv_nsec < 3_000_000 { unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) }
          }
          thread.start()
          while !thread.isFinished { usleep(200) }
        }
      })
    #expect(try #require(metrics[.cpuTime]?.value) >= 2_500_000)
  }
}

@Suite struct ProcessMemoryTests {
  @Test func readsStatus() {
    let status = "Name:\tVmRSS: 9 kB\nVmPeak:\t  999 kB\nVmHWM:\t    2072 kB\nVmRSS:\t    1024 kB\nRssAnon:\t 1 kB\n"
    let memory = ProcessMemory(status: status.utf8)
    #expect(memory?.resident == 1024 << 10 && memory?.peak == 2072 << 10)
  }

  @Test(arguments: ["", "VmRSS:\t 1 kB\n", "VmRSS:\nVmHWM:\t 5 kB\n", "VmHWM: 1 kB\nVmRSS: 2 kB"])
  func whatIsMissingIsNoFigure(status: String) {
    #expect(ProcessMemory(status: status.utf8) == nil)
  }

  #if os(Linux)
    @Test func ofThisProcess() throws {
      let memory = try #require(ProcessMemory.current())
      #expect(memory.resident > 1 << 20 && memory.peak >= memory.resident / 2)
    }
  #endif
}

/// Touches each page of memory that is new from the system, one at a time, and gives it back.
func touchNewPages(bytes: Int) {
  let memory = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
  guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
    Issue.record("no memory")
    return
  }
  #if os(Linux)
    unsafe madvise(memory, bytes, Int32(MADV_NOHUGEPAGE))
  #endif
  for offset in stride(from: 0, to: bytes, by: Int(sysconf(Int32(_SC_PAGESIZE)))) {
    unsafe memory.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self)
  }
  unsafe munmap(memory, bytes)
}
