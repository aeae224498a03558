import CXlsxWriter
import Foundation
import Sheets
import TestSupport
import Testing

private let columns = [Column("编号", width: 12), Column("值", width: 20), Column("时间", width: 16)]

@Test(.enabled(if: SpreadsheetReader.isInstalled, Comment(rawValue: PythonScript.absence)))
func `another program reads what was written, and no cell is a formula`() async throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "a.xlsx")
    let sheet = try SheetWriter(at: file, columns: columns, utcOffsetMinutes: 480)
    try await sheet.append([
        [.text("=1+2"), .number(-1.5), .moment(1_764_000_000_000)],
        [.text("+86 & <b>\u{1}"), .empty, .empty], [.text(String(repeating: "长", count: 40_000)), .number(3)],
    ])
    try await sheet.finish()

    let read = try await SpreadsheetReader.read(try Data(contentsOf: file))

    // A control character stands escaped in the file (ECMA-376, ST_Xstring), and openpyxl shows it so.
    #expect(
        read.rows.prefix(3) == [
            ["编号", "值", "时间"], ["=1+2", "-1.5", "2025-11-25 00:00:00"], ["+86 & <b>_x0001_", nil, nil],
        ])
    #expect(read.kinds[1] == ["s", "n", "d"])
    #expect(read.rows.last?.first??.hasPrefix("长长") == true)
    #expect(read.frozen == "A2")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path(percentEncoded: false))
    #expect(left == ["a.xlsx"])
}

@Test func `where nothing can be written the reason is told, and giving up leaves nothing`() async throws {
    let folder = try TemporaryFolder()
    let missing = folder.url.appending(path: "none/a.xlsx")
    await #expect(throws: SheetError.self) {
        let sheet = try SheetWriter(at: missing, columns: columns, utcOffsetMinutes: 0)
        do {
            try await sheet.append([[.text("a")]])
        } catch {
            await sheet.abandon()
            throw error
        }
        try await sheet.finish()
    }
    let sheet = try SheetWriter(at: folder.url.appending(path: "b.xlsx"), columns: columns, utcOffsetMinutes: 0)
    try await sheet.append([[.text("a")]])
    await sheet.abandon()
    await sheet.abandon()
    await #expect(throws: SheetError.self) { try await sheet.finish() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path(percentEncoded: false)).isEmpty)
}
