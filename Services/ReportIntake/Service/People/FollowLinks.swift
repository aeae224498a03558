import Contracts
import Foundation
import ReportIntakeDomain
import ServiceKit

/// Links by which a report is followed without an account: whoever holds one may ask how far the report has come, add to
/// it and take it back.
///
/// A link is the report's id and 128 bits that follow from it by a secret, so that every instance knows it and nobody
/// guesses it.
struct FollowLinks: Sendable {
    private static let purpose = "follow"
    private static let idBytes = 16

    let pseudonyms: Pseudonyms

    func code(of report: MessageID) -> String {
        Base64URL.text(Array(report.data) + pseudonyms.bytes(of: report.description, for: Self.purpose))
    }

    /// The report that a code is of; nil for anything else.
    func report(of code: String) -> MessageID? {
        guard code.utf8.count <= 64, let bytes = Base64URL.bytes(code), bytes.count == 2 * Self.idBytes,
            let report = MessageID(data: Data(bytes.prefix(Self.idBytes)))
        else { return nil }
        let proof = pseudonyms.bytes(of: report.description, for: Self.purpose)
        // Every byte is looked at, so that the time tells nothing of how many were right.
        let difference = zip(bytes.dropFirst(Self.idBytes), proof).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
        return difference == 0 ? report : nil
    }

    func path(of report: MessageID) -> String { "/v1/follow/\(code(of: report))" }
}

extension ReporterNames {
    init(_ pseudonyms: Pseudonyms) {
        self.init(
            confidential: { PersonID(pseudonyms.confidentialName(of: $0.rawValue)) },
            anonymous: { .anonymous(pseudonyms.code(of: $0.description, for: "anonymous")) })
    }
}
