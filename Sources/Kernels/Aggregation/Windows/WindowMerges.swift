/// How partial states of slices are put together into windows.
///
/// Windows of a key rise in both ends, as what a queue holds does, and are put together as a queue of two stacks is: the slices of one window
/// are the front. Later windows that still reach into it are what is left of the front, folded from its end backwards, and what came after
/// it, folded forwards. The first window that does not reach into it makes the next front. Each slice is folded twice at most and each
/// window takes two partials, however many slices it has; nothing is ever taken out of a state. Slices are sorted before, so that the order
/// in which rows came decides nothing.
///
/// Two stacks are described in K. Tangwongsan, M. Hirzel, S. Schneider: Low-latency sliding-window aggregation in worst-case constant time.
/// DEBS 2017.
struct WindowMerges: Sendable {
  /// One running state is all that is needed beside the rows.
  enum Step: Sendable {
    /// The running state has seen nothing.
    case clear
    /// Into the running state.
    case take(group: UInt32)
    /// The running state into a row.
    case give(row: UInt32)
    /// Past the running state.
    case move(group: UInt32, row: UInt32)
  }

  var steps: [Step] = []

  /// Adds the windows of a key, which rise.
  mutating func add(_ windows: ArraySlice<SliceWindow>, _ group: (Int) -> UInt32) {
    var next = windows.startIndex
    while next < windows.endIndex {
      let front = windows[next].slices
      var end = next
      var apart = 0
      while end < windows.endIndex, windows[end].slices.lowerBound < front.upperBound {
        apart += windows[end].slices.count
        end += 1
      }
      let block = windows[next..<end]
      let together = windows[end - 1].slices.upperBound - front.lowerBound + 2 * block.count
      if apart <= together {
        for window in block {
          for position in window.slices { steps.append(.move(group: group(position), row: window.row)) }
        }
      } else {
        add(block, front, group)
      }
      next = end
    }
  }

  private mutating func add(_ block: ArraySlice<SliceWindow>, _ front: Range<Int>, _ group: (Int) -> UInt32) {
    steps.append(.clear)
    var position = front.upperBound
    for window in block.reversed() {
      while position > window.slices.lowerBound {
        position -= 1
        steps.append(.take(group: group(position)))
      }
      steps.append(.give(row: window.row))
    }
    steps.append(.clear)
    position = front.upperBound
    for window in block where window.slices.upperBound > front.upperBound {
      while position < window.slices.upperBound {
        steps.append(.take(group: group(position)))
        position += 1
      }
      steps.append(.give(row: window.row))
    }
  }
}
