import Contracts

/// How much of a case a caller may see.
///
/// What everybody may see is what the portal shows to everybody: no address, the place to about a hundred metres, and no
/// words of a request 直通车, which is a personal matter.
enum Sight: Equatable, Sendable {
    case everybody
    /// A platform or staff, by its key.
    case partner
}

/// Says what cases are, as service requests.
struct RequestTrees: Sendable {
    let catalogue: ServiceCatalogue
    let sight: Sight
    /// The history of each case, where the caller wants what goes beyond the standard.
    let updates: [CaseID: [CaseUpdate]]?
    /// What was answered to the questions about each.
    let answers: [CaseID: [ReportAnswer]]
    /// Where a photo is found.
    let address: @Sendable (PhotoID) -> String

    func answer(_ cases: [KnownCase]) -> Open311Answer {
        Open311Answer(root: "service_requests", tree: .list(of: "request", cases.map(tree)))
    }

    private func tree(_ known: KnownCase) -> ResponseTree {
        let isPartner = sight == .partner
        let place = isPartner ? known.location : known.location.rounded
        let request = ResponseTree.members([
            "service_request_id": .text(known.id.rawValue),
            "status": .text(known.stage.isOpen ? "open" : "closed"),
            "status_notes": .text(known.stage.chinese),
            "service_name": .optional(catalogue.service(known.category)?.name),
            "service_code": .text(known.category.rawValue),
            "description": isPartner || known.kind == .snapshot ? .text(known.description) : .null,
            "agency_responsible": .optional(catalogue.name(of: known.ownerUnitId)),
            "service_notice": .text("案件号 \(known.number)"),
            "requested_datetime": .moment(known.submittedAt),
            "updated_datetime": .moment(known.stage.isOpen ? known.updatedAt : known.closedAt ?? known.updatedAt),
            "expected_datetime": .moment(known.deadline),
            "address": isPartner ? .optional(known.address) : .null,
            "address_id": .null,
            "zipcode": .null,
            "lat": .number(place.latitude),
            "long": .number(place.longitude),
            "media_url": .optional(photos(of: known).first),
        ])
        return updates.map { request.adding(extensions(of: known, $0[known.id] ?? [])) } ?? request
    }

    private func extensions(
        of known: KnownCase, _ updates: [CaseUpdate]
    ) -> KeyValuePairs<String, ResponseTree> {
        [
            "extended_attributes": .members([
                "case_number": .text(known.number),
                "community_id": .text(known.communityId.rawValue),
                "kind": .text(known.kind.rawValue),
                "stage": .text(known.stage.rawValue),
                "version": .integer(known.version),
            ]),
            "attributes": .list(of: "attribute", answers(about: known)),
            "notes": .list(
                of: "note",
                updates.map { update in
                    .members([
                        "datetime": .moment(update.at),
                        "description": .text(update.stage.chinese),
                        "type": .text(update.stage.rawValue),
                    ])
                }),
            "photos": .list(of: "photo", photos(of: known).map { .members(["url": .text($0)]) }),
        ]
    }

    /// As public as the words beside them.
    private func answers(about known: KnownCase) -> [ResponseTree] {
        guard sight == .partner || known.kind == .snapshot else { return [] }
        return (answers[known.id] ?? []).map { answer in
            .members([
                "code": .text(answer.code), "values": .list(of: "value", answer.values.map { .text($0) }),
            ])
        }
    }

    /// A photo may show a person or a door, so not everybody is told where it is.
    private func photos(of known: KnownCase) -> [String] {
        sight == .partner ? known.photoIds.map(address) : []
    }
}
