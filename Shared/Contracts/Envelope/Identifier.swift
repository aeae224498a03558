/// A pseudonymous name of one thing, typed by what it names, so that a case's id is never taken for a person's.
///
/// On the wire it is a plain JSON string.
package struct Identifier<Named>: Hashable, Sendable, Comparable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }

    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

extension Identifier: PlainTextCodable {
    package var codedText: String { rawValue }

    package init(codedText: String, at path: [any CodingKey]) {
        self.init(codedText)
    }
}

extension Identifier: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self.init(value)
    }
}

// What ids name. The enums have no values: they only keep the ids apart.
package enum NamesReport: Sendable {}
package enum NamesCase: Sendable {}
package enum NamesCommunity: Sendable {}
package enum NamesUnit: Sendable {}
package enum NamesPerson: Sendable {}
package enum NamesCategory: Sendable {}
package enum NamesLedger: Sendable {}
package enum NamesAccount: Sendable {}
package enum NamesTransfer: Sendable {}
package enum NamesInboxMessage: Sendable {}
package enum NamesDelivery: Sendable {}
package enum NamesPhoto: Sendable {}
package enum NamesVoiceNote: Sendable {}
package enum NamesLandmark: Sendable {}
package enum NamesGrid: Sendable {}
package enum NamesCampaign: Sendable {}
package enum NamesTarget: Sendable {}
package enum NamesTeam: Sendable {}
package enum NamesFunder: Sendable {}
package enum NamesOrder: Sendable {}
package enum NamesPrize: Sendable {}
package enum NamesStation: Sendable {}
package enum NamesCareItem: Sendable {}
package enum NamesHoursRecord: Sendable {}
package enum NamesNotice: Sendable {}
package enum NamesSignal: Sendable {}
package enum NamesContact: Sendable {}
package enum NamesConsent: Sendable {}
package enum NamesEndpoint: Sendable {}

package typealias ReportID = Identifier<NamesReport>
package typealias CaseID = Identifier<NamesCase>
/// A community 社区 of the pack, or `unassigned`.
package typealias CommunityID = Identifier<NamesCommunity>
/// A responsible unit 责任单位 of the pack.
package typealias UnitID = Identifier<NamesUnit>
/// A person, by pseudonym.
///
/// Names and phones never travel on a topic.
package typealias PersonID = Identifier<NamesPerson>
/// A category code such as `E0102` 暴露垃圾.
package typealias CategoryCode = Identifier<NamesCategory>
package typealias LedgerID = Identifier<NamesLedger>
package typealias AccountID = Identifier<NamesAccount>
package typealias TransferID = Identifier<NamesTransfer>
package typealias InboxMessageID = Identifier<NamesInboxMessage>
package typealias DeliveryID = Identifier<NamesDelivery>
/// A photo, by the SHA-256 of its bytes as they were sent, in lower-case hex.
package typealias PhotoID = Identifier<NamesPhoto>
/// A voice note, by the SHA-256 of its bytes as they were sent, in lower-case hex.
package typealias VoiceNoteID = Identifier<NamesVoiceNote>
/// A landmark 地标 of the pack.
package typealias LandmarkID = Identifier<NamesLandmark>
/// A grid 网格 of the pack.
package typealias GridID = Identifier<NamesGrid>
/// A campaign 专项整治.
package typealias CampaignID = Identifier<NamesCampaign>
/// Something that a campaign is about, by its name in the campaign.
package typealias TargetID = Identifier<NamesTarget>
/// A team of riders or volunteers 小哥志愿服务队, of the pack.
package typealias TeamID = Identifier<NamesTeam>
/// Who pays for points, of the pack.
package typealias FunderID = Identifier<NamesFunder>
/// An order of prizes.
package typealias OrderID = Identifier<NamesOrder>
/// A prize 奖品 of the pack.
package typealias PrizeID = Identifier<NamesPrize>
/// A rider station 驿站 of the pack.
package typealias StationID = Identifier<NamesStation>
/// An item of the care list 关爱服务清单 of the pack.
package typealias CareItemID = Identifier<NamesCareItem>
/// An entry of the book of hours 志愿服务时长.
package typealias HoursRecordID = Identifier<NamesHoursRecord>
/// A notice 告知 that points are to be taken back.
package typealias NoticeID = Identifier<NamesNotice>
/// Something odd about points, for a person to look at.
package typealias SignalID = Identifier<NamesSignal>
/// A way to reach a person.
package typealias ContactID = Identifier<NamesContact>
/// One agreement of a person to one message.
package typealias ConsentID = Identifier<NamesConsent>
/// A program or a group that is called of what happens.
package typealias EndpointID = Identifier<NamesEndpoint>

extension CommunityID {
    /// Where a report goes whose place lies in no community of the pack.
    ///
    /// Only a person's transfer moves it on.
    package static let unassigned = CommunityID("unassigned")
}
