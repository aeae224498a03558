import Contracts
import ReportIntakeDomain
import Testing
import Vocabulary

private func preview(_ form: ReportForm) throws -> Preview { Preview(form, by: try Guidance(of: .advising)) }

@Test func `a preview shows what the topic would get`() throws {
    let form = try ReportForm.sample(description: "致电13812345678，卡4111 1111 1111 1111", address: "赣A12345 旁")

    let shown = try preview(form)

    let event = Submission(
        form, from: .rider, key: nil, guidance: try Guidance(of: .advising), at: Timestamp(milliseconds: 0),
        unnamed: .random(), people: .sample
    ).event
    #expect(shown.publicDescription == event.description)
    #expect(shown.publicDescription == "致电***********，卡**** **** **** ****")
    #expect(shown.publicAddress == "******* 旁")
    #expect(shown.publicAddress == event.address)
    #expect(shown.hidden == [.phone, .bankCard, .plate])
    #expect(shown.communityId == event.communityId)
    #expect(shown.location == event.location)
}

@Test func `the nearest community is named only where the place lies in none`() throws {
    #expect(try preview(.sample()).nearest == nil)

    let outside = try preview(.sample(latitude: 28.67))
    #expect(outside.communityId == .unassigned)
    #expect(outside.nearest == NearestCommunity(id: "mingdu", name: "mingdu", distance: 1_112))
}

@Test func `a guess is made only where the reporter chose no category`() throws {
    #expect(try preview(.sample(description: "生活垃圾")).guess == nil)
    let guess = try #require(try preview(.sample(description: "井盖旁边有垃圾", category: nil)).guess)
    #expect(guess.candidates.map(\.category) == ["E0102", "P0101"])
    #expect(!guess.isSure)
}

@Test func `danger is answered at once, chosen category or not`() throws {
    #expect(try preview(.sample(description: "着火了")).emergency?.call == ["119"])
    #expect(try preview(.sample(description: "万一着火怎么办")).emergency == nil)
    #expect(Preview(try .sample(description: "着火了"), by: .none).emergency == nil)
}
