import Foundation

@testable import BenchHarness

/// Plots of every kind, with what must not come through: markup in texts, and figures that are no numbers.
enum PlotSamples {
  static let nasty = "a <b> & \"c\" 'd'\u{1} \u{1F600}"

  static let sweep = LinePlot(
    title: "Working set of \(nasty)", description: "Throughput falls at each cache's size.",
    x: PlotAxis("working set", scale: .log2, figures: .bytes), y: PlotAxis("GB/s"),
    series: [
      .init("read", steps(150, 80, 30, 12)), .init("peer, which has a long name", steps(151, 75, 75, 75)),
      .init("broken", [.init(.nan, 3), .init(8192, .nan), .init(8192, .infinity), .init(-1, 3), .init(16384, 70)]),
    ],
    marks: [
      .init(32_768, "L1 32 KiB", .given), .init(30_720, "knee 30 KiB", .found), .init(524_288, "L2 512 KiB", .given),
      .init(491_520, "knee 480 KiB", .found), .init(33_554_432, "L3 32 MiB", .given), .init(.nan, "nowhere", .found),
    ])

  /// 4 KiB to 64 MiB, with a level of throughput for each of four caches.
  private static func steps(_ levels: Double...) -> [LinePlot.Point] {
    (0...28).map { step in
      let level = step < 6 ? 0 : step < 14 ? 1 : step < 24 ? 2 : 3
      return LinePlot.Point(4096 * exp2(Double(step) / 2), levels[level])
    }
  }

  private static let products = (3...11).map { power in
    RooflinePlot.Point("sgemm/\(1 << power)", intensity: exp2(Double(power)) / 6, throughput: 96)
  }

  static let roofline = RooflinePlot(
    title: "Roofline", description: "Cases under the machine's limits.", unit: "GFLOP/s",
    intensityLabel: "FLOP per byte",
    slopes: [
      .init("L1", bandwidth: 180), .init("L2", bandwidth: 95), .init("L3", bandwidth: 40), .init("DRAM", bandwidth: 15),
      .init("broken", bandwidth: .nan),
    ],
    peaks: [.init("f32 FMA avx2", throughput: 108), .init("f32 mul+add sse2", throughput: 26)],
    points: products + [
      .init("sum/\(nasty)", intensity: 0.25, throughput: 9), .init("broken", intensity: .nan, throughput: 1),
    ])

  private static func times(from least: Double) -> [Double] {
    (0..<151).map { number in least + Double(number * 7919 % 151) * 1e4 }
  }

  static let distribution = DistributionPlot(
    title: "Samples", description: "Times of two builds.", axis: PlotAxis("time", figures: .time),
    groups: [
      .init("sgemm/1024 before", times(from: 2e7)),
      .init("sgemm/1024 after", times(from: 2.1e7) + [.nan, .infinity]),
      .init("nothing", []), .init("one", [2.05e7]),
    ])

  static let bars = BarPlot(
    title: "Before and after", description: "Speeds with intervals.", axis: PlotAxis("GFLOP/s"),
    series: ["before", "after"],
    rows: [
      .init("sgemm/64", [.init(80, Interval(low: 78, high: 83)), .init(95, Interval(low: 90, high: 96))]),
      .init("sgemm/\(nasty)", [.init(100), nil]), .init("worse", [.init(-4), .init(.nan)]),
    ])

  static let plots: [(name: String, svg: @Sendable (Bool) -> String)] = [
    ("sweep", { sweep.svg(standalone: $0) }), ("roofline", { roofline.svg(standalone: $0) }),
    ("distribution", { distribution.svg(standalone: $0) }), ("bars", { bars.svg(standalone: $0) }),
    (
      "empty sweep",
      { LinePlot(title: "", description: "", x: sweep.x, y: sweep.y, series: []).svg(standalone: $0) }
    ),
    (
      "empty roofline",
      {
        RooflinePlot(
          title: "", description: "", unit: "", intensityLabel: "", slopes: [], peaks: [], points: []
        ).svg(standalone: $0)
      }
    ),
    (
      "empty distribution",
      { DistributionPlot(title: "", description: "", axis: sweep.y, groups: []).svg(standalone: $0) }
    ),
    ("empty bars", { BarPlot(title: "", description: "", axis: sweep.y, series: [], rows: []).svg(standalone: $0) }),
  ]
}
