package import Foundation

/// Reads spreadsheets with `openpyxl` from PyPI, which shares no code with what writes them.
package enum SpreadsheetReader {
    package static let isInstalled = PythonScript.hasLibraries("openpyxl")

    /// A sheet as it was read: what stands in each cell, and of what kind it is (`s` words, `n` number, `d` moment, `f`
    /// formula).
    package struct Sheet: Decodable, Sendable {
        package let rows: [[String?]]
        package let kinds: [[String]]
        package let frozen: String?
    }

    private static let script = """
        import io, json, sys, openpyxl
        sheet = openpyxl.load_workbook(io.BytesIO(sys.stdin.buffer.read())).active
        def shown(value):
            return None if value is None else value.isoformat(" ") if hasattr(value, "isoformat") else str(value)
        print(json.dumps({
            "rows": [[shown(cell.value) for cell in row] for row in sheet.iter_rows()],
            "kinds": [[cell.data_type for cell in row] for row in sheet.iter_rows()],
            "frozen": sheet.freeze_panes,
        }))
        """

    package static func read(_ file: Data) async throws -> Sheet {
        let answer = try await PythonScript(programInEnvironment: script).run(input: file)
        guard answer.status == 0 else { throw PythonFault(words: answer.output) }
        return try JSONDecoder().decode(Sheet.self, from: Data(answer.output.utf8))
    }
}

/// A script of a test failed.
package struct PythonFault: Error {
    package let words: String
}
