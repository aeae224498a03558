import Foundation
import Subprocess
import SystemPackage

/// Why there is no report.
struct ReportTrouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Chromium, as far as it prints pages.
struct PagePrinter: Sendable {
    /// No Chromium was found.
    struct Missing: Error, CustomStringConvertible {
        var description: String {
            "没有找到 Chromium / there is no Chromium on the PATH: on Debian install it with "
                + "'apt-get install chromium fonts-noto-cjk'."
        }
    }

    private static let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    private static let patience = Duration.seconds(120)

    let program: String

    /// - Parameter path: Folders divided by colons.
    static func find(on path: String) throws -> PagePrinter {
        let folders = path.split(separator: ":").map(String.init)
        for name in names {
            for folder in folders where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
                return PagePrinter(program: "\(folder)/\(name)")
            }
        }
        throw Missing()
    }

    /// Prints a page into a file, which is there whole or not at all.
    ///
    /// - Returns: The size of the file in bytes.
    func print(_ page: String, language: String, to file: URL) async throws -> Int {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "suishoupai-report-\(UUID())", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { Self.remove(folder) }
        let made = folder.appending(path: "page.pdf")
        let said = try await run(arguments(page, language: language, made: made, in: folder))
        guard FileManager.default.fileExists(atPath: made.path(percentEncoded: false)) else {
            throw ReportTrouble("\(program) printed nothing. It said: \(said)")
        }
        let bytes = try Data(contentsOf: made)
        guard bytes.starts(with: Data("%PDF-".utf8)) else {
            throw ReportTrouble("\(program) wrote a file that is no PDF.")
        }
        try bytes.write(to: file, options: .atomic)
        return bytes.count
    }

    private func arguments(_ page: String, language: String, made: URL, in folder: URL) -> [String] {
        let accepted = language == "zh" ? "zh-CN" : language
        var arguments = [
            "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-pdf-header-footer",
            "--user-data-dir=\(folder.path(percentEncoded: false))", "--accept-lang=\(accepted)",
            "--lang=\(accepted)", "--print-to-pdf=\(made.path(percentEncoded: false))",
        ]
        // As root Chromium runs only without its sandbox, as in a container; the page is our own.
        if geteuid() == 0 { arguments.append("--no-sandbox") }
        return arguments + [page]
    }

    /// - Returns: What it said, the end of it.
    private func run(_ arguments: [String]) async throws -> String {
        try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask {
                let result = try await Subprocess.run(
                    .path(FilePath(program)), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
                    error: .combinedWithOutput)
                return String(result.standardOutput.suffix(500))
            }
            group.addTask {
                try await Task.sleep(for: Self.patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let said = try await group.next() ?? nil else {
                throw ReportTrouble("\(program) did not print the page within \(Self.patience).")
            }
            return said
        }
    }

    private static func remove(_ folder: URL) {
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            FileHandle.standardError.write(Data("'\(folder.path)' could not be removed: \(error)\n".utf8))
        }
    }
}
