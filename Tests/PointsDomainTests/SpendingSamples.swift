import Contracts

@testable import PointsDomain

extension Pack {
    /// Two stations of one ledger and one of another; the helmet is cheaper from December on.
    static func shop(staff: [PersonID] = ["station-1"], pickUpDays: Int? = nil) -> Pack {
        func community(_ id: CommunityID, _ ledger: LedgerID) -> PackCommunity {
            PackCommunity(id: id, name: id.rawValue, ledgerId: ledger, caseNumberPrefix: "X", outline: [])
        }
        func station(_ id: StationID, _ community: CommunityID, _ staff: [PersonID]) -> PackStation {
            PackStation(
                id: id, name: "\(community)驿站", communityId: community, address: "-", hours: "-", staffIds: staff)
        }
        func prize(_ id: PrizeID, _ name: String, _ prices: (String, Int)...) -> PackPrize {
            PackPrize(
                id: id, name: name, englishName: id.rawValue,
                prices: prices.map { PackPrize.Price(from: $0.0, points: $0.1) }, photo: nil)
        }
        return Pack(
            name: "shop", title: "样例", version: 1,
            calendar: PackCalendar(utcOffsetMinutes: 480, workingMinutes: [], holidays: [], makeUpDays: []),
            communities: [community("mingdu", "nanchang"), community("xihu", "west")], units: [], people: [],
            categories: [], routingRules: [], pointRules: [], templates: [], webhooks: [], mergeDistance: 3_000,
            points: PackPoints {
                $0.pickUpDays = pickUpDays
                $0.expiryMonths = 12
                $0.teams = [
                    PackTeam(
                        id: "riders-1", name: "一队", ledgerId: "nanchang", leaderId: "rider-1",
                        memberIds: ["rider-1", "rider-2"])
                ]
                $0.prizes = [
                    prize("helmet", "安全头盔", ("2026-01-01", 80), ("2026-12-01", 60)),
                    prize("gloves", "手套", ("2026-01-01", 30)), prize("coat", "雨衣", ("2027-01-01", 50)),
                ]
                $0.stations = [
                    station("mingdu-station", "mingdu", staff), station("open-station", "mingdu", []),
                    station("xihu-station", "xihu", []),
                ]
            })
    }
}

extension PlaceOrder {
    static func sample(
        _ lines: [PrizeCount] = [PrizeCount(prizeId: "helmet", count: 1)], id: OrderID = "order-1",
        at station: StationID = "mingdu-station", ledger: LedgerID = "nanchang", person: PersonID = "rider-1",
        team: TeamID? = nil, actor: PersonID? = nil
    ) -> PlaceOrder {
        PlaceOrder(
            orderId: id, ledgerId: ledger, stationId: station, personId: person, teamId: team, lines: lines,
            actor: Actor(personId: actor ?? person, roles: ["rider"]))
    }
}

extension ActOnOrder {
    static func sample(
        _ action: OrderAction, _ lines: [PrizeCount]? = nil, id: OrderID = "order-1", reusable: Bool? = nil,
        doneAt: Timestamp? = nil, by actor: Actor = .staff
    ) -> ActOnOrder {
        ActOnOrder(
            orderId: id, ledgerId: "nanchang", action: action, lines: lines, reusable: reusable, doneAt: doneAt,
            actor: actor)
    }
}

extension Actor {
    static let staff = Actor(personId: "station-1", roles: ["station"])
    static let rider = Actor(personId: "rider-1", roles: ["rider"])
}

extension Shelf {
    static func of(_ prize: PrizeID, onHand: Int, held: Int = 0, countedAt: Timestamp? = nil) -> Shelf {
        Shelf(
            stationId: "mingdu-station", prizeId: prize, ledgerId: "nanchang", version: 1, onHand: onHand, held: held,
            countedAt: countedAt)
    }
}
