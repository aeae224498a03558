/// Something that people are told about: a step of a case, points that moved or are to be taken back, or an order.
package enum NotifiableEvent: Payload {
    case aboutCase(CaseEvent)
    case aboutPoints(PointsMoved)
    case aboutNotice(NoticeChanged)
    case aboutOrder(OrderChanged)

    package var messageType: String { payload.messageType }
    package var messageVersion: Int { payload.messageVersion }
    package var messageSubject: String { payload.messageSubject }

    private var payload: any Payload {
        switch self {
        case .aboutCase(let event): event
        case .aboutPoints(let event): event
        case .aboutNotice(let event): event
        case .aboutOrder(let event): event
        }
    }

    package func encodeData(to encoder: any Encoder) throws { try payload.encodeData(to: encoder) }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> NotifiableEvent {
        if type.hasPrefix("points.") {
            return .aboutPoints(try PointsMoved.decode(type: type, version: version, from: decoder))
        }
        if type.hasPrefix("notice.") {
            return .aboutNotice(try NoticeChanged.decode(type: type, version: version, from: decoder))
        }
        if type.hasPrefix("order.") {
            return .aboutOrder(try OrderChanged.decode(type: type, version: version, from: decoder))
        }
        return .aboutCase(try CaseEvent.decode(type: type, version: version, from: decoder))
    }
}

/// Why somebody is told.
package enum AudienceRole: String, Codable, Sendable, CaseIterable {
    /// Who reported, or whose points or order it is.
    case reporter
    case handler
    /// A unit, reached by its webhook and by the inboxes of its people.
    case unit
    /// Somebody who works for a unit that is told.
    case member
    /// Who checks finished work in the case's community.
    case verifier
    /// Who dispatches in the case's community.
    case dispatcher
    /// Who hands prizes out at the order's station.
    case station
    /// Programs that asked to be called: ``Notify/endpoints`` is the recipient of them all.
    case endpoint
}

/// Tell one recipient about one event.
///
/// On `notification-commands.v1`, keyed by recipient id, from notifications' translator.
package struct Notify: Message {
    package static let type = "notification.notify"
    /// The recipient of the role `endpoint`, and the key of every command about endpoints.
    package static let endpoints = PersonID("endpoints")

    package let event: Envelope<NotifiableEvent>
    /// A person's id, a unit's for the role `unit`, or ``AudienceGroup/recipientId`` of several people.
    package let recipientId: PersonID
    package let role: AudienceRole

    package init(event: Envelope<NotifiableEvent>, recipientId: PersonID, role: AudienceRole) {
        self.event = event
        self.recipientId = recipientId
        self.role = role
    }

    package var subject: String { recipientId.rawValue }
}

/// All who are something somewhere: told member by member, by the pack.
package struct AudienceGroup: Hashable, Sendable {
    /// Verifier, dispatcher or station.
    package let role: AudienceRole
    /// The community, or the station.
    package let place: String

    package init(_ role: AudienceRole, of place: String) {
        self.role = role
        self.place = place
    }

    /// The group that a recipient is; nil for a person, whose id has no colon.
    package init?(role: AudienceRole, recipientId: PersonID) {
        let beginning = "\(role.rawValue):"
        guard Self.roles.contains(role), recipientId.rawValue.hasPrefix(beginning) else { return nil }
        self.init(role, of: String(recipientId.rawValue.dropFirst(beginning.count)))
    }

    private static let roles: Set<AudienceRole> = [.verifier, .dispatcher, .station]

    package var recipientId: PersonID { PersonID("\(role.rawValue):\(place)") }
}
