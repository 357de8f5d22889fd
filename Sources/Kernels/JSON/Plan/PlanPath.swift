/// JSON Pointers (RFC 6901) to values of a tape.
enum PlanPath {
  /// The pointer to the value of that index. Allocates. - Complexity: O(what comes before it).
  @unsafe
  static func text(_ tape: JSONTape, to target: Int) -> String {
    var path = ""
    var container = unsafe JSONTape.root
    while container != target {
      let isObject = unsafe tape.kind(container) == .object
      var at = container &+ 1
      var index = 0
      while true {
        let value = isObject ? at &+ 1 : at
        let next = unsafe tape.next(value)
        if target < next {
          path += unsafe "/" + (isObject ? JSONPointerText.escaped(tape.text(at)) : "\(index)")
          // A key stands for its value.
          if target <= value { return path }
          container = value
          break
        }
        (at, index) = (next, index &+ 1)
        guard unsafe at < tape.next(container) else { return path }
      }
    }
    return path
  }
}
