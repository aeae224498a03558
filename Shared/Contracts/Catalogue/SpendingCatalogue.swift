private typealias Town = SampleTown

extension MessageCatalogue {
    /// Orders of prizes, and what lies at the stations.
    static let spending: [MessageDescriptor] =
        [
            MessageDescriptor(
                .command, on: [TopicCatalogue.pointsCommands], by: ["portal"],
                "Orders prizes at a station: points and stock are held together, or neither.",
                sample: place(teamId: "riders-1", notAfter: Town.minutesLater(5)),
                minimal: place(teamId: nil, notAfter: nil)),
            MessageDescriptor(
                .command, on: [TopicCatalogue.pointsCommands], by: ["portal"], "Does something with an order.",
                sample: act(whole: true), minimal: act(whole: false)),
            MessageDescriptor(
                .command, on: [TopicCatalogue.pointsCommands], by: ["portal"],
                "Brings prizes to a station, counts them or writes them off.",
                sample: stock(reason: "月末盘点", notAfter: Town.minutesLater(5)),
                minimal: stock(reason: nil, notAfter: nil)),
        ] + OrderChanged.Step.allCases.map(describe) + StockMove.allCases.map(describe) + [orderState, stockState]

    private static let lines = [PrizeCount(prizeId: "helmet", count: 1), PrizeCount(prizeId: "gloves", count: 2)]
    private static let staff = Actor(personId: "station-1", roles: ["station"])

    private static func place(teamId: TeamID?, notAfter: Timestamp?) -> PlaceOrder {
        PlaceOrder(
            orderId: "order-1", ledgerId: Town.ledger, stationId: "mingdu-station", personId: Town.rider,
            teamId: teamId, lines: lines, actor: Town.actor(Town.rider, "rider"), notAfter: notAfter)
    }

    private static func act(whole: Bool) -> ActOnOrder {
        ActOnOrder(
            orderId: "order-1", ledgerId: Town.ledger, action: .takeBack, lines: whole ? lines : nil,
            reusable: whole ? true : nil, doneAt: whole ? Town.minutesLater(40) : nil,
            reason: whole ? "尺码不合" : nil, actor: staff, notAfter: whole ? Town.minutesLater(65) : nil)
    }

    private static func stock(reason: String?, notAfter: Timestamp?) -> MoveStock {
        MoveStock(
            ledgerId: Town.ledger, stationId: "mingdu-station", move: .counted, lines: lines, reason: reason,
            actor: staff, notAfter: notAfter)
    }

    private static func describe(_ step: OrderChanged.Step) -> MessageDescriptor {
        let purpose =
            switch step {
            case .placed: "Prizes were ordered; points and stock are held for it."
            case .handedOver: "A station gave prizes of an order out 发放."
            case .outOfStock: "Prizes of an order are not there; they are paid back 缺货."
            case .cancelled: "An order was called off before anything was handed over."
            case .expired: "Nobody picked an order up in time."
            case .takenBack: "Prizes came back and were paid back 退货."
            }
        return MessageDescriptor(
            .event, on: [TopicCatalogue.pointsEvents], by: ["points"], purpose,
            sample: changed(step, whole: true), minimal: changed(step, whole: false))
    }

    private static func changed(_ step: OrderChanged.Step, whole: Bool) -> OrderChanged {
        OrderChanged(
            step: step, orderId: "order-1", ledgerId: Town.ledger, stationId: "mingdu-station", personId: Town.rider,
            teamId: whole ? "riders-1" : nil, lines: lines, points: 120, stage: .placed, at: Town.minutesLater(30),
            actorId: whole ? Town.rider : nil, reason: whole ? "尺码不合" : nil,
            expiresAt: whole && step == .placed ? Town.minutesLater(10_110) : nil)
    }

    private static func describe(_ move: StockMove) -> MessageDescriptor {
        let purpose =
            switch move {
            case .delivered: "Prizes came to a station 入库."
            case .counted: "A station's prizes were counted 盘点, with what the books said."
            case .writtenOff: "Prizes of a station were written off 报损."
            }
        return MessageDescriptor(
            .event, on: [TopicCatalogue.pointsEvents], by: ["points"], purpose, sample: moved(move, reason: "月末盘点"),
            minimal: moved(move, reason: nil))
    }

    private static func moved(_ move: StockMove, reason: String?) -> StockMoved {
        StockMoved(
            move: move, ledgerId: Town.ledger, stationId: "mingdu-station",
            lines: [StockMoved.Line(prizeId: "helmet", before: 9, after: 10, short: reason == nil ? nil : 2)],
            at: Town.minutesLater(30),
            actorId: "station-1", reason: reason)
    }

    private static let orderState = MessageDescriptor(
        .state, on: [TopicCatalogue.orders], by: ["points"], "An order of prizes as it stands after each change.",
        sample: order(whole: true), minimal: order(whole: false))

    private static func order(whole: Bool) -> OrderState {
        OrderState(
            orderId: "order-1", version: 2, ledgerId: Town.ledger, stationId: "mingdu-station", personId: Town.rider,
            teamId: whole ? "riders-1" : nil,
            lines: [OrderLine(prizeId: "helmet", count: 1, price: 80, handedOver: 1, givenBack: 0)],
            stage: .handedOver, placedAt: Town.morning, expiresAt: Town.minutesLater(10_080),
            pendingTransferId: "hold-1", endedAt: whole ? Town.minutesLater(300) : nil)
    }

    private static let stockState = MessageDescriptor(
        .state, on: [TopicCatalogue.stocks], by: ["points"], "A prize on a station's shelf after each change.",
        sample: StockState(
            stationId: "mingdu-station", prizeId: "helmet", version: 3, ledgerId: Town.ledger, onHand: 10, held: 1))
}
