import Contracts
import Geography
import ReportIntakeDomain
import Testing

@Test func `a description has one to 4,000 characters`() throws {
    #expect(try Wording("a").text == "a")
    #expect(try Wording(String(repeating: "垃", count: 4_000)).text.unicodeScalars.count == 4_000)
    #expect(throws: FormFault("must be 1 to 4000 characters long, but has 4001")) {
        try Wording(String(repeating: "a", count: 4_001))
    }
}

@Test(arguments: ["", "   ", "\n\t \u{3000}"]) func `a blank description says nothing`(text: String) {
    #expect(throws: FormFault("must not be blank")) { try Wording(text) }
}

@Test(arguments: ["a\u{0}b", "bell\u{7}", "\u{1B}[31mred", "del\u{7F}"])
func `control characters are refused`(text: String) {
    #expect(throws: FormFault("must not contain control characters")) { try Wording(text) }
}

@Test func `line breaks and tabs stay as they were written`() throws {
    #expect(try Wording("first\r\nsecond\tthird").text == "first\r\nsecond\tthird")
}

@Test func `an address has at most 200 characters`() throws {
    #expect(try AddressLine(String(repeating: "路", count: 200)).text.count == 200)
    #expect(throws: FormFault.self) { try AddressLine(String(repeating: "路", count: 201)) }
}

@Test(arguments: ["", "with space", "中文", "a\nb", String(repeating: "x", count: 201)])
func `an external id is a short visible name`(text: String) {
    #expect(throws: FormFault("must be 1 to 200 visible ASCII characters")) { try ExternalID(text) }
}

@Test func `a category has the form of a code`() throws {
    #expect(try CategoryCode.checked("E0102") == CategoryCode("E0102"))
    #expect(throws: FormFault.self) { try CategoryCode.checked("暴露垃圾") }
}

@Test func `a place given in WGS-84 is kept to the last digit`() throws {
    let location = try Location.checked(latitude: 28.6829001, longitude: 115.8582009, datum: .wgs84)

    #expect(location == Location(latitudeE7: 286_829_001, longitudeE7: 1_158_582_009))
}

@Test func `a place given in GCJ-02 comes out in WGS-84`() throws {
    let there = try Location.checked(latitude: 28.6829, longitude: 115.8582, datum: .wgs84)
    let place = try #require(Place(latitudeE7: there.latitudeE7, longitudeE7: there.longitudeE7))
    let shown = Datum.gcj02.coordinates(of: place)

    let back = try Location.checked(latitude: shown.latitude, longitude: shown.longitude, datum: .gcj02)

    #expect(abs(shown.longitude - 115.8582) > 0.002)
    #expect(abs(back.latitudeE7 - there.latitudeE7) <= 2)
    #expect(abs(back.longitudeE7 - there.longitudeE7) <= 2)
}

@Test func `only a platform reports for others`() {
    #expect(Sender.rider.fault(naming: nil) == nil)
    #expect(Sender.rider.fault(naming: "rider-7") == nil)
    #expect(Sender.platform.fault(naming: "rider-7") == nil)
    #expect(
        Sender.rider.fault(naming: "rider-8")
            == FormFault("must be your own id or left out: only a platform reports for others"))
}
