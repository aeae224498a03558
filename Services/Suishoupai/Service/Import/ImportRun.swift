import Foundation

/// The rows between the file and intake: read, perhaps sent, not answered yet.
///
/// A connection may be lost at any moment. Whatever was not answered is then sent once more on the next one, ahead of
/// anything new; intake knows by its key what it has already.
actor ImportRun {
    /// How many rows may wait for their answer, so that memory stays the same however long the file is.
    static let mostOnTheRoad = 2_000
    private static let pieceSize = 32 * 1_024

    private var rows: MappedRows
    private var rejects: RejectsFile
    private var drawing: ProgressDrawing
    private(set) var progress: ImportProgress

    private var road: [ImportRow] = []
    /// How many rows at the front of the road were sent on this connection.
    private var sentCount = 0
    /// How many rows at the front of the road were sent on an earlier connection.
    private var sentBefore = 0
    private var connection = 0
    private var answersOnConnection = 0
    private var fileHasEnded = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// What made it impossible to go on, on whatever connection: the file cannot be read, or rejects cannot be kept.
    private(set) var failure: (any Error)?
    private(set) var lastLine = 1

    init(_ rows: sending MappedRows, rejects: sending RejectsFile, totalBytes: Int, drawing: sending ProgressDrawing) {
        self.rows = rows
        self.rejects = rejects
        self.drawing = drawing
        progress = ImportProgress(totalBytes: totalBytes)
    }

    var isFinished: Bool { fileHasEnded && road.isEmpty }
    var rejectsFile: URL? { rejects.exists ? rejects.url : nil }

    // MARK: - Sending

    /// Begins on a new connection; whoever still sends on an older one gets nothing more.
    func connect() -> Int {
        connection += 1
        sentBefore = max(sentBefore, sentCount)
        sentCount = 0
        answersOnConnection = 0
        wake()
        return connection
    }

    /// The next lines to send; nil when there are no more, or the connection is an old one.
    func next(on connection: Int) async throws -> Data? {
        while connection == self.connection {
            try settleUnfit()
            var piece = Data()
            while piece.count < Self.pieceSize, let row = try nextRow() {
                if case .line(let bytes) = row.content { piece.append(bytes) }
            }
            if !piece.isEmpty { return piece }
            try settleUnfit()
            if fileHasEnded, sentCount >= road.count { return nil }
            if road.count >= Self.mostOnTheRoad {
                await withCheckedContinuation { waiting.append($0) }
            }
        }
        return nil
    }

    private func nextRow() throws -> ImportRow? {
        if sentCount == road.count {
            guard !fileHasEnded, road.count < Self.mostOnTheRoad else { return nil }
            do {
                guard let row = try rows.next() else {
                    fileHasEnded = true
                    return nil
                }
                road.append(row)
            } catch {
                failure = error
                throw error
            }
        }
        sentCount += 1
        return road[sentCount - 1]
    }

    // MARK: - Answers

    /// Takes the next answer: answers come in the order of the lines.
    func take(_ answer: LineAnswer) throws {
        try settleUnfit()
        guard answer.line == answersOnConnection + 1, sentCount > 0, let row = road.first else {
            throw ImportFault.outOfStep(answered: answer.line, expected: answersOnConnection + 1)
        }
        // Not the row's fault: the row waits, and with it all behind it.
        guard answer.retry != true else { throw NotNow(reason: answer.words.joined(separator: "; ")) }
        answersOnConnection += 1
        switch answer.status {
        case "accepted": try settle(row, .accepted)
        // Sent before in this very import, and its answer lost: then it was new when it first arrived.
        case "duplicate": try settle(row, sentBefore > 0 ? .accepted : .duplicate)
        default: try settle(row, .rejected(answer.words))
        }
        wake()
    }

    /// Notes the end, and gives the last word on how it went.
    func finish() throws -> ImportProgress {
        try settleUnfit()
        drawing.finish(progress)
        try rejects.close()
        return progress
    }

    /// Nothing more will be sent.
    func close() throws {
        connection += 1
        wake()
        try rejects.close()
    }

    func note(_ text: String) { drawing.note(text) }

    private func settleUnfit() throws {
        while sentCount > 0, let row = road.first, case .unfit(let reasons) = row.content {
            try settle(row, .rejected(reasons))
        }
    }

    private func settle(_ row: ImportRow, _ outcome: RowOutcome) throws {
        if case .rejected(let reasons) = outcome { try keep(row.record, reasons) }
        road.removeFirst()
        sentCount -= 1
        sentBefore = max(0, sentBefore - 1)
        progress.settle(outcome, endOffset: row.record.endOffset)
        lastLine = row.record.line
        drawing.update(progress)
    }

    private func keep(_ record: CSVRecord, _ reasons: [String]) throws {
        do {
            try rejects.add(record, reasons: reasons)
        } catch {
            let fault = ImportFault.rejectsNotKept(file: rejects.url.path(percentEncoded: false), reason: "\(error)")
            failure = fault
            throw fault
        }
    }

    private func wake() {
        let all = waiting
        waiting = []
        for continuation in all { continuation.resume() }
    }
}

/// Intake cannot take anything at the moment.
struct NotNow: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
}

/// What intake says of one line.
struct LineAnswer: Decodable, Sendable {
    struct FieldError: Decodable, Sendable {
        let field: String
        let message: String
    }

    let line: Int
    let status: String
    var errors: [FieldError]?
    var retry: Bool?

    /// The reasons in words; never none.
    var words: [String] {
        let words = (errors ?? []).map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }
        return words.isEmpty ? [status] : words
    }
}
