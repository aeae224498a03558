package import Contracts

/// Numbers for people, such as `GX-20261123-0007`: counted per community and day.
package enum CaseNumber {
    /// The day that a number belongs to, as `20261123`, by the pack's clocks; by China's where there is no pack.
    package static func day(at now: Timestamp, by table: RoutingTable?) -> String {
        now.compactDay(utcOffsetMinutes: table?.utcOffsetMinutes ?? 480)
    }

    /// `ordinal` counts from 1; beyond 9999 the number simply has more digits.
    package static func text(communityId: CommunityID, day: String, ordinal: Int, by table: RoutingTable?) -> String {
        let digits = String(ordinal)
        let zeros = String(repeating: "0", count: max(0, 4 - digits.utf8.count))
        return "\(table?.community(communityId)?.caseNumberPrefix ?? "X")-\(day)-\(zeros)\(digits)"
    }
}
