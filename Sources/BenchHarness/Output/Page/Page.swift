/// One HTML page that needs nothing beside it: no network, no script, no font.
package struct Page {
  package let title: String
  package let sections: [PageSection]

  package init(title: String, sections: [PageSection]) { (self.title, self.sections) = (title, sections) }

  package var html: HTML {
    let numbered = sections.enumerated().map { (id: "section-\($0.offset + 1)", section: $0.element) }
    let links = numbered.map { item -> HTML in "<li><a href=\"#\(item.id)\">\(item.section.title)</a></li>\n" }
    let contents: HTML =
      sections.count < 2 ? .none : "<nav aria-label=\"Contents\">\n<ul>\n\(links)</ul>\n</nav>\n"
    let bodies = numbered.map { item -> HTML in
      """
      <section id="\(item.id)" aria-labelledby="\(item.id)-title">
      <h2 id="\(item.id)-title">\(item.section.title)</h2>
      \(item.section.body)</section>

      """
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <style>
      \(HTML(raw: PlotStyle.page))
      \(HTML(raw: PageStyle.rules))
      </style>
      </head>
      <body>
      <a class="skip" href="#content">Skip to the content</a>
      <header>
      <h1>\(title)</h1>
      \(contents)</header>
      <main id="content">
      \(bodies)</main>
      </body>
      </html>

      """
  }
}
