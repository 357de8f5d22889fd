import CLibpq

/// A row, or what came instead of it: memory of libpq's, given back when the value goes.
@safe
struct Row: ~Copyable {
  private let result: OpaquePointer

  @unsafe
  init(owning result: OpaquePointer) { unsafe self.result = unsafe result }

  deinit { unsafe PQclear(result) }

  var status: ExecStatusType { unsafe PQresultStatus(result) }

  /// nil where the server did not say.
  var sqlState: String? {
    unsafe PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { unsafe String(cString: $0) }
  }

  var message: String { unsafe String(cString: PQresultErrorMessage(result)) }

  var columnCount: Int { Int(unsafe PQnfields(result)) }

  func name(_ column: Int) -> String { unsafe PQfname(result, Int32(column)).map { unsafe String(cString: $0) } ?? "" }

  func type(_ column: Int) -> UInt32 { unsafe PQftype(result, Int32(column)) }

  func isNull(_ column: Int) -> Bool { unsafe PQgetisnull(result, 0, Int32(column)) == 1 }

  /// A value in the binary format of its type.
  @_lifetime(borrow self)
  func bytes(_ column: Int) -> RawSpan {
    let count = Int(unsafe PQgetlength(result, 0, Int32(column)))
    let span = unsafe RawSpan(_unsafeStart: PQgetvalue(result, 0, Int32(column)), byteCount: count)
    return unsafe _overrideLifetime(span, borrowing: self)
  }
}
