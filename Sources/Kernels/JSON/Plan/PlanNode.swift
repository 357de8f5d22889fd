/// What a step of a plan does. Nodes refer to one another by index, so that a compiled plan is a few flat arrays.
package enum PlanOp: UInt8, Sendable {
  /// The value that the step is given.
  case current
  /// A member of an object: key `a`.
  case field
  /// An element of an array: `number`, from the end where it is negative.
  case index
  /// Steps in turn, each given the last one's value: list `a`, `count`.
  case sequence
  /// A value of the document of literals: node `number` of its tape.
  case literal
  /// Elements of the array `a`, each through `b`; what gives null is left out.
  case project
  /// The same of a part of the array: slice `c`.
  case projectSlice
  /// The same of the elements for which `c` is true.
  case projectFilter
  /// The same of the members' values of an object.
  case projectValues
  /// The same of the array with its arrays' elements in their places.
  case projectFlattened
  /// An array of the values of list `a`, `count`.
  case makeArray
  /// An object: list `a` holds `count` pairs of a key and a node.
  case makeObject
  /// The first value of list `a` that is true, or the last.
  case or
  /// The first value of list `a` that is not true, or the last.
  case and
  case not
  /// `a` against `b`: `detail` is a ``PlanComparison``.
  case compare
  /// The function `detail` of the nodes of list `a`.
  case call
  /// The node `a` itself, as an argument.
  case expression
  /// Members of an object by hand: part `c` of the builder's objects.
  case reshape
  /// `a`, or `b` where it is null or not there.
  case fallback
  /// `a` as the type `detail`.
  case coerce
  /// Elements of the array `a` through `b`, null among them.
  case map
  /// JSON Pointer: keys of list `a`.
  case pointer
  /// JSON Patch: operations of list `a`; the operations are `JSONPatchParser`'s.
  case patch, patchAdd, patchRemove, patchReplace, patchMove, patchCopy, patchTest
  /// JSON Merge Patch: the literal node `a`.
  case mergePatch
  /// JSONPath: an array of the values where the query `a` leads.
  case pathArray
  /// Segments of list `a`, from the root (`detail` 0) or from the current value (1).
  case pathQuery
  /// Selectors of list `a`, of the values (`detail` 0) or of all that is in them, too (1).
  case pathSegment
  case pathName, pathWildcard, pathIndex, pathSlice, pathFilter
  /// Logical: whether the query `a` leads anywhere; `a` against `b`; lists; not `a`; and `match` (`detail` 0) or `search` (1).
  case pathExists, pathCompare, pathAnd, pathOr, pathNot, pathMatch
  /// Values: the one of the query `a`; and `length`, `count` and `value` of `a`.
  case pathSingular, pathLength, pathCount, pathValue
}

package enum PlanComparison: UInt8, BitwiseCopyable, Sendable {
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
}

/// One step. Fields mean what ``PlanOp`` says.
package struct PlanNode: Sendable {
  package var op: PlanOp
  package var detail: UInt8 = 0
  /// How many levels of evaluation are below it; what bounds the stack.
  package var height: UInt16 = 1
  package var a: Int32 = 0
  package var b: Int32 = 0
  package var c: Int32 = 0
  package var count: Int32 = 0
  /// Where the step stands in the text that it was compiled from.
  package var offset: Int32 = 0
  package var number: Int = 0
}

/// A key that a plan looks for or writes: its text, and the text as JSON with its quotes, between a comma and a colon.
package struct PlanKey: Sendable {
  package var start: Int32
  package var count: Int32
  package var quotedStart: Int32
  package var quotedCount: Int32
  /// What all keys of the plan with the same text have, and no others; 0 where that is not known.
  package var id: Int32 = 0

  /// Of a plan.
  static var maximumIDs: Int { 64 }
}

/// `start:stop:step` with what was left out.
package struct PlanSlice: Sendable {
  package var start: Int?
  package var stop: Int?
  package var step: Int

  /// First index, how many, and distance for an array of `count` elements, as in Python (JMESPath, "Slices").
  package func indices(of count: Int) -> (first: Int, count: Int, step: Int) {
    func clamped(_ value: Int, low: Int, high: Int) -> Int {
      // A negative index counts from the end; count is below 2^62, so that the sum cannot overflow.
      value < 0 ? max(value &+ count, low) : min(value, high)
    }
    if step > 0 {
      let first = start.map { clamped($0, low: 0, high: count) } ?? 0
      let end = stop.map { clamped($0, low: 0, high: count) } ?? count
      return (first, end > first ? (end - first - 1) / step + 1 : 0, step)
    }
    let first = start.map { clamped($0, low: -1, high: count - 1) } ?? count - 1
    let end = stop.map { clamped($0, low: -1, high: count - 1) } ?? -1
    // The distance of Int.min has no positive counterpart, and steps over every array.
    let distance = step == .min ? Int.max : -step
    return (first, first > end ? (first - end - 1) / distance + 1 : 0, step)
  }
}
