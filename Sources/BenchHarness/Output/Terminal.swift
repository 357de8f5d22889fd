#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the standard streams can show.
package struct Terminal: Sendable {
  /// Whether standard output takes escape sequences for colour.
  package let colour: Bool
  /// Whether standard error is a terminal: progress goes there and nowhere else.
  package let progress: Bool

  package init(colour: Bool, progress: Bool) { (self.colour, self.progress) = (colour, progress) }

  /// Colour on a terminal alone, and not where NO_COLOR is set (no-color.org) or the terminal is dumb.
  package static var current: Terminal {
    let plain = environment("NO_COLOR").map { !$0.isEmpty } ?? false || environment("TERM") == "dumb"
    return Terminal(colour: isatty(1) == 1 && !plain, progress: isatty(2) == 1)
  }

  package static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  package enum Style: String {
    case bold = "1"
    case dim = "2"
    case good = "32"
    case bad = "31"
  }

  package func styled(_ text: String, _ style: Style) -> String {
    colour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Replaces the line of progress; nothing where standard error is no terminal.
  package func showProgress(_ text: String) {
    if progress { Self.writeError("\r\u{1B}[K" + text) }
  }

  /// Takes the line of progress away before something is printed.
  package func clearProgress() { showProgress("") }

  package static func writeError(_ text: String) { put(text, to: 2) }

  /// Writes at once, whoever reads: what `print` puts out goes through a buffer that waits in a pipe.
  package static func writeOutput(_ text: String) { put(text, to: 1) }

  private static func put(_ text: String, to file: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = unsafe bytes
      while let address = rest.baseAddress, rest.count > 0 {
        let count = unsafe write(file, address, rest.count)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return }
        unsafe rest = UnsafeBufferPointer(rebasing: rest[count...])
      }
    }
  }

}
