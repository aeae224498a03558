import Contracts
import Foundation
import ServiceKit

/// What the body of `POST /v1/campaigns` asks for.
struct CampaignRequest: Sendable {
    let communityId: String
    let title: String
    let category: String
    let deadline: Date
    let targets: [CampaignTarget]

    /// - Throws: ``ProblemDetails`` 422 that names every wrong field.
    init(_ body: JSONValue) throws {
        self = try FieldReader.read(body) { fields in
            CampaignRequest(
                communityId: fields.string("communityId", length: 1...100),
                title: fields.string("title", length: 1...200), category: fields.string("category", length: 1...100),
                deadline: fields.instant("deadline"), targets: CampaignTarget.read(fields))
        }
    }

    private init(communityId: String, title: String, category: String, deadline: Date, targets: [CampaignTarget]) {
        self.communityId = communityId
        self.title = title
        self.category = category
        self.deadline = deadline
        self.targets = targets
    }

    func command(_ id: CampaignID, by actor: Actor, notAfter: Timestamp) -> StartCampaign {
        StartCampaign(
            campaignId: id, communityId: CommunityID(communityId), title: Masking.masked(title),
            category: CategoryCode(category), deadline: Timestamp(deadline), targets: targets, actor: actor,
            notAfter: notAfter)
    }
}

/// What the body of `POST /v1/campaigns/{id}/visits` asks for.
struct VisitRequest: Sendable {
    let targetId: String
    let visitedAt: Date
    let outcome: String
    let photos: [String]

    init(_ body: JSONValue) throws {
        self = try FieldReader.read(body) { fields in
            let request = VisitRequest(
                targetId: fields.string("targetId", length: 1...64), visitedAt: fields.instant("visitedAt"),
                outcome: fields.string("outcome", length: 1...200),
                photos: fields.strings("photos", count: 0...3, length: 64...64))
            for photo in request.photos where !isPhoto(photo) {
                fields.note("photos", "holds \(photo), which is no photo's id: send it to /v1/photos of intake first")
            }
            return request
        }
    }

    private init(targetId: String, visitedAt: Date, outcome: String, photos: [String]) {
        self.targetId = targetId
        self.visitedAt = visitedAt
        self.outcome = outcome
        self.photos = photos
    }

    /// What was said at the door is masked here, before it is kept or sent anywhere.
    func command(about state: CampaignState, by actor: Actor, notAfter: Timestamp) -> VisitCampaignTarget {
        VisitCampaignTarget(
            campaignId: state.campaignId, communityId: state.communityId, targetId: TargetID(targetId),
            visitedAt: Timestamp(visitedAt), outcome: Masking.masked(outcome),
            photos: photos.isEmpty ? nil : photos.map { PhotoID($0) }, actor: actor, notAfter: notAfter)
    }
}

private func isPhoto(_ id: String) -> Bool { id.utf8.count == 64 && id.utf8.allSatisfy(isHex) }

private func isHex(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
}

extension CampaignTarget {
    /// The targets in a body; addresses and notes are masked here, before they are kept or sent anywhere.
    static func read(_ fields: FieldReader) -> [CampaignTarget] {
        fields.objects("targets", count: 1...200) { target in
            let address = target.string("address", length: 1...100)
            let note = target.optionalString("ownerNote", length: 1...100)
            let photo = target.optionalString("photo", length: 64...64)
            if let photo, !isPhoto(photo) {
                target.note("photo", "is \(photo), which is no photo's id: send it to /v1/photos of intake first")
            }
            let place = target.optionalObject("location") { place in
                Location(
                    latitude: place.number("latitude", in: -90...90),
                    longitude: place.number("longitude", in: -180...180))
            }
            return CampaignTarget(
                targetId: TargetID(target.string("targetId", length: 1...64)), address: Masking.masked(address),
                location: place ?? nil, ownerNote: note.map(Masking.masked),
                photo: photo.map { PhotoID($0) })
        }
    }
}

extension Timestamp {
    init(_ date: Date) {
        self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
    }
}
