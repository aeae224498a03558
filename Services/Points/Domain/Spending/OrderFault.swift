package import Contracts

// OrderFault
//   who        notYours, notLeader, cannotHold, notStaff, ownOrder
//   what       unknownStation, otherLedger, unknownPrize, notPricedYet, noLines, twice, badCount, tooMany, notInOrder
//   how many   outOfStock, moreThanThere, countFirst
//   when       stepDoesNotFit, doneLater, doneBefore, timeIsOver
//   points     spentMeanwhile, settled

/// Why nothing was ordered, handed over or moved: what people may do wrong, not what should never happen.
package enum OrderFault: Error, Equatable, Sendable {
    case notYours
    case notLeader(TeamID)
    /// A name that leads to nobody has no points.
    case cannotHold(PersonID)
    case notStaff(StationID)
    /// Nobody stands at both sides of the counter.
    case ownOrder

    case unknownStation(StationID)
    case otherLedger(StationID)
    case unknownPrize(PrizeID)
    case notPricedYet(PrizeID, from: String)
    case noLines
    case twice(PrizeID)
    case badCount(PrizeID, most: Int)
    case tooMany(Int, most: Int)
    case notInOrder(PrizeID)

    case outOfStock(PrizeID, left: Int, wanted: Int)
    /// More than the order, or the shelf, has of it for this step.
    case moreThanThere(PrizeID, there: Int, wanted: Int)
    /// The books have fewer than were handed over: somebody must count.
    case countFirst(PrizeID, onHand: Int, wanted: Int)

    case stepDoesNotFit(OrderAction, stage: OrderStage, allowed: [OrderAction])
    case doneLater(Timestamp)
    case doneBefore(placedAt: Timestamp)
    case timeIsOver(expiresAt: Timestamp)

    /// The order had ended, and what came back for it is spent.
    case spentMeanwhile(points: Int, balance: Int)
    /// The funder was paid for what these prizes brought in.
    case settled(points: Int, balance: Int)
}
