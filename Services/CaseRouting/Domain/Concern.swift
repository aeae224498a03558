import Contracts

/// Why a person must look at a case, in words.
enum Concern {
    static let noOwner = "没有责任单位 / no unit answers for it"
    static let noPack = "尚无数据包 / no pack is in force"

    /// What is odd about where a report came from and is bound.
    static func ofArrival(
        hop: Int, in place: CommunityID, near nearest: NearestCommunity? = nil, by table: RoutingTable?
    ) -> [String] {
        var concerns: [String] = []
        if hop > ArrivingReport.mostHops { concerns.append("已移交 \(hop) 次 / handed on \(hop) times") }
        if let table, table.community(place) == nil {
            let chinese = nearest.map { "，最近的是\($0.name)（\($0.distance) 米）" } ?? ""
            let english = nearest.map { ", the nearest is \($0.id) (\($0.distance) m)" } ?? ""
            concerns.append("数据包没有社区 \(place)\(chinese) / community \(place) is not in the pack\(english)")
        }
        return concerns
    }

    /// The text that a case is flagged with; nil where nothing is odd.
    static func joined(_ concerns: [String]) -> String? {
        concerns.isEmpty ? nil : concerns.joined(separator: "; ")
    }
}
