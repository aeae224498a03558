import CXlsxWriter
import Dispatch
package import Foundation

// SheetError
//   notWritten   the library says why: a full disk, a folder that may not be written

/// Why a spreadsheet was not written; the file, where there is one, is useless.
package struct SheetError: Error, CustomStringConvertible {
    package let reason: String

    package var description: String { "the spreadsheet was not written: \(reason)" }
}

/// Writes one table into an `.xlsx` file, row by row, with no more than a row in memory.
///
/// The library works on files and blocks: everything runs on a queue of its own, in the order of the calls. Every writer
/// must be ended by ``finish()`` or ``abandon()``.
package final class SheetWriter: Sendable {
    /// Rows that fit below the titles.
    package static let mostRows = 1_048_575
    /// What a cell holds; longer words are cut.
    private static let longestText = 32_767

    private let queue = DispatchQueue(label: "sheet")
    private let url: URL
    private let offset: Int64
    // Only touched on the queue.
    nonisolated(unsafe) private let book: UnsafeMutablePointer<lxw_workbook>
    nonisolated(unsafe) private let sheet: UnsafeMutablePointer<lxw_worksheet>
    nonisolated(unsafe) private let dates: UnsafeMutablePointer<lxw_format>?
    nonisolated(unsafe) private var row: UInt32 = 1
    nonisolated(unsafe) private var isOpen = true

    /// Begins a file with its titles, in bold, which stay in sight and filter.
    ///
    /// - Parameter utcOffsetMinutes: which clock moments are shown by.
    package init(at url: URL, columns: [Column], utcOffsetMinutes: Int) throws(SheetError) {
        self.url = url
        offset = Int64(utcOffsetMinutes) * 60
        let folder = url.deletingLastPathComponent().path(percentEncoded: false)
        let made = folder.withCString { folder in
            var options = lxw_workbook_options()
            options.constant_memory = 1
            // The library does not change what it is told here.
            options.tmpdir = UnsafeMutablePointer(mutating: folder)
            return workbook_new_opt(url.path(percentEncoded: false), &options)
        }
        guard let made else { throw SheetError(reason: "no memory") }
        guard let first = workbook_add_worksheet(made, nil) else {
            lxw_workbook_free(made)
            throw SheetError(reason: "the folder takes no temporary files")
        }
        book = made
        sheet = first
        dates = workbook_add_format(made)
        if let dates { format_set_num_format(dates, "yyyy-mm-dd hh:mm") }
        let bold = workbook_add_format(made)
        if let bold { format_set_bold(bold) }
        for (number, column) in columns.enumerated() {
            let place = UInt16(number)
            worksheet_set_column(first, place, place, Double(column.width), nil)
            worksheet_write_string(first, 0, place, column.title, bold)
        }
        worksheet_freeze_panes(first, 1, 0)
        if let last = columns.indices.last { worksheet_autofilter(first, 0, 0, 1_048_575, UInt16(last)) }
    }

    deinit { assert(!isOpen, "a spreadsheet was neither finished nor abandoned") }

    package func append(_ rows: [[Cell]]) async throws(SheetError) {
        let fault = await onQueue { [self] () -> SheetError? in
            for cells in rows {
                guard row <= Self.mostRows else { return SheetError(reason: "more rows than a sheet has") }
                for (column, cell) in cells.enumerated() {
                    let fault = write(cell, at: UInt16(column))
                    guard fault == LXW_NO_ERROR else { return SheetError(fault) }
                }
                row += 1
            }
            return nil
        }
        if let fault { throw fault }
    }

    /// Writes the file.
    package func finish() async throws(SheetError) {
        let fault = await onQueue { [self] () -> SheetError? in
            guard isOpen else { return SheetError(reason: "it is closed") }
            isOpen = false
            let fault = workbook_close(book)
            return fault == LXW_NO_ERROR ? nil : SheetError(fault)
        }
        if let fault { throw fault }
    }

    /// Gives up: no file is written.
    package func abandon() async {
        await onQueue { [self] in
            guard isOpen else { return }
            isOpen = false
            lxw_workbook_free(book)
        }
    }

    private func write(_ cell: Cell, at column: UInt16) -> lxw_error {
        switch cell {
        case .empty: LXW_NO_ERROR
        case .text(let text): worksheet_write_string(sheet, row, column, Self.cut(text), nil)
        case .number(let number): worksheet_write_number(sheet, row, column, number, nil)
        case .moment(let milliseconds):
            worksheet_write_unixtime(sheet, row, column, milliseconds / 1_000 + offset, dates)
        }
    }

    private static func cut(_ text: String) -> String {
        text.utf16.count <= longestText ? text : String(text.prefix(longestText / 2))
    }

    private func onQueue<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}

extension SheetError {
    fileprivate init(_ fault: lxw_error) {
        reason = lxw_strerror(fault).map { String(cString: $0) } ?? "error \(fault.rawValue)"
    }
}
