import CaseRoutingDomain
import Contracts
import TestSupport
import Testing

private let day: Int64 = 86_400_000
private let monday = CitySample.monday

@Test func `a campaign that cannot be is refused with what it needs`() throws {
    func code(
        _ start: StartCampaign, known: CampaignState? = nil, table: RoutingTable? = Sample.table
    )
        -> CaseRefusal.Code?
    {
        refusal(of: start, known: known, at: monday, table: table)?.code
    }
    let nowhere = CampaignTarget(targetId: "roof-9", address: "某处")

    #expect(code(Roofs.start()) == nil)
    #expect(code(Roofs.start(by: CitySample.boss)) == nil)
    #expect(code(Roofs.start(by: CitySample.actor("worker-a", "worker"))) == .notAllowed)
    #expect(code(Roofs.start(notAfter: monday.adding(milliseconds: -1))) == .tooLate)
    #expect(try code(Roofs.start(), known: Roofs.begun()) == .campaignKnown)
    #expect(code(Roofs.start(), table: nil) == .noPack)
    #expect(code(Roofs.start(in: "nowhere")) == .unknownCommunity)
    #expect(code(Roofs.start(category: "Z9999")) == .unknownCategory)
    #expect(code(Roofs.start(title: " ")) == .campaignText)
    #expect(code(Roofs.start(deadline: monday)) == .campaignDeadline)
    #expect(code(Roofs.start(deadline: monday.adding(milliseconds: 366 * day + 1))) == .campaignDeadline)
    #expect(code(Roofs.start([])) == .targetCount)
    #expect(code(Roofs.start((0...200).map(Roofs.target))) == .targetCount)
    #expect(code(Roofs.start([Roofs.target(1), Roofs.target(1)])) == .targetName)
    #expect(code(Roofs.start([nowhere])) == .targetPlace)
    #expect(
        code(Roofs.start([CampaignTarget(targetId: "r", address: String(repeating: "楼", count: 101))])) == .campaignText
    )
}

@Test func `a visit that cannot be is refused with why`() throws {
    let campaign = try Roofs.begun()
    func refused(
        _ visit: VisitCampaignTarget, at milliseconds: Int64 = day, _ found: CampaignState = campaign
    )
        -> CaseRefusal.Code?
    {
        found.visit(visit, at: monday.adding(milliseconds: milliseconds)).refused
    }

    #expect(refused(Roofs.visit(9)) == .noTarget)
    #expect(refused(Roofs.visit(saying: " ")) == .campaignText)
    #expect(refused(Roofs.visit(saying: String(repeating: "说", count: 201))) == .campaignText)
    #expect(refused(Roofs.visit(after: -1)) == .visitTime)
    #expect(refused(Roofs.visit(after: day + 300_001)) == .visitTime)
    #expect(refused(Roofs.visit(after: day + 300_000)) == nil)
    #expect(refused(Roofs.visit(photos: (0..<4).map { CitySample.photo($0).id })) == .tooManyPhotos)
    var full = campaign
    for _ in 0..<CampaignState.mostVisits { full = try Roofs.visited(full, Roofs.visit()).campaign }
    #expect(refused(Roofs.visit(), full) == .tooManyVisits)
    #expect(refused(Roofs.visit(2), full) == nil)
}
