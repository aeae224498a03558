import Contracts

/// What a photo looks like: 64 bits, of which copies of one photo differ in a few.
package struct PhotoBits: Hashable, Sendable {
    /// Two that differ in so many bits are likely copies of one photo.
    package static let mostAlike = 10
    /// A look is cut into so many pieces of 16 bits.
    package static let pieceCount = 4

    package let bits: UInt64

    package init(bits: UInt64) {
        self.bits = bits
    }

    /// Of 16 hexadecimal digits; nil where they are none.
    package init?(_ text: String) {
        guard text.utf8.count == 16, !text.hasPrefix("+"), !text.hasPrefix("-"), let bits = UInt64(text, radix: 16)
        else { return nil }
        self.bits = bits
    }

    package func difference(from other: PhotoBits) -> Int { (bits ^ other.bits).nonzeroBitCount }

    package func piece(_ number: Int) -> Int { Int(bits >> UInt64(16 * number) & 0xFFFF) }

    /// What a piece of a copy may be: of two looks within ten bits at least one of four pieces differs in two at most.
    package func piecesAlike(_ number: Int) -> [Int] { Self.masks.map { piece(number) ^ $0 } }

    /// All changes of up to two of 16 bits.
    private static let masks: [Int] = {
        let single = (0..<16).map { 1 << $0 }
        let double = (0..<16).flatMap { low in (low + 1..<16).map { 1 << low | 1 << $0 } }
        return [0] + single + double
    }()

    /// How many values ``piecesAlike(_:)`` gives.
    package static var alikeCount: Int { masks.count }
}

/// A photo that came with an earlier report.
package struct SeenPhoto: Sendable, Equatable {
    package let look: PhotoBits
    package let report: SeenReport

    package init(look: PhotoBits, report: SeenReport) {
        self.look = look
        self.report = report
    }
}

/// A photo of a report that was in another report before; nil where none is known.
///
/// - Parameters:
///   - signals: what intake found odd about how the report was made.
///   - looks: of its photos.
///   - earlier: photos that may be alike.
package func reusedPhoto(
    in report: SeenReport, signals: [String], looks: [PhotoBits], among earlier: [SeenPhoto],
    by thresholds: SignalThresholds
) -> Oddity? {
    let alike = earlier.filter { photo in
        photo.report.reportId != report.reportId
            && looks.contains { $0.difference(from: photo.look) <= PhotoBits.mostAlike }
    }
    let first = alike.min { ($0.report.at, $0.report.reportId) < ($1.report.at, $1.report.reportId) }
    if let first {
        let difference = looks.map { $0.difference(from: first.look) }.min() ?? 0
        return oddity(of: report, copying: first.report, difference: difference, by: thresholds)
    }
    guard signals.contains(CaptureSignal.photoReused.rawValue) else { return nil }
    return Oddity(
        .photoReused, subject: "\(report.personId)|\(report.reportId)", personIds: [report.personId],
        caseIds: [report.caseId], window: report.at...report.at.adding(milliseconds: Oddity.photoSpan),
        explanation: "入口比对：案件 \(report.caseNumber) 的上报（\(thresholds.words(report.at))）有 1 张以上照片此前已随另一份上报提交，"
            + "阈值 1 张。")
}

private func oddity(
    of report: SeenReport, copying first: SeenReport, difference: Int, by thresholds: SignalThresholds
) -> Oddity {
    let whose = first.personId == report.personId ? "同一人" : "另一人"
    let start = min(first.at, report.at)
    return Oddity(
        .photoReused, subject: "\(report.personId)|\(first.reportId)", personIds: [report.personId],
        caseIds: [first.caseId, report.caseId], window: start...start.adding(milliseconds: Oddity.photoSpan),
        explanation: "案件 \(report.caseNumber) 的上报（\(thresholds.words(report.at))）有照片与案件 \(first.caseNumber) 中"
            + "\(whose)的上报（\(thresholds.words(first.at))）相同：64 位中相差 \(difference) 位，90 天内相差不超过 \(PhotoBits.mostAlike) 位即提示。"
    )
}
