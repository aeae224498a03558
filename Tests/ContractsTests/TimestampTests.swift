import Contracts
import Foundation
import TestSupport
import Testing

// Expected milliseconds are those of Python's datetime.
@Test(arguments: [
    ("1970-01-01T00:00:00.000Z", 0),
    ("1969-12-31T23:59:59.999Z", -1),
    ("1969-12-31T23:59:59.000Z", -1_000),
    ("1900-02-28T23:59:59.999Z", -2_203_891_200_001),
    ("1900-03-01T00:00:00.000Z", -2_203_891_200_000),
    ("2000-02-29T12:00:00.000Z", 951_825_600_000),
    ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
    ("2026-11-23T00:15:00.250Z", 1_795_392_900_250),
    ("2100-03-01T00:00:00.000Z", 4_107_542_400_000),
    ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ("0001-01-01T00:00:00.000Z", -62_135_596_800_000),
])
func `a moment is written and read as RFC 3339`(text: String, milliseconds: Int64) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
    #expect(Timestamp(text)?.milliseconds == milliseconds)
}

@Test(arguments: [
    "2026-11-23T08:15:00.250+08:00", "2026-11-22T19:45:00.250-04:30", "2026-11-23t00:15:00.25z",
    "2026-11-23 00:15:00.2509999Z", "2026-11-23T00:15:00.250-00:00",
])
func `every way to write the same moment is read as that moment`(text: String) {
    #expect(Timestamp(text) == Timestamp(milliseconds: 1_795_392_900_250))
}

@Test(arguments: [("2026-11-23T00:15:00Z", 0), ("2026-11-23T00:15:00.5Z", 500), ("2026-11-23T00:15:00.05Z", 50)])
func `a fraction of any length is read in milliseconds`(text: String, fraction: Int64) {
    #expect(Timestamp(text)?.milliseconds == 1_795_392_900_000 + fraction)
}

@Test func `a leap second is the last second of its minute`() {
    #expect(Timestamp("2016-12-31T23:59:60Z") == Timestamp("2016-12-31T23:59:59Z"))
}

@Test(arguments: [
    "", "2026-11-23", "2026-11-23T00:15:00", "2026-11-23T00:15Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
    "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00+8", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+08:60", "2026-01-01T00:00:00Z ",
    " 2026-01-01T00:00:00Z", "26-01-01T00:00:00Z", "+2026-01-01T00:00:00Z", "２026-01-01T00:00:00Z", "1795392900250",
])
func `anything else is no moment`(text: String) {
    #expect(Timestamp(text) == nil)
}

@Test func `a moment survives being written and read, whatever it is`() {
    var random = SeededGenerator()
    for _ in 0..<20_000 {
        let moment = Timestamp(
            milliseconds: Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random))
        #expect(Timestamp(moment.description) == moment, "seed \(random.seed)")
    }
}

@Test func `moments are written as Foundation writes them`() {
    var random = SeededGenerator()
    for _ in 0..<5_000 {
        let seconds = Int64.random(in: -2_208_988_800...4_102_444_800, using: &random)
        let expected = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        let written = Timestamp(milliseconds: seconds * 1_000).description
        #expect(written == expected.replacing("Z", with: ".000Z"), "seed \(random.seed)")
    }
}

@Test func `later moments are later as text`() {
    var random = SeededGenerator()
    let moments = (0..<1_000).map { _ in
        Timestamp(milliseconds: Int64.random(in: -62_135_596_800_000...253_402_300_799_999, using: &random))
    }

    #expect(
        moments.sorted().map(\.description) == moments.map(\.description).sorted(), "seed \(random.seed)")
}

@Test func `an offset shifts the moment by as much`() {
    var random = SeededGenerator()
    for _ in 0..<2_000 {
        let local = Timestamp(milliseconds: Int64.random(in: -2_208_988_800_000...4_102_444_800_000, using: &random))
        let minutes = Int64.random(in: 1..<1_440, using: &random)
        let digits = { (value: Int64) in value < 10 ? "0\(value)" : "\(value)" }
        let offset = "\(digits(minutes / 60)):\(digits(minutes % 60))"
        let east = local.description.replacing("Z", with: "+\(offset)")
        let west = local.description.replacing("Z", with: "-\(offset)")
        #expect(Timestamp(east) == local.adding(milliseconds: -minutes * 60_000), "seed \(random.seed)")
        #expect(Timestamp(west) == local.adding(milliseconds: minutes * 60_000), "seed \(random.seed)")
    }
}

@Test func `the earliest and the latest stamp that a record can carry are written without a trap`() {
    #expect(!Timestamp(milliseconds: .min).description.isEmpty)
    #expect(!Timestamp(milliseconds: .max).description.isEmpty)
}

@Test(arguments: [
    ("2026-11-22T15:59:59.999Z", "20261122"), ("2026-11-22T16:00:00.000Z", "20261123"),
    ("2027-12-31T16:00:00.000Z", "20280101"),
])
func `a day begins at midnight of the place`(text: String, day: String) throws {
    #expect(try #require(Timestamp(text)).compactDay(utcOffsetMinutes: 480) == day)
}
