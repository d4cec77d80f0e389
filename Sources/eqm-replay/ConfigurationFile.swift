internal import Foundation
internal import ReplayEngine

/// The file that `--config` names: one JSON object, option names without dashes, values strings, numbers or flags.
struct ConfigurationFile {
  let values: [String: String]

  private enum Value: Decodable {
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .text(String(flag))
      } else if let number = try? container.decode(Int.self) {
        self = .text(String(number))
      } else {
        self = .text(try container.decode(String.self))
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
        status: .usage,
        description: "\(path) is no JSON object of option names and strings, whole numbers or flags")
    }
    values = decoded.mapValues { value in
      switch value {
      case .text(let text): text
      }
    }
  }
}

extension Settings {
  /// The environment of this process.
  static var processEnvironment: [String: String] { ProcessInfo.processInfo.environment }
}
