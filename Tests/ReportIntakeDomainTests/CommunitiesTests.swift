import Contracts
import ReportIntakeDomain
import Testing

private let mingdu = PackCommunity.square("mingdu", latitudeE7: 286_800_000, longitudeE7: 1_158_500_000)
private let longjiang = PackCommunity.square("longjiang", latitudeE7: 286_850_000, longitudeE7: 1_158_550_000)

private func at(_ latitudeE7: Int, _ longitudeE7: Int) -> Location {
    Location(latitudeE7: latitudeE7, longitudeE7: longitudeE7)
}

@Test func `a place belongs to the community around it`() throws {
    let communities = try Communities(of: .sample([mingdu, longjiang]))

    #expect(communities.community(at: at(286_810_000, 1_158_510_000)) == "mingdu")
    #expect(communities.community(at: at(286_940_000, 1_158_640_000)) == "longjiang")
}

@Test func `where two communities overlap the one listed first counts`() throws {
    let overlap = at(286_870_000, 1_158_570_000)

    #expect(try Communities(of: .sample([mingdu, longjiang])).community(at: overlap) == "mingdu")
    #expect(try Communities(of: .sample([longjiang, mingdu])).community(at: overlap) == "longjiang")
}

@Test func `a place outside all communities is unassigned`() throws {
    let communities = try Communities(of: .sample([mingdu]))

    #expect(communities.community(at: at(286_700_000, 1_158_510_000)) == .unassigned)
    #expect(Communities.none.community(at: at(286_810_000, 1_158_510_000)) == .unassigned)
    #expect(communities.community(at: at(Int.max, Int.min)) == .unassigned)
}

@Test func `an outline that encloses nothing is refused by the community's name`() {
    let broken = PackCommunity(
        id: "broken", name: "", ledgerId: "l", caseNumberPrefix: "B", outline: [[[1, 1, 2, 2]]])

    let error = #expect(throws: ContractError.self) { try Communities(of: .sample([mingdu, broken])) }

    #expect(error?.description.contains("community 'broken'") == true)
}

@Test func `the nearest community is named with its distance, the first listed of equally near ones`() throws {
    let communities = try Communities(of: .sample([mingdu, longjiang]))

    // 0.01 degrees south of mingdu's southern edge.
    #expect(
        communities.nearest(to: at(286_700_000, 1_158_510_000))
            == NearestCommunity(id: "mingdu", name: "mingdu", distance: 1_112))
    #expect(communities.nearest(to: at(287_000_000, 1_158_650_000))?.id == "longjiang")
    // In both.
    #expect(communities.nearest(to: at(286_870_000, 1_158_570_000))?.distance == 0)
    #expect(communities.nearest(to: at(286_870_000, 1_158_570_000))?.id == "mingdu")
    #expect(Communities.none.nearest(to: at(286_810_000, 1_158_510_000)) == nil)
    #expect(communities.nearest(to: at(Int.max, Int.min)) == nil)
}
