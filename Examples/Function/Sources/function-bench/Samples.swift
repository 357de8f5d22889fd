import Kernels

/// What was measured, for `kernel-bench functions`, which makes the report of it: nothing is left out here, and nothing concluded.
struct Samples {
  let options: Options
  let results: [WorkloadResult]

  var json: [UInt8] {
    var writer = JSONWriter()
    writer.object {
      $0.member("format", "function samples")
      $0.member("version", 1)
      $0.member("count", options.count)
      $0.key("workloads")
      $0.array(results) { writer, result in
        writer.object {
          $0.member("name", result.workload.name)
          $0.member("description", result.workload.description)
          $0.key("loopStarts")
          $0.array(result.leastCold) { $0.number($1) }
          $0.key("runtimes")
          $0.array(result.runtimes) { $0.runtime($1) }
        }
      }
    }
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func runtime(_ runtime: WorkloadResult.OfRuntime) {
    object {
      $0.member("runtime", runtime.runtime.name)
      $0.key("invocations")
      $0.object {
        $0.key("nanoseconds")
        $0.array(runtime.record.nanoseconds) { $0.number($1) }
        $0.key("switched")
        $0.array(runtime.record.switched) { $0.number(Int64($1)) }
        $0.key("faulted")
        $0.array(runtime.record.faulted) { $0.number(Int64($1)) }
        $0.member("errors", runtime.record.errors)
        if let error = runtime.record.firstError { $0.member("firstError", error) }
      }
      $0.key("starts")
      $0.array(runtime.cold) { $0.number($1) }
      $0.member("peakIdleKiB", runtime.peakIdle)
      $0.member("peakKiB", runtime.peak)
      $0.member("answer", runtime.answer)
      if let collections = runtime.collections {
        $0.key("collections")
        $0.object {
          $0.member("invocations", collections.invocations)
          $0.key("milliseconds")
          $0.array(collections.pauses) { $0.number($1) }
        }
      }
      $0.key("sizes")
      $0.array(runtime.sizes) { writer, size in
        writer.object {
          $0.member("megabytes", size.megabytes)
          if let reason = size.unavailable { return $0.member("unavailable", reason) }
          $0.key("nanoseconds")
          $0.array(size.nanoseconds) { $0.number($1) }
          $0.member("start", Int(size.cold))
        }
      }
    }
  }

  fileprivate mutating func object(_ body: (inout JSONWriter) -> Void) {
    beginObject()
    body(&self)
    endObject()
  }

  fileprivate mutating func array<Elements: Sequence>(
    _ elements: Elements, _ body: (inout JSONWriter, Elements.Element) -> Void
  ) {
    beginArray()
    for element in elements { body(&self, element) }
    endArray()
  }

  fileprivate mutating func member(_ name: String, _ text: String) {
    key(name)
    string(text)
  }

  fileprivate mutating func member(_ name: String, _ value: Int) {
    key(name)
    number(Int64(value))
  }
}
