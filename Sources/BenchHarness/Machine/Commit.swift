/// The version of the sources around the working directory, by git.
package enum Commit {
  /// "3f0441e2b6c1", with "+" behind it where files were changed; nil outside of a repository, or without git.
  package static func current() -> String? {
    guard let git = ProcessEnvironment.find("git"), let directory = try? TemporaryDirectory() else { return nil }
    func ask(_ arguments: String...) -> String? {
      let output = directory.path + "/output"
      let end = try? ChildProcess.run(
        [git] + arguments, directory: SystemFile.absolute("."), environment: ProcessEnvironment.variables(),
        output: output, error: directory.path + "/error", seconds: 20)
      return end == .ended(.exited(0)) ? SystemFile.text(output) : nil
    }
    guard let name = ask("rev-parse", "--short=12", "HEAD"), !name.isEmpty else { return nil }
    // Nothing is printed where nothing was changed.
    return name + (ask("status", "--porcelain", "--untracked-files=no").map { $0.isEmpty ? "" : "+" } ?? "")
  }
}
