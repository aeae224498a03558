package import Foundation

/// Reads spreadsheets with `openpyxl` from PyPI, which shares no code with what writes them.
package enum SpreadsheetReader {
    package static let absence = ".venv has no openpyxl: run deploy/test, which installs it"
    package static var isInstalled: Bool {
        do { return try run("import openpyxl") != nil } catch { return false }
    }

    private static let script = """
        import json, sys, openpyxl
        sheet = openpyxl.load_workbook(sys.argv[1]).active
        rows = [[None if c.value is None else c.value.isoformat(" ") if hasattr(c.value, "isoformat") else str(c.value)
                 for c in row] for row in sheet.iter_rows()]
        kinds = [[c.data_type for c in row] for row in sheet.iter_rows()]
        print(json.dumps({"rows": rows, "kinds": kinds, "frozen": sheet.freeze_panes}))
        """

    /// A sheet as it was read: what stands in each cell, and of what kind it is (`s` words, `n` number, `d` moment, `f`
    /// formula).
    package struct Sheet: Decodable, Sendable {
        package let rows: [[String?]]
        package let kinds: [[String]]
        package let frozen: String?
    }

    package static func read(_ file: URL) throws -> Sheet? {
        try run(script, file.path(percentEncoded: false)).map { try JSONDecoder().decode(Sheet.self, from: $0) }
    }

    /// What the script prints; nil where it fails.
    private static func run(_ script: String, _ arguments: String...) throws -> Data? {
        guard FileManager.default.isExecutableFile(atPath: MotoServer.python) else { return nil }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: MotoServer.python)
        process.arguments = ["-c", script] + arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let printed = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? printed : nil
    }
}
