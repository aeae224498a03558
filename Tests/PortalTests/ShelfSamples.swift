import Contracts
import Foundation
import ServiceKit
import TestSupport

@testable import Portal

extension Pack {
    /// Two stations with their staff, and two prizes, one with a picture.
    static func shop() -> Pack {
        let city = CitySample.pack()
        func station(_ id: StationID, _ community: CommunityID, _ staff: PersonID) -> PackStation {
            PackStation(
                id: id, name: "\(community)驿站", communityId: community, address: "南门", hours: "全天", staffIds: [staff])
        }
        return Pack(
            name: city.name, title: city.title, version: 2, calendar: city.calendar, communities: city.communities,
            units: city.units, people: city.people, categories: city.categories, routingRules: city.routingRules,
            pointRules: [], templates: [], webhooks: [], mergeDistance: city.mergeDistance,
            points: PackPoints {
                $0.prizes = [
                    PackPrize(
                        id: "helmet", name: "安全头盔", englishName: "Helmet",
                        prices: [.init(from: "2026-01-01", points: 80), .init(from: "2026-11-23", points: 60)],
                        photo: Data([0x89, 0x50, 0x4E, 0x47]).base64EncodedString()),
                    PackPrize(
                        id: "gloves", name: "手套", englishName: "Gloves",
                        prices: [.init(from: "2027-01-01", points: 30)], photo: nil),
                ]
                $0.stations = [
                    station("mingdu-station", CitySample.mingdu, "station-1"),
                    station("longjiang-station", CitySample.longjiang, "station-2"),
                ]
            })
    }
}

extension OrderState {
    static func sample(
        _ id: OrderID = "order-1", version: Int = 1, person: PersonID = "rider-1",
        station: StationID = "mingdu-station", handedOver: Int = 0, givenBack: Int = 0, stage: OrderStage = .placed,
        placedAt: Timestamp = PortalUnderTest.noon, endedAt: Timestamp? = nil
    ) -> OrderState {
        OrderState(
            orderId: id, version: version, ledgerId: "gaoxin", stationId: station, personId: person, teamId: nil,
            lines: [OrderLine(prizeId: "helmet", count: 2, price: 60, handedOver: handedOver, givenBack: givenBack)],
            stage: stage, placedAt: placedAt, expiresAt: placedAt.adding(milliseconds: 7 * 86_400_000),
            pendingTransferId: "hold-1", endedAt: endedAt)
    }

    func changed(_ step: OrderChanged.Step, by actor: PersonID?) -> OrderChanged {
        OrderChanged(
            step: step, orderId: orderId, ledgerId: ledgerId, stationId: stationId, personId: personId, teamId: teamId,
            lines: [PrizeCount(prizeId: "helmet", count: 2)], points: 120, stage: stage, at: placedAt, actorId: actor)
    }
}

extension StockState {
    static func sample(
        _ station: StationID = "mingdu-station", _ prize: PrizeID = "helmet", version: Int = 1, onHand: Int, held: Int
    ) -> StockState {
        StockState(
            stationId: station, prizeId: prize, version: version, ledgerId: "gaoxin", onHand: onHand, held: held)
    }
}
