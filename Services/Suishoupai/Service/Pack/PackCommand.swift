import ArgumentParser
import Foundation
import PackFolder

/// `suishoupai pack …`: everything about packs, a city's reference data.
struct PackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Starts, checks, builds and applies packs: communities, units, categories, rules.",
        discussion: """
            A pack is a folder of GeoJSON, YAML and CSV; docs/packs.md explains it, deploy/packs/nanchang is an example.
            """,
        subcommands: [PackCheckCommand.self, PackNewCommand.self, PackBuildCommand.self, PackApplyCommand.self])
}

/// A folder that an operator named.
struct PackFolderArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The pack folder.", valueName: "dir"))
    var folder: String

    var url: URL { URL(fileURLWithPath: folder, isDirectory: true) }

    func validate() throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw ValidationError("\(folder) is not a folder.")
        }
    }
}

/// The problems, one a line, errors first, then how many there are.
func problemLines(_ problems: [PackProblem]) -> [String] {
    let errors = problems.filter { $0.severity == .error }
    let warnings = problems.filter { $0.severity == .warning }
    return errors.map { "error    \($0)" } + warnings.map { "warning  \($0)" }
        + ["\(counted(errors.count, "error")), \(counted(warnings.count, "warning"))"]
}

private func counted(_ count: Int, _ what: String) -> String {
    count == 1 ? "1 \(what)" : "\(count) \(what)s"
}
