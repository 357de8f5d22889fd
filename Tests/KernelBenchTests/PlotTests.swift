import Foundation
import Testing

@testable import BenchHarness

@Suite struct PlotTests {
  @Test(arguments: PlotSamples.plots.indices, [true, false]) func everyPlotIsWellFormed(index: Int, standalone: Bool)
    throws
  {
    let svg = PlotSamples.plots[index].svg(standalone)
    let reader = SVGReader(svg)
    #expect(reader.problem == nil)
    #expect(reader.root["role"] == "img")
    #expect(reader.hasStyle == standalone)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    for value in reader.coordinates { #expect(value >= -1 && value <= 2000) }
    // To be looked at: KERNELS_PLOTS names a directory.
    if let directory = ProcessInfo.processInfo.environment["KERNELS_PLOTS"], standalone {
      try Data(svg.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(PlotSamples.plots[index].name).svg"))
    }
  }

  @Test func textsAreEscaped() {
    let reader = SVGReader(PlotSamples.sweep.svg(standalone: true))
    #expect(reader.titles.first == "Working set of a <b> & \"c\" 'd'\u{FFFD} \u{1F600}")
    #expect(SVG.escaped("]]>") == "]]&gt;")
  }

  @Test(arguments: ["sweep", "roofline"]) func noTextLiesOnAnother(name: String) throws {
    let svg = try #require(PlotSamples.plots.first { $0.name == name }).svg(false)
    let texts = SVGReader(svg).texts.filter { !$0.isTurned }
    for (index, text) in texts.enumerated() {
      for other in texts[..<index] {
        #expect(!text.area.overlaps(other.area), "\"\(text.text)\" and \"\(other.text)\"")
      }
      #expect(text.area.left >= -1 && text.area.right <= PlotFrame.width + 1, "\(text.text)")
    }
  }

  @Test func aPageHasTheColoursOnce() {
    #expect(PlotStyle.page.contains("--plot-ink:"))
    #expect(PlotStyle.page.contains("prefers-color-scheme:dark"))
    #expect(!PlotStyle.standalone.contains("var("))
  }
}

@Suite struct PlotAxisTests {
  private static let linear: [(low: Double, high: Double, ticks: [Double])] = [
    (0, 10, [0, 2, 4, 6, 8, 10]), (0, 0.7, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]),
    (-3, 4, [-3, -2, -1, 0, 1, 2, 3, 4]), (1e6, 1e6, [900_000, 950_000, 1_000_000, 1_050_000, 1_100_000]),
  ]

  @Test(arguments: linear) func linearTicks(low: Double, high: Double, expected: [Double]) {
    let ticks = PlotScale(PlotAxis(""), values: [low, high]).ticks
    #expect(ticks.count == expected.count)
    for (tick, value) in zip(ticks, expected) { #expect(abs(tick - value) <= 1e-9 * max(1, abs(value))) }
  }

  @Test func logarithmicTicks() {
    let sizes = PlotScale(PlotAxis("", scale: .log2, figures: .bytes), values: [4096, 67_108_864], isRounded: false)
    #expect(
      sizes.ticks.map(sizes.axis.text) == [
        "4 KiB", "16 KiB", "64 KiB", "256 KiB", "1 MiB", "4 MiB", "16 MiB", "64 MiB",
      ])
    let speeds = PlotScale(PlotAxis("", scale: .log10), values: [3, 150])
    #expect(speeds.ticks.map(speeds.axis.text) == ["2", "5", "10", "20", "50", "100", "200"])
    #expect(PlotScale(PlotAxis("", scale: .log10), values: [1e-9, 1e12]).ticks.count <= 12)
  }

  @Test(arguments: [PlotAxis.Scale.linear, .log2, .log10]) func anyValuesGiveARange(scale: PlotAxis.Scale) {
    let sets: [[Double]] = [
      [], [0], [1], [.nan], [-5], [1e-300, 1e300], [5, 5], [.infinity, 3], [1e-12, 2e-12], [1e15, 1e15 + 1],
    ]
    for values in sets {
      let range = PlotScale(PlotAxis("", scale: scale), values: values)
      #expect(range.lower < range.upper, "\(values)")
      #expect(!range.ticks.isEmpty && range.ticks.count <= 13, "\(values)")
      for value in values where range.axis.accepts(value) {
        #expect(range.contains(value) && (0...1).contains(range.fraction(value)), "\(value) of \(values)")
      }
    }
  }

  @Test func labelsOfTicksAreShort() {
    #expect(PlotAxis("", figures: .bytes).text(32768) == "32 KiB")
    #expect(PlotAxis("", figures: .time).text(1.5e6) == "1.5 ms")
    #expect(PlotAxis("", figures: .percent).text(0.05) == "5 %")
    #expect(PlotAxis("").text(0) == "0" && PlotAxis("").text(0.005) == "0.005" && PlotAxis("").text(100) == "100")
  }

  @Test func labelsAreSpread() {
    #expect(PlotLabels.spread([10, 11, 50], gap: 15, within: 0...100) == [10, 25, 50])
    #expect(PlotLabels.spread([100, 99], gap: 15, within: 0...100) == [100, 85])
    #expect(PlotLabels.rows([(0, 10), (5, 20), (30, 40)]) == [0, 1, 0])
  }
}

@Suite struct TerminalPlotTests {
  @Test(arguments: [60, 100]) func fitsItsWidth(width: Int) {
    let text = TerminalPlot(PlotSamples.sweep, width: width).text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines { #expect(line.count <= width, "\(line)") }
    #expect(!text.contains("\u{1B}"))
    #expect(text.contains("L1 32 KiB") && text.contains("knee 480 KiB") && text.contains("64 KiB"))
    #expect(text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
  }

  @Test func aLineGoesFromCornerToCorner() {
    var canvas = BrailleCanvas(columns: 4, rows: 2)
    canvas.draw([(x: 0, y: 0), (x: 1, y: 1)])
    #expect(canvas.line(0) == "  \u{2860}\u{280A}" || canvas.line(0).last != " ")
    #expect(canvas.line(1).first != " " && canvas.line(1).last == " ")
  }

  @Test func nothingIsNoPlotButNoCrash() {
    #expect(!TerminalPlot(LinePlot(title: "t", description: "", x: .init("x"), y: .init("y"), series: [])).text.isEmpty)
  }
}
