/// A piece of HTML. Text that is put into a literal is escaped; other pieces are put in as they are:
///
///     let cell: HTML = "<td>\(text)</td>"
package struct HTML: Hashable, Sendable, ExpressibleByStringInterpolation {
  package let text: String

  /// - Parameter raw: what is HTML already.
  package init(raw: String) { text = raw }

  package init(stringLiteral text: String) { self.text = text }

  package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  package static let none: HTML = ""

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(2 * literalCapacity) }

    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ text: String) { self.text += SVG.escaped(text) }
    package mutating func appendInterpolation(_ number: Int) { text += number.description }
    package mutating func appendInterpolation(_ html: HTML) { text += html.text }
    package mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { text += piece.text } }
  }
}

/// A table that scrolls in itself where the page is narrow.
package struct HTMLTable {
  /// Above the table, and what it is called for those who hear it.
  package let caption: String
  package let columns: [Column]
  package var groups: [Group]

  package init(caption: String, columns: [Column], groups: [Group] = []) {
    (self.caption, self.columns, self.groups) = (caption, columns, groups)
  }

  /// - Parameter rows: the first cell of each is its header.
  package init(caption: String, columns: [Column], rows: [[HTML]]) {
    self.init(caption: caption, columns: columns, groups: [Group(title: nil, rows: rows.map { Row($0) })])
  }

  package struct Column {
    package let title: String
    /// Figures stand at the right.
    package let isFigure: Bool

    package static func text(_ title: String) -> Column { Column(title: title, isFigure: false) }
    package static func figure(_ title: String) -> Column { Column(title: title, isFigure: true) }
  }

  /// Rows that belong together, under a title of their own where there is one.
  package struct Group {
    package let title: HTML?
    package let rows: [Row]

    package init(title: HTML?, rows: [Row]) { (self.title, self.rows) = (title, rows) }
  }

  package struct Row {
    /// The first one is the row's header.
    package let cells: [HTML]
    /// What the row is about, rather than what it is compared with.
    package let isEmphasised: Bool

    package init(_ cells: [HTML], isEmphasised: Bool = false) {
      (self.cells, self.isEmphasised) = (cells, isEmphasised)
    }
  }

  package var html: HTML {
    let heads = columns.map { column -> HTML in
      "<th scope=\"col\"\(HTML(raw: column.isFigure ? " class=\"figure\"" : ""))>\(column.title)</th>"
    }
    return """
      <div class="scroll" role="region" aria-label="\(caption)" tabindex="0">
      <table>
      <caption>\(caption)</caption>
      <thead><tr>\(heads)</tr></thead>
      \(groups.map(html))</table>
      </div>

      """
  }

  private func html(_ group: Group) -> HTML {
    let title = group.title.map { title -> HTML in
      "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"\(columns.count)\">\(title)</th></tr>\n"
    }
    let rows = group.rows.map { row -> HTML in
      let cells = zip(columns, row.cells).enumerated().map { index, item -> HTML in
        if index == 0 { return "<th scope=\"row\">\(item.1)</th>" }
        return item.0.isFigure ? "<td class=\"figure\">\(item.1)</td>" : "<td>\(item.1)</td>"
      }
      return "<tr\(HTML(raw: row.isEmphasised ? " class=\"emphasised\"" : ""))>\(cells)</tr>\n"
    }
    return "<tbody>\n\(title ?? .none)\(rows)</tbody>\n"
  }
}

extension HTML {
  /// A plot of this package, which scrolls in itself where the page is narrow.
  package static func plot(_ svg: String, label: String) -> HTML {
    "<div class=\"scroll\" role=\"region\" aria-label=\"\(label)\" tabindex=\"0\">\n\(HTML(raw: svg))</div>\n"
  }

  /// A figure, or "n/a" with the reason.
  package static func figure(_ metric: Metric, _ text: (Double) -> String) -> HTML {
    switch metric {
    case .value(let value, _, _): return "\(text(value))"
    case .unavailable(let reason): return "<abbr title=\"\(reason)\">n/a</abbr>"
    }
  }

  /// Sentences, one a paragraph.
  package static func notes(_ notes: [String], style: String) -> HTML {
    "\(notes.map { note -> HTML in "<p class=\"\(style)\">\(note)</p>\n" })"
  }

  /// What is shown when its title is clicked.
  package static func folded(_ title: String, _ content: HTML) -> HTML {
    "<details>\n<summary>\(title)</summary>\n\(content)</details>\n"
  }
}
