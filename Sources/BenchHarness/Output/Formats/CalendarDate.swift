#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A moment in UTC as people write it.
package struct CalendarDate: Sendable {
  /// "2027-01-15T08:00:00".
  package let iso8601: String

  package init(secondsSince1970 seconds: Int) {
    iso8601 = String(Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601).prefix(19))
  }

  /// "2027-01-15 08:00 UTC".
  package var text: String { iso8601.prefix(16).replacing("T", with: " ") + " UTC" }
}
