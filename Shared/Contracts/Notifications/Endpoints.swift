/// A text that only this deployment's own programs open, by a key of the data folder: a URL that is a secret itself.
package struct SealedText: Codable, Sendable, Hashable {
    /// AES-256-GCM in base64; authenticated with it is `endpoint|<endpoint id>`.
    package let box: String

    package init(box: String) {
        self.box = box
    }
}

/// Where an endpoint is called.
package struct EndpointAddress: Codable, Sendable, Hashable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// The text is the URL.
        case open
        /// The URL holds a provider's token: the text is what ``SealedText`` holds.
        case sealed
    }

    package let kind: Kind
    package let text: String

    package init(url: String) {
        kind = .open
        text = url
    }

    package init(sealed: SealedText) {
        kind = .sealed
        text = sealed.box
    }

    /// Nil where it is sealed.
    package var url: String? { kind == .open ? text : nil }
    /// Nil where it is open.
    package var sealed: SealedText? { kind == .sealed ? SealedText(box: text) : nil }
}

extension EndpointID {
    private static let ofUnit = "unit:"

    /// The webhook that the pack names for a unit.
    package static func unit(_ id: UnitID) -> EndpointID { EndpointID(ofUnit + id.rawValue) }

    /// The unit whose webhook it is; nil where an operator added it.
    package var unitId: UnitID? {
        rawValue.hasPrefix(Self.ofUnit) ? UnitID(String(rawValue.dropFirst(Self.ofUnit.count))) : nil
    }

    /// The key of every command about the endpoint: where the recipient's own commands go.
    package var commandKey: String { unitId?.rawValue ?? Notify.endpoints.rawValue }

    /// The lane that its deliveries share.
    package var lane: String { "endpoint|\(rawValue)" }
}

/// Calls a program, or a group by its robot, of what happens from now on.
///
/// On `notification-commands.v1`, keyed by ``EndpointID/commandKey``, from the operator's command.
package struct AddEndpoint: Message {
    package static let type = "endpoint.add"

    package let endpointId: EndpointID
    package let address: EndpointAddress
    package let channel: Channel
    /// Event types; empty for all.
    package let events: [String]
    /// Communities whose events it hears; empty for all, also for events of none.
    package let communities: [CommunityID]
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        endpointId: EndpointID, address: EndpointAddress, channel: Channel, events: [String],
        communities: [CommunityID], actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.endpointId = endpointId
        self.address = address
        self.channel = channel
        self.events = events
        self.communities = communities
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { endpointId.rawValue }
}

/// Does something with an endpoint.
///
/// On `notification-commands.v1`, keyed by ``EndpointID/commandKey``, from the operator's command.
package struct ChangeEndpoint: Payload, Codable {
    package enum Change: String, Codable, Sendable, CaseIterable {
        /// A new secret signs from now on; the former one signs beside it until `formerUntil`.
        case rotate = "endpoint.rotate"
        /// Nothing is sent there any more, and what waits is given up.
        case remove = "endpoint.remove"
        /// It is called again: it had been disabled.
        case enable = "endpoint.enable"
    }

    package let change: Change
    package let endpointId: EndpointID
    /// Of `endpoint.rotate`.
    package let formerUntil: Timestamp?
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        _ change: Change, endpointId: EndpointID, formerUntil: Timestamp? = nil, actor: Actor,
        notAfter: Timestamp? = nil
    ) {
        self.change = change
        self.endpointId = endpointId
        self.formerUntil = formerUntil
        self.actor = actor
        self.notAfter = notAfter
    }

    package var messageType: String { change.rawValue }
    package var messageVersion: Int { 1 }
    package var messageSubject: String { endpointId.rawValue }

    package func encodeData(to encoder: any Encoder) throws { try encode(to: encoder) }

    package static func decode(type: String, version: Int, from decoder: any Decoder) throws -> ChangeEndpoint {
        guard Change(rawValue: type) != nil else { throw ContractError.unknownType(type) }
        guard version <= 1 else { throw ContractError.newerVersion(type: type, found: version, known: 1) }
        let change = try ChangeEndpoint(from: decoder)
        guard change.messageType == type else {
            throw ContractError.malformed("'data.change' is '\(change.messageType)' in a message of type '\(type)'")
        }
        return change
    }
}

/// Sends once more what was planned for an endpoint: some deliveries, or all since a moment.
///
/// On `notification-commands.v1`, keyed by ``EndpointID/commandKey``, from the operator's command.
package struct ReplayDeliveries: Message {
    package static let type = "endpoint.replay"
    /// No more at once.
    package static let most = 10_000

    package let endpointId: EndpointID
    /// Absent where `since` says.
    package let deliveryIds: [DeliveryID]?
    /// Those planned at this moment or later; absent where `deliveryIds` says.
    package let since: Timestamp?
    /// And before this one; absent for up to now.
    package let until: Timestamp?
    package let actor: Actor
    package let notAfter: Timestamp?

    package init(
        endpointId: EndpointID, deliveryIds: [DeliveryID]? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
        actor: Actor, notAfter: Timestamp? = nil
    ) {
        self.endpointId = endpointId
        self.deliveryIds = deliveryIds
        self.since = since
        self.until = until
        self.actor = actor
        self.notAfter = notAfter
    }

    package var subject: String { endpointId.rawValue }
}

/// An endpoint is called no more until an operator enables it.
///
/// Published by notifications on `notification-events.v1`, keyed by ``EndpointID/commandKey``.
package struct EndpointDisabled: Message {
    package static let type = "endpoint.disabled"

    package let endpointId: EndpointID
    /// What the last delivery came to.
    package let reason: String
    package let at: Timestamp

    package init(endpointId: EndpointID, reason: String, at: Timestamp) {
        self.endpointId = endpointId
        self.reason = reason
        self.at = at
    }

    package var subject: String { endpointId.rawValue }
}

/// An endpoint as it stands: the record of `webhook-endpoints.v1`, keyed by endpoint id; the highest `version` counts.
package struct EndpointState: Message {
    package static let type = "webhook-endpoint.state"

    package let endpointId: EndpointID
    package var version: Int
    package let address: EndpointAddress
    package let channel: Channel
    /// Event types; empty for all.
    package let events: [String]
    /// Empty for all.
    package let communities: [CommunityID]
    /// From 1: its secret follows from its id and this.
    package var generation: Int
    /// Until when the secret of the generation before signs, too; absent where there is none.
    package var formerUntil: Timestamp?
    /// Absent while it is called.
    package var disabledReason: String?
    package var disabledAt: Timestamp?
    /// True once it was removed.
    package var ended: Bool

    package init(
        endpointId: EndpointID, version: Int, address: EndpointAddress, channel: Channel, events: [String],
        communities: [CommunityID], generation: Int = 1, formerUntil: Timestamp? = nil,
        disabledReason: String? = nil, disabledAt: Timestamp? = nil, ended: Bool = false
    ) {
        self.endpointId = endpointId
        self.version = version
        self.address = address
        self.channel = channel
        self.events = events
        self.communities = communities
        self.generation = generation
        self.formerUntil = formerUntil
        self.disabledReason = disabledReason
        self.disabledAt = disabledAt
        self.ended = ended
    }

    package var subject: String { endpointId.rawValue }
}
