import Contracts

/// What the variables of a text stand for.
struct Facts {
    /// By variable; one that is known but that the event does not say is not here.
    let values: [String: String]

    private static let unsaid = "—"
    private static let known = Set(TellableEvent.variables + TellableEvent.digestVariables)

    /// - Parameters:
    ///   - recipient: Who reads it: of points that were divided, their own part counts. Nil for the whole.
    ///   - reasons: How a reason is quoted.
    init(
        _ event: NotifiableEvent, pack: Pack, language: NotificationLanguage, recipient: PersonID? = nil,
        reasons: ReasonStyle = .quoted
    ) {
        let names = PackNames(pack, language)
        let reason = event.reason.map { $0.text(in: language, reasons) }
        switch event {
        case .aboutCase(let event): values = Self.ofCase(event, names, reason)
        case .aboutPoints(let event):
            let share = recipient.flatMap { event.shares[$0] }.map(Self.signed)
            values = ["points": share ?? String(event.points), "reason": reason, "caseNumber": event.caseNumber]
                .compactMapValues { $0 }
        case .aboutNotice(let event):
            values = [
                "points": String(event.taken ?? event.points), "reason": reason,
                "deadline": names.minute(event.objectionUntil),
            ].compactMapValues { $0 }
        case .aboutOrder(let event):
            values = [
                "station": names.station(event.stationId), "prizes": names.prizes(event.lines),
                "points": String(event.points), "reason": reason,
                "deadline": event.expiresAt.map(names.minute),
            ].compactMapValues { $0 }
        }
    }

    init(_ counts: DigestCounts) {
        values = [
            "reports": String(counts.reports), "closed": String(counts.closed),
            "messages": String(counts.messages),
            "points": Self.signed(counts.points),
        ]
    }

    private static func signed(_ points: Int) -> String { points > 0 ? "+\(points)" : String(points) }

    private static func ofCase(_ event: CaseEvent, _ names: PackNames, _ reason: String?) -> [String: String] {
        let reference = event.reference
        var values = [
            "caseNumber": reference.caseNumber, "category": names.category(reference.category),
            "community": names.community(reference.communityId),
        ]
        values["reason"] = reason
        if case .changed(let event) = event {
            // Units that are called have until then to come.
            let due = event.deadline ?? (event.step == .whistled ? event.details?.until : nil)
            values["deadline"] = due.map(names.minute)
        }
        return values
    }

    /// Replaces each variable once, from left to right: what a value holds is never read as a variable again.
    ///
    /// Walks over bytes, so that no table of characters has a say in it.
    func fill(_ text: String) -> String {
        var filled: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "{")) {
            filled += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: UInt8(ascii: "}")),
                let value = value(of: String(decoding: rest[(open + 1)..<close], as: UTF8.self))
            else {
                filled.append(UInt8(ascii: "{"))
                rest = rest.dropFirst()
                continue
            }
            filled += value.utf8
            rest = rest[(close + 1)...]
        }
        return String(decoding: filled + rest, as: UTF8.self)
    }

    /// Nil for a name that is no variable; a dash where the event does not say.
    private func value(of name: String) -> String? {
        Self.known.contains(name) ? values[name] ?? Self.unsaid : nil
    }
}

/// What people call the things of a pack.
private struct PackNames {
    private let pack: Pack
    private let language: NotificationLanguage

    init(_ pack: Pack, _ language: NotificationLanguage) {
        self.pack = pack
        self.language = language
    }

    func category(_ code: CategoryCode) -> String {
        guard let category = pack.categories.first(where: { $0.code == code }) else { return code.rawValue }
        return language == .english ? category.englishName : category.name
    }

    func community(_ id: CommunityID) -> String {
        pack.communities.first { $0.id == id }?.name ?? id.rawValue
    }

    func station(_ id: StationID) -> String {
        pack.points?.stations?.first { $0.id == id }?.name ?? id.rawValue
    }

    func prizes(_ lines: [PrizeCount]) -> String {
        lines.map { line in
            let prize = pack.points?.prizes?.first { $0.id == line.prizeId }
            let name = prize.map { language == .english ? $0.englishName : $0.name } ?? line.prizeId.rawValue
            return "\(name) ×\(line.count)"
        }.joined(separator: language == .english ? ", " : "、")
    }

    func minute(_ moment: Timestamp) -> String {
        moment.localMinute(utcOffsetMinutes: pack.calendar.utcOffsetMinutes)
    }
}

extension Timestamp {
    /// The minute on the clock at an offset east of Greenwich, as `11-23 17:30`.
    func localMinute(utcOffsetMinutes: Int) -> String {
        let local = Array(adding(milliseconds: Int64(utcOffsetMinutes) * 60_000).description.utf8)
        // From the right: 2026-11-23T17:30:00.000Z
        let end = local.count - 8
        let minute = local[(end - 11)..<end].map { $0 == UInt8(ascii: "T") ? UInt8(ascii: " ") : $0 }
        return String(decoding: minute, as: UTF8.self)
    }
}
