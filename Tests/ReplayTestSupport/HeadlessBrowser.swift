/// Chromium without a window, started anew for each page (Debian's `chromium`, by `.ci/install-system-libraries tests`).
package enum HeadlessBrowser {
  /// Makes pages see a system that prefers dark colours. (`--force-dark-mode` is about the browser's own windows.)
  package static let dark = "--blink-settings=preferredColorScheme=0"

  /// Lets a page from a file look into frames that show other files.
  package static let trustsFiles = "--allow-file-access-from-files"

  private struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The document of a page behind its `load` event, serialised: what its own scripts have made of it until then.
  ///
  /// - Parameters:
  ///   - address: a URL, `file:` or `http:`. Not checked for what a shell would make of `'`.
  ///   - options: of the browser. `--virtual-time-budget=MILLISECONDS` runs timers and requests on before the document is taken.
  ///   - secondsMax: when the browser is ended, which is a failure.
  /// - Throws: what the browser says, where it fails or gives no document.
  package static func document(_ address: String, options: [String] = [], secondsMax: Int = 90) throws -> String {
    let run = try started(["--dump-dom"] + options, address, secondsMax)
    let document = String(decoding: run.output, as: UTF8.self)
    guard run.status == 0, document.contains("<html") else {
      throw Failure(description: "chromium on \(address), exit status \(run.status): \(run.errors)")
    }
    return document
  }

  private static func started(_ options: [String], _ address: String, _ secondsMax: Int) throws -> CommandLineRun {
    let profile = try TemporaryFolder()
    // Root has no sandbox of its own, a small machine no shared memory; complaints about D-Bus on the error stream mean nothing.
    let fixed = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--user-data-dir=\(profile.path)",
    ]
    let words = (fixed + options + [address]).map { "'\($0)'" }.joined(separator: " ")
    return try CommandLineRun(shell: "timeout --kill-after=5 \(secondsMax) chromium \(words)")
  }
}
