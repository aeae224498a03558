import Contracts
import EventProcessing
import Foundation
import Hummingbird
import ReportIntakeDomain
import ServiceKit
import Vocabulary

/// The door for platforms that write to `platform-reports.v1` themselves: each record is answered on
/// `platform-receipts.v1` once its report is on the disk, or why it is not.
///
/// A record is only ever rejected for what it says. While reports cannot be taken at all, records wait on the topic, which
/// is what a topic is for; a platform that writes faster than its keys grant is read more slowly.
struct PlatformDoor: Sendable {
    let desk: ReportDesk
    let keys: PlatformKeyRing
    /// Whether all keys are known that were given so far: without them a good record would be rejected.
    let knowsKeys: @Sendable () -> Bool

    /// When to look again while reports cannot be taken.
    static let patience = Duration.seconds(1)
    /// How long to look at records in one go; whatever is left is looked at in the next.
    ///
    /// Photos lie elsewhere and may take a while each, and the group must hear of us.
    private static let longest = Duration.seconds(2)
    private static let largest = ReportStream.longestLine

    /// What is to become of a record.
    private enum Verdict {
        case report(ReportEntry, Signer, externalId: String?)
        case rejected(PlatformReceipt)
        case later(Duration)
    }

    var answering: Answering {
        Answering(
            group: "report-intake-platforms", source: TopicCatalogue.platformReports,
            target: TopicCatalogue.platformReceipts, answer: { try await answers(to: $0) })
    }

    /// Stores the reports among these records, and says what became of each record.
    func answers(to records: [ForeignRecord]) async throws -> [Answered] {
        guard isOpen else { return records.map { _ in .later(Self.patience) } }
        let verdicts = try await verdicts(on: records)
        let entries = verdicts.compactMap { verdict -> ReportEntry? in
            guard case .report(let entry, _, _) = verdict else { return nil }
            return entry
        }
        var outcomes: ArraySlice<StoringOutcome> = []
        do throws(NotStored) {
            outcomes = try await desk.add(entries)[...]
        } catch {
            // None of them was stored; what is told of others does not hang on them.
            outcomes = []
        }
        return try zip(records, verdicts).map { record, verdict in
            switch verdict {
            case .later(let pause): return .later(pause)
            case .rejected(let receipt):
                desk.metrics.countRejected(.kafka, from: receipt.platform)
                return try answer(receipt, to: record)
            case .report(let entry, let signer, let externalId):
                guard let outcome = outcomes.popFirst() else { return .later(Self.patience) }
                return try answer(
                    try receipt(outcome, to: record, entry, of: signer, externalId: externalId), to: record)
            }
        }
    }

    private var isOpen: Bool {
        guard knowsKeys() else { return false }
        do throws(NotStored) {
            try desk.opening.check()
            try desk.backlog.check()
        } catch {
            return false
        }
        return true
    }

    // MARK: - In

    private func verdicts(on records: [ForeignRecord]) async throws -> [Verdict] {
        let end = ContinuousClock.now + Self.longest
        var verdicts: [Verdict] = []
        // What lies behind a record that must wait is looked at again with it.
        var waits: [Int32: Duration] = [:]
        for record in records {
            let pause = waits[record.partition] ?? (ContinuousClock.now < end ? nil : .zero)
            let found = if let pause { Verdict.later(pause) } else { try await verdict(on: record) }
            if case .later(let pause) = found { waits[record.partition] = pause }
            verdicts.append(found)
        }
        return verdicts
    }

    private func verdict(on record: ForeignRecord) async throws -> Verdict {
        guard let value = record.value, value.count <= Self.largest else {
            return Self.rejected(record, "must be a JSON object of at most \(Self.largest) bytes")
        }
        switch keys.signer(of: value, by: record.header(HeaderName.platformSignature)) {
        case .failure(let fault):
            // A key that was given just now may not have come here yet.
            return Self.rejected(record, field: HeaderName.platformSignature, fault.message, retry: fault == .unknown)
        case .success(let signer):
            if let pause = desk.quotas.take(.reports, by: .platform(signer.platform)) { return .later(pause) }
            return try await verdict(on: value, of: signer, in: record)
        }
    }

    private func verdict(on value: Data, of signer: Signer, in record: ForeignRecord) async throws -> Verdict {
        let platform = signer.platform
        let json: JSONValue
        do {
            json = try JSONValue(parsing: value)
        } catch {
            return Self.rejected(record, of: platform, "is not JSON: \(error)")
        }
        let guidance: Guidance
        do throws(NotStored) { guidance = try desk.guidance() } catch { return .later(Self.patience) }
        let reading = PlatformReportReading(json, from: platform, guidance: guidance)
        func rejected(_ errors: [ProblemDetails.FieldError]) -> Verdict {
            Self.rejected(record, of: platform, externalId: reading.externalId, errors)
        }
        switch reading.content {
        case .wrong(let errors): return rejected(errors)
        case .form(let form, let key, let json):
            do {
                let entry = try await desk.entry(
                    form, from: Sender(id: platform, maySpeakForOthers: true), key: key, json: json,
                    traceParent: reading.traceParent)
                return .report(entry, signer, externalId: reading.externalId)
            } catch let problem as ProblemDetails {
                guard problem.status != .serviceUnavailable else { return .later(Self.patience) }
                let errors = problem.errors
                return rejected(
                    errors.isEmpty ? [.init(field: "", message: problem.detail ?? problem.title)] : errors)
            }
        }
    }

    // MARK: - Out

    private static func rejected(
        _ record: ForeignRecord, of platform: PersonID? = nil, field: String = "", _ message: String,
        retry: Bool = false
    ) -> Verdict {
        rejected(record, of: platform, externalId: nil, [.init(field: field, message: message)], retry: retry)
    }

    private static func rejected(
        _ record: ForeignRecord, of platform: PersonID?, externalId: String?, _ errors: [ProblemDetails.FieldError],
        retry: Bool = false
    ) -> Verdict {
        .rejected(
            PlatformReceipt(
                platform: platform, externalId: externalId, partition: Int(record.partition),
                offset: Int(record.offset), status: .rejected,
                errors: errors.map { PlatformReceipt.Fault(field: $0.field, message: $0.message) },
                retry: retry ? true : nil))
    }

    private func receipt(
        _ outcome: StoringOutcome, to record: ForeignRecord, _ entry: ReportEntry, of signer: Signer,
        externalId: String?
    ) throws -> PlatformReceipt {
        func taken(_ status: PlatformReceipt.Status, _ receipt: Receipt) throws -> PlatformReceipt {
            let tidings = desk.tidings(of: entry, receipt)
            let id = ReportID(receipt.reportId.description)
            return PlatformReceipt(
                platform: signer.platform, externalId: externalId, partition: Int(record.partition),
                offset: Int(record.offset), status: status, reportId: id, communityId: receipt.communityId,
                emergency: tidings.emergency.map {
                    PlatformReceipt.Emergency(call: $0.call, words: $0.words, advice: $0.advice)
                }, nearestCommunity: tidings.nearest,
                sealedFollow: try SealedLink.seal(tidings.follow, of: id, secret: signer.secret))
        }
        switch outcome {
        case .accepted(let first): return try taken(.accepted, first)
        case .repeated(let first): return try taken(.duplicate, first)
        case .conflict:
            return PlatformReceipt(
                platform: signer.platform, externalId: externalId, partition: Int(record.partition),
                offset: Int(record.offset), status: .rejected,
                errors: [.init(field: "externalId", message: "was used before for another report")])
        }
    }

    /// However often a record is answered, its receipts have one id: whoever reads them keeps the first.
    private func answer(_ receipt: PlatformReceipt, to record: ForeignRecord) throws -> Answered {
        let id = MessageID(
            namespace: .suishoupai,
            name: "platform-receipt\n\(record.log)\n\(record.partition)\n\(record.offset)")
        let first = Envelope(receipt, id: id, source: desk.source, time: desk.now())
        var attributes = first.attributes
        // Whatever follows from a report shares its id.
        if let report = receipt.reportId.flatMap({ MessageID($0.rawValue) }) { attributes.correlationID = report }
        let value = try Envelope(attributes: attributes, data: receipt).value()
        return .now(key: receipt.platform?.rawValue ?? "", value: value)
    }
}
