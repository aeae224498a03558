import Contracts
import Foundation

/// Makes the commands of a city: reports all over it, and what staff do with their cases.
struct CommandMaker {
    struct Command {
        let partition: Int
        let key: String
        let value: Data
    }

    let communities: [CommunityID]

    private static let partitions = TopicCatalogue.caseCommands.partitions
    private static let categories: [CategoryCode] = ["E0102", "E0505", "E0506", "P0118", "S0101"]

    /// A report that opens a case of its own.
    func register(_ number: Int) throws -> Command { try command(registration(number, beside: nil), number) }

    /// A report, and what is done until its case is handled; every tenth is a second report of the case before instead.
    func wholeWay(_ number: Int) throws -> [Command] {
        guard number % 10 != 9 else {
            // So many reports before, it was in the same partition and community.
            return [try command(registration(number, beside: number - Self.partitions), number)]
        }
        let id = CaseID(
            MessageID(namespace: registrationID(number), name: "case-routing|case|\(reportID(number))|0").description)
        let acts: [CaseAction] = [.file, .dispatch, .handle]
        return [try register(number)]
            + (try acts.map { action in
                try command(
                    ActOnCase(
                        caseId: id, communityId: community(number), action: action,
                        actor: Actor(personId: "admin-1", roles: ["admin"]), reason: "按流程办理"), number)
            })
    }

    /// Any other command, for one partition.
    func command(_ payload: some Payload, on partition: Int) throws -> Command {
        let envelope = Envelope(payload, id: .random(), source: "/suishoupai", time: .benchmark)
        return Command(partition: partition, key: "pack", value: try envelope.value())
    }

    private func command(_ payload: some Payload, _ number: Int) throws -> Command {
        let isReport = payload.messageType == RegisterReport.type
        let envelope = Envelope(
            payload, id: isReport ? registrationID(number) : .random(),
            source: isReport ? "/case-routing/translator" : "/portal/1", time: .benchmark)
        return Command(
            partition: number % Self.partitions, key: community(number).rawValue, value: try envelope.value())
    }

    private func registration(_ number: Int, beside other: Int?) -> RegisterReport {
        let report = ReportSubmitted(
            reportId: reportID(number), communityId: community(number), kind: .snapshot,
            category: category(other ?? number), description: "第 \(number) 处：路边有一袋垃圾，已经好几天没有人清理了",
            location: place(other ?? number), address: "火炬大街 \(number % 1_000) 号门口", observedAt: nil,
            submittedAt: .benchmark, reporterId: PersonID("rider-\(number % 5_000)"), channel: "app")
        return RegisterReport(
            report: Envelope(
                report, id: MessageID(namespace: .suishoupai, name: "benchmark report \(number)"),
                source: "/report-intake/1", time: .benchmark))
    }

    private func registrationID(_ number: Int) -> MessageID {
        MessageID(namespace: .suishoupai, name: "benchmark registration \(number)")
    }

    private func reportID(_ number: Int) -> ReportID { ReportID("benchmark-\(number)") }

    private func community(_ number: Int) -> CommunityID {
        communities[number % Self.partitions % communities.count]
    }

    private func category(_ number: Int) -> CategoryCode {
        Self.categories[number / Self.partitions % Self.categories.count]
    }

    /// A grid of places 130 m apart and more: no two are one problem.
    private func place(_ number: Int) -> Location {
        Location(
            latitudeE7: 286_000_000 + number % 1_500 * 12_000, longitudeE7: 1_158_000_000 + number / 1_500 * 14_000)
    }
}

extension Timestamp {
    /// When all of it happens, by the senders' word; the broker stamps its own time.
    fileprivate static let benchmark = Timestamp(milliseconds: 1_795_413_600_000)
}
