/// What program wrote a page.
package struct BuildInformation: Sendable {
  package let version: String
  package let revision: String
  package let swiftVersion: String

  package init(version: String, revision: String, swiftVersion: String) {
    self.version = version
    self.revision = revision
    self.swiftVersion = swiftVersion
  }

  package var family: MetricFamily {
    MetricFamily(
      "storage_replay_build_info", "The program that wrote this page.", MetricValue(true),
      ["version": version, "revision": revision, "swift_version": swiftVersion])
  }
}
