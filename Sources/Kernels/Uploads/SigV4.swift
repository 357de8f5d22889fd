/// Signatures of requests to Amazon S3 and what speaks like it: AWS Signature Version 4.
///
/// ```swift
/// var keys = SigV4.KeyCache(secret: secret)
/// let request = SigV4.Request(
///   method: "PUT", path: "/a b.txt", headers: [("Host", host), ("x-amz-date", time.description)], payload: .sha256(digest))
/// let scope = SigV4.Scope(time: time, region: "eu-central-1", service: "s3")
/// let signature = keys.withKey(for: scope) { key in request.signature(at: time, by: key) }
/// header = request.authorization(accessKey: id, scope: scope, signature: signature)
/// ```
///
/// Source: Amazon S3 API reference, "Authenticating Requests (AWS Signature Version 4)".
public enum SigV4 {
  /// What a key is good for: a day, a region and a service.
  public struct Scope: Hashable, Sendable, CustomStringConvertible {
    /// "20130524"
    public let date: String
    public let region: String
    public let service: String

    public init(time: Timestamp, region: String, service: String) {
      (date, self.region, self.service) = (time.date, region, service)
    }

    /// "20130524/us-east-1/s3/aws4_request"
    public var description: String { "\(date)/\(region)/\(service)/aws4_request" }
  }

  /// A time in UTC, to the second, of the years 0 to 9999.
  public struct Timestamp: Hashable, Sendable, CustomStringConvertible {
    /// "20130524T000000Z", as in the header x-amz-date.
    public let description: String
    /// "20130524"
    public var date: String { String(description.prefix(8)) }

    /// - Parameter secondsSince1970: as `time(2)` gives them.
    public init(secondsSince1970: Int64) {
      precondition(
        (-62_167_219_200..<253_402_300_800).contains(secondsSince1970), "Timestamp: the year must have four digits")
      // Years from the first of March, so that a leap day is the last of its year; eras of 400 years from 0000-03-01, which is
      // 719,468 days before 1970.
      let (days, second) = secondsSince1970.dividedFloor(by: 86_400)
      let (era, day) = (days + 719_468).dividedFloor(by: 146_097)
      let yearOfEra = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
      let dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
      let monthFromMarch = (5 * dayOfYear + 2) / 153
      let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
      let year = 400 * era + yearOfEra + (month <= 2 ? 1 : 0)
      func digits(_ value: Int64, _ count: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: count - digits.utf8.count) + digits
      }
      let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
      description =
        digits(year, 4) + digits(month, 2) + digits(dayOfMonth, 2) + "T" + digits(second / 3600, 2)
        + digits(second / 60 % 60, 2) + digits(second % 60, 2) + "Z"
    }

    /// - Parameter text: "20130524T000000Z"; nil for what has another form.
    public init?(_ text: String) {
      let bytes = Array(text.utf8)
      guard bytes.count == 16 else { return nil }
      for (i, byte) in bytes.enumerated() {
        let right =
          switch i {
          case 8: byte == UInt8(ascii: "T")
          case 15: byte == UInt8(ascii: "Z")
          default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          }
        guard right else { return nil }
      }
      description = text
    }
  }
}

extension Int64 {
  /// Quotient, rounded down, and remainder, never negative; of a positive divisor.
  fileprivate func dividedFloor(by divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
