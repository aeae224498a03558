import Contracts
import Hummingbird

/// An order of prizes.
struct OrderView: ResponseEncodable, Sendable {
    struct Line: Encodable, Sendable {
        let prizeId: PrizeID
        /// Absent where the pack in force does not know it any more.
        let name: String?
        let count: Int
        /// Of one, when it was ordered, in whole points.
        let price: Int
        let handedOver: Int
        let givenBack: Int
    }

    let orderId: OrderID
    let version: Int
    let stationId: StationID
    let stationName: String?
    let teamId: TeamID?
    let lines: [Line]
    /// What was asked for all of it, in whole points.
    let points: Int
    let stage: OrderStage
    let placedAt: Timestamp
    let expiresAt: Timestamp
    let endedAt: Timestamp?
    /// What its owner says at the counter; only for them, and only while it waits there.
    var code: String?
    /// What its owner shows at the counter: a signed token that a station checks without a net.
    var pass: String?

    init(_ order: OrderState, _ pack: Pack?) {
        orderId = order.orderId
        version = order.version
        stationId = order.stationId
        stationName = pack?.points?.stations?.first { $0.id == order.stationId }?.name
        teamId = order.teamId
        lines = order.lines.map { line in
            Line(
                prizeId: line.prizeId, name: pack?.points?.prizes?.first { $0.id == line.prizeId }?.name,
                count: line.count, price: line.price, handedOver: line.handedOver, givenBack: line.givenBack)
        }
        points = order.lines.reduce(0) { $0 + $1.count * $1.price }
        stage = order.stage
        placedAt = order.placedAt
        expiresAt = order.expiresAt
        endedAt = order.endedAt
    }
}

/// What became of a command about an order.
struct OrderAnswerView: ResponseEncodable, Sendable {
    let commandId: MessageID
    let orderId: OrderID
    /// `applied` or `pending`; refusals and failures are problem documents.
    let outcome: String
    /// As it stands now; absent where that has not come here yet.
    let order: OrderView?
}

/// A prize of the catalogue.
struct PrizeView: Encodable, Sendable {
    struct AtStation: Encodable, Sendable {
        let stationId: StationID
        /// How many can be ordered there.
        let free: Int
    }

    let prizeId: PrizeID
    let name: String
    let englishName: String
    /// Today, in whole points; absent before its first day.
    let price: Int?
    /// Where its picture is; absent where there is none.
    let photo: String?
    /// How many can be ordered, at the station that was asked for or at all of them together.
    let free: Int
    let stations: [AtStation]

    init(_ prize: PackPrize, on day: String, _ stocks: [StockState]) {
        prizeId = prize.id
        name = prize.name
        englishName = prize.englishName
        price = prize.prices.last { $0.from <= day }?.points
        photo = prize.photo.map { _ in "/v1/prizes/\(prize.id)/photo" }
        stations = stocks.filter { $0.prizeId == prize.id }.map {
            AtStation(stationId: $0.stationId, free: $0.free)
        }
        free = stations.reduce(0) { $0 + $1.free }
    }
}

/// The prizes that can be had.
struct CatalogueView: ResponseEncodable, Sendable {
    let items: [PrizeView]
}

/// A rider station 驿站.
struct StationView: Encodable, Sendable {
    let stationId: StationID
    let name: String
    let communityId: CommunityID
    let address: String
    let hours: String

    init(_ station: PackStation) {
        stationId = station.id
        name = station.name
        communityId = station.communityId
        address = station.address
        hours = station.hours
    }
}

/// The stations of the pack in force.
struct StationsView: ResponseEncodable, Sendable {
    let items: [StationView]
}

/// What lies at a station.
struct StockView: ResponseEncodable, Sendable {
    struct Item: Encodable, Sendable {
        let prizeId: PrizeID
        let name: String?
        let onHand: Int
        /// For orders.
        let held: Int
        let free: Int
        /// For how many orders there is none.
        let short: Int
    }

    let stationId: StationID
    let items: [Item]

    init(_ station: StationID, _ stocks: [StockState], _ pack: Pack?) {
        stationId = station
        items = stocks.map { stock in
            Item(
                prizeId: stock.prizeId, name: pack?.points?.prizes?.first { $0.id == stock.prizeId }?.name,
                onHand: stock.onHand, held: stock.held, free: stock.free, short: max(0, stock.held - stock.onHand))
        }
    }
}

/// What became of a command about a station's stock, and what lies there now.
struct StockAnswerView: ResponseEncodable, Sendable {
    let commandId: MessageID
    let outcome: String
    let stock: StockView
}
