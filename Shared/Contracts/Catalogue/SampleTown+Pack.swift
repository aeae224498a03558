extension SampleTown {
    /// A pack with one of everything that everybody may know, and somebody whom nobody may.
    static let pack = pack(
        communities: [
            PackCommunity(
                id: community, name: "名都社区", ledgerId: ledger, caseNumberPrefix: "MD",
                outline: [[[286_800_000, 1_159_000_000, 0, 100_000, 100_000, 0]]])
        ],
        units: [PackUnit(id: property, name: "名都物业")],
        categories: [
            PackCategory(
                code: garbage, name: "暴露垃圾", englishName: "Exposed garbage", kind: .snapshot, filingLimit: "1w",
                handlingLimit: "4w", keywords: ["垃圾"], gbCode: nil, gbVerified: false)
        ],
        points: PackPoints {
            $0.stations = [
                PackStation(
                    id: "mingdu-station", name: "名都驿站", communityId: community, address: "名都小区南门东侧 12 号铺",
                    hours: "每天 07:00–22:00", staffIds: [worker])
            ]
            $0.teams = [
                PackTeam(
                    id: "riders-mingdu", name: "名都小哥志愿服务队", ledgerId: ledger, leaderId: rider, memberIds: [rider])
            ]
        },
        care: [
            PackCareItem(
                careItemId: "hot-meal", name: "热饭", englishName: "Warm meals", detail: "驿站备有微波炉，自带饭菜可加热。",
                stationIds: ["mingdu-station"])
        ])

    /// A pack of nothing.
    static let plainPack = pack(communities: [], units: [], categories: [])

    private static func pack(
        communities: [PackCommunity], units: [PackUnit], categories: [PackCategory], points: PackPoints? = nil,
        care: [PackCareItem]? = nil
    ) -> Pack {
        Pack(
            name: "nanchang", title: "南昌高新区", version: 1,
            calendar: PackCalendar(
                utcOffsetMinutes: 480, workingMinutes: Array(repeating: [], count: 7), holidays: [], makeUpDays: []),
            communities: communities, units: units, people: [], categories: categories, routingRules: [],
            pointRules: [], templates: [], webhooks: [], mergeDistance: 50, points: points, care: care)
    }
}
