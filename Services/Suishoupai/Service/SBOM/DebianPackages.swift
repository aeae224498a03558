import Foundation
import Subprocess
import SystemPackage

/// The Debian packages of the libraries that programs load, and of the browser's libraries that portal serves.
enum DebianPackages {
    private static let ofBrowsers = ["libjs-leaflet", "libjs-leaflet.markercluster", "libjs-chart.js"]
    private static let longest = 1 << 20

    /// - Parameter programs: The programs, whose libraries the dynamic linker names.
    /// - Throws: `MissingTool` where this is no Debian.
    static func find(loadedBy programs: [URL]) async throws -> [BillOfMaterials.Component] {
        var files: Set<String> = []
        for program in programs {
            let said = try await output("/usr/bin/ldd", [program.path(percentEncoded: false)])
            for match in said.matches(of: /=> (\/\S+)/) {
                let file = URL(filePath: String(match.output.1)).resolvingSymlinksInPath()
                files.insert(file.path(percentEncoded: false))
            }
        }
        var names = Set(ofBrowsers)
        for file in files.sorted() {
            // What belongs to no package, as a toolchain of its own, is not Debian's to update.
            guard let owner = try await owner(of: file) else { continue }
            names.insert(owner)
        }
        return try await describe(names.sorted())
    }

    struct MissingTool: Error, CustomStringConvertible {
        let tool: String
        var description: String { "\(tool) is missing: libraries of the system are listed on Debian alone" }
    }

    /// `libcurl4:amd64: /usr/lib/…`; a merged /usr may be known by the shorter path.
    private static func owner(of file: String) async throws -> String? {
        for path in [file, file.hasPrefix("/usr/") ? String(file.dropFirst(4)) : "/usr" + file] {
            let said = try await output("/usr/bin/dpkg-query", ["--search", path], mayFail: true)
            if let match = said.firstMatch(of: #/^([a-z0-9.+-]+)(:[a-z0-9]+)?: /#) { return String(match.output.1) }
        }
        return nil
    }

    private static func describe(_ names: [String]) async throws -> [BillOfMaterials.Component] {
        let form = "${Package}\\t${Version}\\t${Architecture}\\t${db:Status-Status}\\n"
        let said = try await output(
            "/usr/bin/dpkg-query", ["--show", "--showformat=\(form)"] + names, mayFail: true)
        return said.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t").map(String.init)
            guard fields.count == 4, fields[3] == "installed" else { return nil }
            let version = fields[1].replacing("+", with: "%2B").replacing(":", with: "%3A")
            return BillOfMaterials.Component(
                name: fields[0], version: fields[1],
                purl: "pkg:deb/debian/\(fields[0].replacing("+", with: "%2B"))@\(version)?arch=\(fields[2])")
        }
    }

    private static func output(_ tool: String, _ arguments: [String], mayFail: Bool = false) async throws -> String {
        guard FileManager.default.isExecutableFile(atPath: tool) else { throw MissingTool(tool: tool) }
        let result = try await Subprocess.run(
            .path(FilePath(tool)), arguments: Arguments(arguments), output: .string(limit: longest), error: .discarded)
        guard mayFail || result.terminationStatus.isSuccess else { throw MissingTool(tool: tool) }
        return result.standardOutput
    }
}
