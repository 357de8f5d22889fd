import FuzzHarness
import Kernels

// The first byte picks what the rest is: a plan, a snapshot of one of the plans below, NDJSON or CSV.

func plan(_ text: String) -> Aggregation {
  do { return try Aggregation(parsing: text.utf8.span.bytes) } catch { fatalError("a plan of the target: \(error)") }
}

let texts = [
  #"{"keys":["k"],"aggregates":[{"op":"sum","column":"v","as":"s"},{"op":"mean","column":"v","as":"m"},{"op":"count","as":"n"},"#
    + #"{"op":"variance","column":"v","as":"var"},{"op":"min","column":"v","as":"lo"}],"memory_limit":1048576}"#,
  #"{"keys":["k","l"],"aggregates":[{"op":"quantile","column":"v","q":0.5,"as":"q"},{"op":"approx_distinct","column":"v","as":"d"},"#
    + #"{"op":"top_k","column":"v","k":3,"as":"t"},{"op":"histogram","column":"v","bounds":[0,1,10],"as":"h"}],"memory_limit":4194304}"#,
  #"{"keys":["k"],"aggregates":[{"op":"sum","column":"v","as":"s"},{"op":"max","column":"v","as":"hi"}],"memory_limit":1048576,"#
    + #""window":{"kind":"hopping","time":"ts","size_ms":60000,"hop_ms":10000,"lateness_ms":1000}}"#,
  #"{"aggregates":[{"op":"first","column":"v","as":"f"},{"op":"last","column":"v","as":"l"},{"op":"count","as":"n"}],"#
    + #""memory_limit":1048576,"window":{"kind":"session","time":"ts","gap_ms":5000,"lateness_ms":0}}"#,
]
let sliding = Aggregation {
  key("k")
  sum("v")
  max("v")
}.sliding(.seconds(30), on: "ts", lateness: .seconds(1)).memoryLimit(1_048_576)
let plans = texts.map(plan) + [sliding]

let ndjson = """
  {"k":"a","l":1,"v":1.5,"ts":1000}
  {"k":"b","l":2,"v":-3,"ts":20000}
  {"k":null,"v":null,"ts":61000}

  """
let csv = "k,l,v,ts\na,1,1.5,1000\n\"b \"\"x\"\"\",2,-3,20000\r\n,,,61000\n"

func snapshot(_ plan: Aggregation) -> [UInt8] {
  do {
    var aggregator = try Aggregator(plan)
    try aggregator.update(ndjson: ndjson.utf8.span.bytes)
    return aggregator.snapshot()
  } catch {
    fatalError("the text of the target: \(error)")
  }
}

/// The state is used as a program would.
func exercise(_ aggregator: consuming Aggregator) {
  var aggregator = aggregator
  let before = aggregator.snapshot()
  do {
    let again = try Aggregator(aggregator.plan, restoring: before.span.bytes)
    require(again.snapshot() == before, "a snapshot restores to another")
  } catch {
    require(error.code == .limitExceeded, "a snapshot of ours is refused: \(error)")
  }
  _ = try? aggregator.update(ndjson: ndjson.utf8.span.bytes)
  _ = try? aggregator.merge(before.span.bytes)
  _ = try? aggregator.advance(to: 30000)
  _ = try? aggregator.finish()
}

let seeds =
  texts.map { [0] + Array($0.utf8) }
  + plans.indices.flatMap { index in
    let number = UInt8(index) << 2
    return [[1 | number] + snapshot(plans[index]), [2 | number] + Array(ndjson.utf8), [3 | number] + Array(csv.utf8)]
  }

fuzz(seeds: seeds) { input in
  guard let first = input.first else { return }
  let bytes = Array(input.dropFirst())
  let plan = plans[Int(first >> 2) % plans.count]
  switch first & 3 {
  case 0:
    guard let parsed = try? Aggregation(parsing: bytes.span.bytes), let fresh = try? Aggregator(parsed) else { return }
    exercise(fresh)
  case 1:
    guard let restored = try? Aggregator(plan, restoring: bytes.span.bytes) else { return }
    exercise(restored)
  case 2:
    guard var aggregator = try? Aggregator(plan) else { return }
    _ = try? aggregator.update(ndjson: bytes.span.bytes)
    exercise(aggregator)
  default:
    guard var aggregator = try? Aggregator(plan) else { return }
    var reader = CSVReader()
    // In two pieces, the second of them with what the first left.
    let taken = try? reader.update(&aggregator, csv: Array(bytes.prefix(bytes.count / 2)).span.bytes, isLast: false)
    if let taken {
      require(0...bytes.count / 2 ~= taken, "more was taken than given")
      _ = try? reader.update(&aggregator, csv: Array(bytes.dropFirst(taken)).span.bytes, isLast: true)
    }
    exercise(aggregator)
  }
}
