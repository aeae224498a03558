import ArgumentParser
import Contracts
import EventProcessing
import Foundation

/// `suishoupai sbom`: what the programs are made of.
struct SBOMCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sbom",
        abstract: "List the packages that the programs are made of, with their versions.",
        discussion: """
            Swift packages are those that Package.resolved pins, which is written by the build; the system's libraries are \
            those that the programs beside this one load, by their Debian packages, with the browser's libraries that \
            portal serves. With --json it is a CycloneDX 1.5 document.

            Exit status: 0, or 1 where Package.resolved cannot be read or this is no Debian.

            Examples:
              suishoupai sbom --json > suishoupai.cdx.json
              suishoupai sbom --resolved ~/suishoupai/Package.resolved
            """)

    @Option(help: ArgumentHelp("Package.resolved of the build.", valueName: "file"))
    var resolved: String?

    @Flag(help: "Print a CycloneDX document.")
    var json = false

    private static let programs = [
        "suishoupai", "report-intake", "case-routing", "points", "notifications", "portal", "embedded-broker",
    ]
    private static let places = ["Package.resolved", "/usr/local/share/suishoupai/Package.resolved"]

    func run() async throws {
        let place = resolved ?? Self.places.first { FileManager.default.fileExists(atPath: $0) } ?? Self.places[0]
        do {
            let packages = try ResolvedPackages.read(URL(filePath: place))
            let libraries = try await DebianPackages.find(loadedBy: Self.installedPrograms())
            let bill = BillOfMaterials(at: Timestamp.now.description, of: packages + libraries)
            print(json ? try ContractCoding.text(bill) : Self.text(bill))
        } catch let error as CocoaError {
            throw Fault(reason: "'\(place)' cannot be read: \(error.localizedDescription)")
        } catch let error as DecodingError {
            throw Fault(reason: "'\(place)' is no Package.resolved: \(error)")
        }
    }

    struct Fault: Error, CustomStringConvertible {
        let reason: String
        var description: String { reason }
    }

    private static func installedPrograms() -> [URL] {
        let folder = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        return programs.map { folder.appending(path: $0) }.filter {
            FileManager.default.isExecutableFile(atPath: $0.path(percentEncoded: false))
        }
    }

    private static func text(_ bill: BillOfMaterials) -> String {
        bill.components.map { "\($0.name) \($0.version)  \($0.purl)" }.joined(separator: "\n")
    }
}
