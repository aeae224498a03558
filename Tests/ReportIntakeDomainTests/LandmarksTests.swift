import Contracts
import Geography
import ReportIntakeDomain
import Testing

private func landmark(
    _ id: LandmarkID, _ name: String, _ englishName: String, north: Int = 0, aliases: [String] = []
) -> PackLandmark {
    PackLandmark(
        id: id, name: name, englishName: englishName, latitudeE7: 286_829_000 + north, longitudeE7: 1_158_551_000,
        aliases: aliases)
}

private let landmarks = Landmarks(
    of: .sample(
        [],
        landmarks: [
            landmark("far", "名都农贸市场", "Mingdu Market", north: 9_000, aliases: ["名都菜场"]),
            landmark("near", "名都东门", "East gate", north: -1_000),
            landmark("b", "龙江驿站", "Rider station B", north: 4_000),
            landmark("a", "吾悦驿站", "Rider station A", north: 4_000),
        ]))

private func found(_ letters: String?, near place: Place? = nil, atMost most: Int = 20) -> [LandmarkID] {
    landmarks.find(letters, near: place, atMost: most).map(\.landmark.id)
}

@Test func `a landmark is known by its id, and by each of its names however they are typed`() {
    #expect(landmarks["near"]?.name == "名都东门")
    #expect(landmarks["none"] == nil)
    for name in ["名都农贸市场", "名都菜场", "mingdu market", "　ＭＩＮＧＤＵ　market "] {
        #expect(landmarks.called(name)?.id == "far", "\(name)")
    }
    for name in ["名都", "名都农贸市场旁", "", "  "] { #expect(landmarks.called(name) == nil, "\(name)") }
    #expect(Landmarks.none.called("") == nil)
}

@Test func `letters are sought in all names, in the pack's order`() {
    #expect(found("名都") == ["far", "near"])
    #expect(found("STATION") == ["b", "a"])
    #expect(found("菜场") == ["far"])
    #expect(found("　 ") == ["far", "near", "b", "a"])
    #expect(found(nil) == ["far", "near", "b", "a"])
    #expect(found("机场") == [])
    #expect(found(nil, atMost: 2) == ["far", "near"])
    // Half of a character is no letter: 东 is E4 B8 9C, 丝 is E4 B8 9D.
    #expect(found("丝") == [])
}

@Test func `the nearest come first, equally near ones by id, with their distance`() throws {
    let here = try #require(Place(latitudeE7: 286_829_000, longitudeE7: 1_158_551_000))

    #expect(found(nil, near: here) == ["near", "a", "b", "far"])
    #expect(found("station", near: here, atMost: 1) == ["a"])
    let distances = landmarks.find(nil, near: here, atMost: 20).map(\.distance)
    #expect(distances == [11, 44, 44, 100])
    #expect(landmarks.find(nil, near: nil, atMost: 1).map(\.distance) == [nil])
}
