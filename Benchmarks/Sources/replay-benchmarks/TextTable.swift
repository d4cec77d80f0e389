internal import Foundation

/// Rows of text in columns: the first one to the left, the others to the right.
struct TextTable {
  private var rows: [[String]]

  init(_ header: [String]) { rows = [header] }

  mutating func add(_ row: [String]) {
    precondition(row.count == rows[0].count, "a row has as many cells as the header")
    rows.append(row)
  }

  func show() {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    for row in rows {
      let cells = row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : padding + cell
      }
      print(cells.joined(separator: "  "))
    }
  }
}

/// Numbers for people.
enum Quantity {
  static func seconds(_ seconds: Double) -> String { String(format: seconds < 1 ? "%.4f" : "%.3f", seconds) }

  /// A number per second, in whole numbers with separated thousands.
  static func rate(_ rate: Double) -> String { count(Int(rate.rounded())) }

  static func count(_ count: Int) -> String {
    var text = String(abs(count))
    var position = text.count - 3
    while position > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: position))
      position -= 3
    }
    return count < 0 ? "-\(text)" : text
  }

  static func ratio(_ ratio: Double) -> String { String(format: ratio < 10 ? "%.2fx" : "%.1fx", ratio) }

  static func bytes(_ bytes: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var size = Double(bytes)
    var unit = 0
    while abs(size) >= 1024, unit < units.count - 1 {
      size /= 1024
      unit += 1
    }
    return unit == 0 ? "\(bytes) B" : String(format: "%.1f %@", size, units[unit])
  }
}

/// What is said on the way: on the error stream, so that the output is the tables alone.
enum Notice {
  static func show(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}

/// Where and how the figures came about.
enum Circumstances {
  /// Prints machine and command; comes before a table.
  static func show(_ title: String) {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    print("\(title)\n\(processor), \(cores) cores\n\(CommandLine.arguments.joined(separator: " "))\n")
  }

  private static var processor: String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
  }
}
