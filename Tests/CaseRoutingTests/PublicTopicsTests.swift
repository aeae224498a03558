import Contracts
import EventProcessing
import Foundation
import TestSupport
import Testing

@testable import CaseRouting

/// What of a history must never come out, and whose each case is.
private struct Planted {
    var secrets: Set<String> = []
    /// By the number of the case.
    var reporters: [String: Set<PersonID>] = [:]
}

private let riders = (0..<6).map { PersonID("rider-secret-\($0)") }

/// Six riders, each with a phone number that they write down, a home from which they send a request, and a trace that all
/// that they send has; at each place two of them found something.
private func neighbourhood() async throws -> (desk: Desk, planted: Planted) {
    let desk = try await Desk()
    var planted = Planted()
    var number = 0
    func send(
        _ rider: Int, _ kind: ReportKind, _ category: CategoryCode, at place: Location, by person: PersonID? = nil
    ) async throws {
        number += 1
        let phone = "1381234560\(rider)"
        let report = CitySample.report(
            ReportID("report-secret-\(number)"), from: person ?? riders[rider], kind: kind, category: category,
            saying: "东西坏了，请打 \(phone)", at: place,
            submittedAt: CitySample.monday.adding(milliseconds: Int64(number) * 61_013),
            photos: [CitySample.photo(rider)])
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e47\(rider)6-00f067aa0ba902b7-01"
        let sent = Envelope(
            report, id: MessageID(namespace: .suishoupai, name: "sent \(number)"), source: "/report-intake/1",
            time: report.submittedAt, traceParent: trace)
        let command = Envelope(
            RegisterReport(report: sent), id: MessageID(namespace: .suishoupai, name: "register \(number)"),
            source: "/case-routing/translator", time: report.submittedAt, cause: sent.attributes)
        let told = try await desk.store.apply(
            value: try command.value(), at: report.submittedAt.milliseconds)
        planted.reporters[try told.state().caseNumber, default: []].insert(report.reporterId)
        planted.secrets.formUnion([
            phone, trace, report.reporterId.rawValue, report.reportId.rawValue, report.address ?? "",
            "\(place.latitude)", "\(place.longitude)", CitySample.photo(rider).id.rawValue,
        ])
        planted.secrets.formUnion(
            ["sent \(number)", "register \(number)"].map {
                MessageID(namespace: .suishoupai, name: $0).description
            })
    }
    func place(_ index: Int) -> Location {
        CitySample.townHall.north(index % riders.count * 400_000 + 1_234).east(5_678)
    }
    for index in riders.indices {
        try await send(index, .snapshot, CitySample.garbage, at: place(index))
        try await send(index, .snapshot, CitySample.parking, at: place(index + 1))
        try await send(index, .request, "D0103", at: place(index).east(40_000 + index * 3_333))
    }
    // Somebody without a name, and somebody who joins.
    try await send(0, .snapshot, "S0105", at: place(2), by: "conf:secret-0")
    try await send(3, .snapshot, CitySample.garbage, at: place(2))
    return (desk, planted)
}

/// Every case goes its way, and two days are counted.
private func work(_ desk: Desk) async throws -> [StoreUnderTest.Message] {
    let opened = try await desk.store.messages().filter { $0.topic == TopicCatalogue.cases.name }
    let ids = Set(try opened.map { try $0.read(CaseState.self).caseId.rawValue }).sorted().map { CaseID($0) }
    for (index, id) in ids.enumerated() {
        let moment = 3_600_000 + Int64(index) * 7_919
        for action in [CaseAction.file, .dispatch, .handle] {
            try await desk.act(action, on: id, unitId: action == .dispatch ? CitySample.property : nil, after: moment)
        }
        try await desk.act(.verify, on: id, by: CitySample.checker, after: moment + 1_000)
    }
    try await desk.store.ring(at: CitySample.moment("2026-11-25T00:00:00.000+08:00"))
    return try await desk.store.messages()
}

/// What everybody may read and a history can reach; of packs, a test of the demo pack looks that it names nobody.
private let everybody = Set(TopicCatalogue.all.filter { $0.audience == .public }.map(\.name))
    .subtracting([TopicCatalogue.openReference.name])

/// Every value in a record, wherever it stands.
private func leaves(_ value: ContractJSON) -> [String] {
    switch value {
    case .object(let members): members.values.flatMap(leaves)
    case .array(let elements): elements.flatMap(leaves)
    case .string(let text): [text]
    case .integer(let number): ["\(number)"]
    case .number(let number): ["\(number)"]
    case .bool, .null: []
    }
}

@Test func `no public record tells a person, a number, an address or an exact place`() async throws {
    let (desk, planted) = try await neighbourhood()
    let published = try await work(desk).filter { everybody.contains($0.topic) }

    // A public topic that this history does not reach would be one that nobody has looked at.
    #expect(Set(published.map(\.topic)) == everybody)
    #expect(planted.secrets.count > 60)
    for message in published {
        let text = "\(message.key) \(String(decoding: message.value, as: UTF8.self))"
        #expect(planted.secrets.filter { text.contains($0) } == [], "\(text)")
        #expect(!text.contains("secret"), "\(text)")
        #expect(message.attributes.correlationID == message.attributes.id)
        #expect(message.attributes.causationID == nil && message.attributes.traceParent == nil)
    }
    let words = published.filter { String(decoding: $0.value, as: UTF8.self).contains("东西坏了，请打 ***********") }
    #expect(!words.isEmpty)
}

/// What stands in a record of a case, and its key.
private struct PublicRecord {
    let number: String
    let key: String
    var record: ContractJSON

    /// The same with one more field in its data, or another value of it.
    func with(_ name: String, _ value: ContractJSON) -> PublicRecord {
        guard case .object(var members) = record, case .object(var data)? = members["data"] else { return self }
        data[name] = value
        members["data"] = .object(data)
        return PublicRecord(number: number, key: key, record: .object(members))
    }
}

private func publicRecords(_ desk: Desk) async throws -> [PublicRecord] {
    try await work(desk).filter { $0.topic == TopicCatalogue.openCases.name }.map { message in
        PublicRecord(
            number: try message.read(OpenCaseState.self).caseNumber, key: message.key,
            record: try ContractCoding.decode(ContractJSON.self, from: message.value))
    }
}

/// Values by which somebody could tell that cases are of one person, with these cases and the person.
private func joins(_ records: [PublicRecord], _ reporters: [String: Set<PersonID>]) -> [String] {
    var places: [String: Set<String>] = [:]
    for record in records {
        for value in leaves(record.record) + [record.key] { places[value, default: []].insert(record.number) }
    }
    return places.filter { $0.value.count > 1 }.compactMap { value, cases in
        let people = cases.map { reporters[$0] ?? [] }
        let shared = people.dropFirst().reduce(people.first ?? []) { $0.intersection($1) }
        return shared.isEmpty ? nil : "'\(value)' stands in \(cases.sorted()), all of \(shared)"
    }
}

@Test func `nothing in the public records joins two cases of one person`() async throws {
    let (desk, planted) = try await neighbourhood()
    let records = try await publicRecords(desk)

    #expect(Set(records.map(\.number)) == Set(planted.reporters.keys))
    #expect(joins(records, planted.reporters) == [])
}

/// The test above would see what it is there to see.
@Test func `a name that stays, or a home, would join the cases of each who sent more than one`() async throws {
    let (desk, planted) = try await neighbourhood()
    let records = try await publicRecords(desk)
    /// Whose a case is: of those who are in it, always the same one.
    func person(_ record: PublicRecord) -> PersonID {
        planted.reporters[record.number]?.min { $0.rawValue < $1.rawValue } ?? "nobody"
    }
    let cases = Dictionary(grouping: records, by: person).mapValues { Set($0.map(\.number)).count }
    let several = cases.filter { $0.value > 1 }.map(\.key)
    #expect(several.count >= 5)

    let named = records.map { $0.with("who", .string(ContentHash.sha256(Data(person($0).rawValue.utf8)))) }
    let housed = records.map { record in
        guard let rider = riders.firstIndex(of: person(record)) else { return record }
        let home = CitySample.townHall.north(rider * 400_000 + 1_234)
        return record.with("location", ["latitude": .number(home.latitude), "longitude": .number(home.longitude)])
    }
    #expect(joins(named, planted.reporters).count == several.count)
    #expect(joins(housed, planted.reporters).count == several.count)
}

@Test func `a request has no words and no place, and what was taken back only that it was`() async throws {
    let desk = try await Desk()
    let report = CitySample.report()
    let first = try await desk.register(report)
    let gone = try await desk.amend(CitySample.amendment(.withdrawn, of: report, text: nil))
    let request = try await desk.register(CitySample.report("report-2", kind: .request, category: "D0103"))

    func open(_ messages: [StoreUnderTest.Message]) throws -> OpenCaseState {
        try #require(messages.last { $0.topic == TopicCatalogue.openCases.name }).read(OpenCaseState.self)
    }
    let (seen, left, asked) = (try open(first), try open(gone), try open(request))
    #expect(seen.location == CitySample.townHall.rounded && seen.description == nil)
    #expect(left.stage == .cancelled && left.location == nil && left.ended)
    #expect(try left.version == gone.state().version)
    #expect(asked.location == nil && asked.description == nil)
}

@Test func `a change that nobody outside sees is not told outside`() async throws {
    let desk = try await Desk()
    let report = CitySample.report()
    try await desk.register(report)
    let added = try await desk.amend(CitySample.amendment(.added, of: report))

    #expect(added.types.contains("case.state"))
    #expect(!added.contains { $0.topic == TopicCatalogue.openCases.name })
}
