import Foundation

/// The files of a pack folder.
package enum PackFile: String, Sendable, CaseIterable {
    case pack = "pack.yaml"
    case holidays = "holidays.yaml"
    case communities = "communities.geojson"
    case compounds = "compounds.geojson"
    case grids = "grids.geojson"
    case units = "units.csv"
    case people = "people.csv"
    case duties = "duties.csv"
    case categories = "categories.csv"
    case emergencies = "emergencies.csv"
    case questions = "questions.csv"
    case landmarks = "landmarks.csv"
    case routing = "routing.txt"
    case loop = "loop.yaml"
    case points = "points.yaml"
    case teams = "teams.csv"
    case prizes = "prizes.yaml"
    case stations = "stations.csv"
    case care = "care.csv"
    case notifications = "notifications.yaml"
    case webhooks = "webhooks.yaml"

    /// Whether a folder does without it: packs from before it was invented do.
    package var isOptional: Bool {
        [
            .holidays, .compounds, .grids, .duties, .emergencies, .questions, .landmarks, .loop, .teams, .prizes,
            .stations, .care,
        ].contains(self)
    }

    func exists(in folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(rawValue).path)
    }

    /// The bytes of the file in a folder; nil, and a problem noted, where they cannot be had.
    func data(in folder: URL, _ problems: inout ProblemLog) -> Data? {
        let url = folder.appendingPathComponent(rawValue)
        guard exists(in: folder) else {
            problems.add(.missingFile, self, nil, "the file is missing", "a pack needs it; docs/packs.md shows one")
            return nil
        }
        do {
            return try Data(contentsOf: url)
        } catch {
            problems.add(.unreadable, self, nil, "cannot be read: \(error.localizedDescription)", "check its rights")
            return nil
        }
    }

    /// The text of the file, which must be UTF-8: what other encodings a spreadsheet wrote, nobody can tell for sure.
    func text(in folder: URL, _ problems: inout ProblemLog) -> String? {
        guard let data = data(in: folder, &problems) else { return nil }
        guard let text = String(data: data, encoding: .utf8) else {
            problems.add(
                .unreadable, self, nil, "is not UTF-8 text", "save it as UTF-8 (in Excel: \"CSV UTF-8\", not \"CSV\")")
            return nil
        }
        return text
    }
}

/// The entries of a file, or nil where one of them could not be read.
///
/// A list with a gap is no list to check others against: they would be blamed for the gap.
func withoutGaps<Value>(_ entries: [Entry<Value>?]) -> [Entry<Value>]? {
    let read = entries.compactMap { $0 }
    return read.count == entries.count ? read : nil
}

/// A value with the place in its file, so that a later check can point at it.
struct Entry<Value> {
    let value: Value
    let position: PackProblem.Position?
    /// False where a problem with it was noted already, so that a later check does not blame it for the consequences.
    var isSound = true
}
