import Contracts
import Hummingbird
import ServiceKit

/// The book of hours 志愿服务时长: a person's own, and the door for staff who enter them.
struct HoursRoutes: Sendable {
    let readModel: ReadModel
    let desk: FairnessDesk

    func add(to group: RouterGroup<AuthenticatedRequestContext>) {
        group.post("points/hours") { request, context in try await record(request, context) }
        group.get("me/hours") { request, context in
            let wanted = try PageRequest<FairnessPlace>(request)
            let names = context.principal.names
            let entries = try await readModel.hours(of: names, after: wanted.after, limit: wanted.limit + 1)
            return HoursView(
                totalMinutes: try await readModel.totalMinutes(of: names),
                entries: try Page(fetched: entries.map(HoursEntryView.init), limit: wanted.limit) {
                    FairnessPlace(at: $0.servedAt.milliseconds, id: $0.recordId.rawValue)
                })
        }
        group.get("me/hours/certificate") { _, context in
            try await certificate(of: context.principal)
        }
    }

    private func record(_ request: Request, _ context: AuthenticatedRequestContext) async throws -> Response {
        let asked = try await FairnessDesk.Asked(request, context)
        let id = HoursRecordID(asked.id)
        let actor = context.principal.actor(among: [])
        let ledger: LedgerID
        let command: @Sendable (Timestamp) -> RecordHours
        switch try HoursRequest(asked.body) {
        case .enter(let entry):
            ledger = entry.ledgerId
            command = { entry.command(id, by: actor, notAfter: $0) }
        case .takeBack(let reverses, let reason):
            guard let entry = try await readModel.hours(reverses)?.entry else {
                throw ProblemDetails.notFound("There is no entry of this id, or it has not come here yet.")
            }
            ledger = entry.ledgerId
            command = { entry.takenBack(as: id, reason: reason, by: actor, notAfter: $0) }
        }
        return try await desk.give(
            CommandMetrics.hoursRecord, about: id.rawValue, in: ledger, asked, success: .created, request, context,
            command: command
        ) {
            try await readModel.hours(id).map(HoursEntryView.init)
        }
    }

    /// So many entries are on a certificate; older ones are in its total.
    private static let mostCertified = 1_000

    private func certificate(of principal: Principal) async throws -> HoursCertificateView {
        let names = principal.names
        let entries = try await readModel.hours(of: names, after: nil, limit: Self.mostCertified)
        let pack = try await readModel.read { [readModel] db in try readModel.pack(in: db) }
        let tasks = pack?.points?.tasks ?? []
        let minutes = try await readModel.totalMinutes(of: names)
        return HoursCertificateView(
            personId: PersonID(principal.subject), totalMinutes: minutes, issuedAt: desk.door.now(),
            services: entries.filter { !$0.isTakenBack && $0.entry.reverses == nil }.map { kept in
                HoursCertificateView.Service(
                    kept.entry, name: tasks.first { $0.id == kept.entry.taskId }?.name ?? kept.entry.taskId)
            })
    }
}

/// A person's hours.
struct HoursView: ResponseEncodable, Sendable {
    /// Of all entries, not only of this page.
    let totalMinutes: Int
    let entries: Page<HoursEntryView>
}

/// One entry of the book of hours.
struct HoursEntryView: Encodable, Sendable {
    let recordId: HoursRecordID
    let ledgerId: LedgerID
    let personId: PersonID
    let teamId: TeamID?
    let taskId: String
    let minutes: Int
    let servedAt: Timestamp
    let reverses: HoursRecordID?
    /// Whether another entry takes it back.
    let takenBack: Bool
    let transferId: TransferID?
    let recordedBy: PersonID
    let reason: String?

    init(_ kept: KeptHours) {
        let entry = kept.entry
        recordId = entry.recordId
        ledgerId = entry.ledgerId
        personId = entry.personId
        teamId = entry.teamId
        taskId = entry.taskId
        minutes = entry.minutes
        servedAt = entry.servedAt
        reverses = entry.reverses
        takenBack = kept.isTakenBack
        transferId = entry.transferId
        recordedBy = entry.actorId
        reason = entry.reason
    }
}

/// 志愿服务记录证明, by the fields of 民政部令第67号 that are kept here: by pseudonym, for whoever knows the person.
struct HoursCertificateView: ResponseEncodable, Sendable {
    /// One service that still counts.
    struct Service: Encodable, Sendable {
        let recordId: HoursRecordID
        let name: String
        let servedAt: Timestamp
        let minutes: Int
        let teamId: TeamID?
        let recordedBy: PersonID

        init(_ entry: HoursRecorded, name: String) {
            recordId = entry.recordId
            self.name = name
            servedAt = entry.servedAt
            minutes = entry.minutes
            teamId = entry.teamId
            recordedBy = entry.actorId
        }
    }

    let title = "志愿服务记录证明"
    let basis = "志愿服务记录与证明出具办法（试行）（民政部令第67号）"
    let personId: PersonID
    let totalMinutes: Int
    let issuedAt: Timestamp
    /// Newest first.
    let services: [Service]
}
