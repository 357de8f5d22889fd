import Database
import Kernels
import Testing

extension ResultColumn {
  /// A value as it would be written; "null" where there is none.
  func text(ofRow row: Int) -> String {
    if isNull(row) { return "null" }
    return switch values {
    case .int64(let values): "\(values[row])"
    case .uint64(let values): "\(values[row])"
    case .double(let values): "\(values[row])"
    case .bool(let values): "\(values[row])"
    case .strings(let values): values[row]
    case .counts, .frequent: "another kind of column"
    }
  }
}
