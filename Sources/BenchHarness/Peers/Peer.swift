/// A library that a case is compared with, or one that would be if it were there.
package struct Peer: Hashable, Codable, Sendable {
  /// As its contender is called: "MKL 2026.2".
  package let name: String
  /// As the library says it; nil where it is absent.
  package let version: String?
  /// Where it was loaded from.
  package let library: String?
  /// Why it is absent and how to get it.
  package let absent: String?

  package init(name: String, version: String, library: String) {
    (self.name, self.version, self.library, self.absent) = (name, version, library, nil)
  }

  package init(name: String, absent: String) {
    (self.name, self.version, self.library, self.absent) = (name, nil, nil, absent)
  }
}
