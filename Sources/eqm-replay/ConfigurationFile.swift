internal import Foundation
internal import ReplayEngine

/// The file that `--config` names: one JSON object, option names without dashes, values strings, numbers or flags.
struct ConfigurationFile {
  let values: [String: String]

  /// A value as the command line would spell it.
  private struct Value: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        text = String(flag)
      } else if let number = try? container.decode(Decimal.self) {
        text = number.description
      } else {
        text = try container.decode(String.self)
      }
    }
  }

  /// - Throws: a file that cannot be read (exit 2) or has another form (exit 64).
  init(path: String) throws(SettingsError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SettingsError(status: .failure, description: "cannot read the configuration file \(path)")
    }
    guard let decoded = try? JSONDecoder().decode([String: Value].self, from: data) else {
      throw SettingsError(
        status: .usage, description: "\(path) is no JSON object of option names and strings, numbers or flags")
    }
    values = decoded.mapValues(\.text)
  }
}

extension Settings {
  /// The environment of this process.
  static var processEnvironment: [String: String] { ProcessInfo.processInfo.environment }
}
