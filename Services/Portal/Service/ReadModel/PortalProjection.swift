import Contracts
import EventProcessing
import Foundation
import GRDB

/// Fills the read model from the topics.
///
/// The same records give the same tables in whatever order and however often they come: a state replaces a row only by
/// a higher version, an event is known by its id. Only `caseEvent.sequence`, which numbers events as they came here,
/// differs.
struct PortalProjection: Projection {
    let outbox: EdgeOutbox
    private let pruning = OutcomePruning()

    init(outbox: EdgeOutbox) {
        self.outbox = outbox
    }

    var name: String { "portal" }
    var topics: [Topic] {
        [
            TopicCatalogue.caseEvents, TopicCatalogue.cases, TopicCatalogue.campaigns, TopicCatalogue.pointsEvents,
            TopicCatalogue.accounts, TopicCatalogue.orders, TopicCatalogue.stocks, TopicCatalogue.inboxes,
            TopicCatalogue.notificationSettings, TopicCatalogue.notificationEvents, TopicCatalogue.accessLog,
            TopicCatalogue.webhookEndpoints,
            TopicCatalogue.reference,
        ]
    }

    func apply(_ record: IncomingRecord, in db: Database) throws {
        switch record.attributes.type {
        case CommandRefused.type: try keepOutcome(record, as: CommandRefused.self, in: db)
        case CommandFailed.type: try keepOutcome(record, as: CommandFailed.self, in: db)
        case CommandApplied.type: try keepOutcome(record, as: CommandApplied.self, in: db)
        case InboxMessageRead.type: try keepOutcome(record, as: InboxMessageRead.self, in: db)
        case InboxMessageArchived.type: try keepOutcome(record, as: InboxMessageArchived.self, in: db)
        case PersonErased.type: try keepOutcome(record, as: PersonErased.self, in: db)
        case CaseState.type: try CaseTables.keep(try record.read(CaseState.self), in: db)
        case CampaignState.type: try CampaignTables.keep(try record.read(CampaignState.self).data, in: db)
        case OrderState.type: try OrderTables.keep(try record.read(OrderState.self).data, in: db)
        case StockState.type: try OrderTables.keep(try record.read(StockState.self).data, in: db)
        case AccountState.type: try PersonTables.keep(try record.read(AccountState.self).data, in: db)
        case InboxMessageState.type: try PersonTables.keep(try record.read(InboxMessageState.self).data, in: db)
        case PersonSettingsState.type: try PersonTables.keep(try record.read(PersonSettingsState.self).data, in: db)
        case PersonLookedUp.type: try keepLook(record, in: db)
        case PackPart.type: try PackTables.keep(try record.read(PackPart.self).data, in: db)
        case PackActivated.type: try PackTables.keep(try record.read(PackActivated.self), in: db)
        case PlatformKeyGranted.type: try AdminTables.keep(try record.read(PlatformKeyGranted.self), in: db)
        case PlatformKeyRevoked.type: try AdminTables.keep(try record.read(PlatformKeyRevoked.self).data, in: db)
        case EndpointState.type: try AdminTables.keep(try record.read(EndpointState.self).data, in: db)
        case let type where CampaignChanged.Step(rawValue: type) != nil: try keepCampaignStep(record, in: db)
        case HoursRecorded.type: try keepFairness(record, as: HoursRecorded.self, FairnessTables.keep, in: db)
        case SignalRaised.type: try FairnessTables.keep(try record.read(SignalRaised.self).data, in: db)
        case SignalReviewed.type: try keepFairness(record, as: SignalReviewed.self, FairnessTables.keep, in: db)
        case let type where NoticeChanged.Step(rawValue: type) != nil: try keepNotice(record, in: db)
        default: try keepEvent(record, in: db)
        }
    }

    /// A look at a person, which is on the log once it is read back: nobody else answers it.
    private func keepLook(_ record: IncomingRecord, in db: Database) throws {
        let look = try record.read(PersonLookedUp.self)
        try AccessTables.keep(look, in: db)
        try outbox.markAnswered(look.id, at: look.time, in: db)
    }

    private func keepEvent(_ record: IncomingRecord, in db: Database) throws {
        switch record.topic {
        case TopicCatalogue.caseEvents.name:
            try CaseTables.keep(try record.read(CaseEvent.self), body: record.bodyText, in: db)
            try markAnswered(record, in: db)
        case TopicCatalogue.pointsEvents.name: try keepPointsEvent(record, in: db)
        default:
            throw ContractError.unknownType(record.attributes.type)
        }
    }

    /// Movements of points stand on statements; whatever a person did answers their command, what a rule or the clock
    /// did answers none.
    private func keepPointsEvent(_ record: IncomingRecord, in db: Database) throws {
        switch record.attributes.type {
        case let type where PointsMoved.Step(rawValue: type) != nil:
            let moved = try record.read(PointsMoved.self)
            try PersonTables.keep(moved, body: record.bodyText, in: db)
            try BooksTables.keep(moved, in: db)
            if moved.data.actorId != nil { try keepOutcome(record, as: PointsMoved.self, in: db) }
        case let type where OrderChanged.Step(rawValue: type) != nil:
            let changed = try record.read(OrderChanged.self)
            try BooksTables.keep(changed, body: record.bodyText, in: db)
            guard changed.data.actorId != nil else { return }
            try keepOutcome(record, as: OrderChanged.self, in: db)
        case let type where StockMove.allCases.contains { "stock.\($0.rawValue)" == type }:
            try BooksTables.keep(try record.read(StockMoved.self), body: record.bodyText, in: db)
            try keepOutcome(record, as: StockMoved.self, in: db)
        case PeriodClosed.type: try BooksTables.keep(try record.read(PeriodClosed.self).data, in: db)
        // Said to others.
        case PackTookEffect.type: return
        default: throw ContractError.unknownType(record.attributes.type)
        }
    }

    /// A person's step of a campaign answers their command; what follows from a case or the clock answers none.
    private func keepCampaignStep(_ record: IncomingRecord, in db: Database) throws {
        guard try record.read(CampaignChanged.self).data.actorId != nil else { return }
        try keepOutcome(record, as: CampaignChanged.self, in: db)
    }

    /// What a person did about hours or a signal answers their command.
    private func keepFairness<Event: Message>(
        _ record: IncomingRecord, as type: Event.Type, _ keep: (Event, Database) throws -> Void, in db: Database
    ) throws {
        try keep(try record.read(type).data, db)
        try keepOutcome(record, as: type, in: db)
    }

    /// A step of a notice that the clock took answers nobody.
    private func keepNotice(_ record: IncomingRecord, in db: Database) throws {
        let change = try record.read(NoticeChanged.self).data
        try FairnessTables.keep(change, in: db)
        if change.actorId != nil { try keepOutcome(record, as: NoticeChanged.self, in: db) }
    }

    /// What became of a command where no event of a case tells it.
    ///
    /// Read before it is kept, since whoever waits for it must not stumble over what this program does not understand.
    private func keepOutcome<Outcome: Payload>(
        _ record: IncomingRecord, as type: Outcome.Type, in db: Database
    ) throws {
        guard let command = record.attributes.causationID else { return }
        _ = try record.read(type)
        let attributes = record.attributes
        try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO commandOutcome (commandId, type, at, body) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [
            command.description, attributes.type, attributes.time.milliseconds, record.bodyText,
        ])
        if db.changesCount > 0 { pruning.note(keptAt: attributes.time) }
        try pruning.prune(before: attributes.time.adding(milliseconds: -OutcomePruning.keptFor), in: db)
        try markAnswered(record, in: db)
    }

    private func markAnswered(_ record: IncomingRecord, in db: Database) throws {
        guard let command = record.attributes.causationID else { return }
        try outbox.markAnswered(command, at: record.attributes.time, in: db)
    }
}

extension IncomingRecord {
    fileprivate var bodyText: String { String(decoding: value, as: UTF8.self) }
}
