import Contracts
import ServiceKit

/// What staff make of a case.
enum CasePlot: String, Sendable, CaseIterable {
    /// Filed, dispatched, handled, checked, closed.
    case smooth
    /// The unit gives it back once; another does it.
    case returned
    /// The first check fails; it is done once more.
    case reworked
    /// Not filed, with a reason.
    case refused
}

/// Staff bring one case to its end, each by their own right.
struct StaffPlay: Sendable {
    let city: CityClient
    let neighbourhood: Neighbourhood
    /// Told of each step that the owner of the case refused.
    let refused: @Sendable () async -> Void

    /// Plays the plot on a case.
    ///
    /// - Returns: Whether every step was taken; a step that its owner refuses ends the play.
    func play(_ plot: CasePlot, on id: String) async throws -> Bool {
        let dispatcher = try staff(.dispatcher, .unassigned)
        let first = try await city.caseView(id, by: dispatcher)
        let desk = try staff(.dispatcher, CommunityID(first.communityId))
        // Played before, up to its end.
        guard first.stage.isOpen else { return true }
        var cast = Cast(id: id, community: CommunityID(first.communityId), desk: desk)
        guard plot != .refused else {
            return try await act(.init(action: .refuse, reason: "现场核实未发现所述问题"), by: desk, &cast)
        }
        guard try await act(.init(action: .file), by: desk, &cast), try await dispatch(&cast) else { return false }
        if plot == .returned {
            guard try await giveBack(&cast), try await dispatch(&cast) else { return false }
        }
        guard try await handle(&cast) else { return false }
        if plot == .reworked {
            let check = CityClient.Action(action: .verify, reason: "现场复查，只清理了一半", agrees: false)
            guard try await act(check, by: try verifier(cast), &cast) else { return false }
            // A failed check dispatches the case to its owner once more.
            cast.dispatches += 1
            guard try await handle(&cast) else { return false }
        }
        return try await act(.init(action: .verify, agrees: true), by: try verifier(cast), &cast)
    }

    private struct Cast {
        let id: String
        let community: CommunityID
        let desk: CityClient.Person
        var steps = 0
        var dispatches = 0
        /// Where it goes after a return.
        var nextUnit: String?
    }

    private func giveBack(_ cast: inout Cast) async throws -> Bool {
        let last = try await lastDispatch(cast)
        cast.nextUnit = neighbourhood.unit(insteadOf: last.ownerUnitId)
        return try await act(
            .init(action: .return, reason: "经现场查看，不属于本单位管理范围"), by: worker(last), &cast)
    }

    private func dispatch(_ cast: inout Cast) async throws -> Bool {
        // Where no rule found an owner, and after a return, the dispatcher says who.
        let hasOwner = try await city.opening(of: cast.id, by: cast.desk).ownerUnitId != nil
        let target = cast.nextUnit ?? (hasOwner ? nil : neighbourhood.unit(insteadOf: nil))
        cast.dispatches += 1
        return try await act(.init(action: .dispatch, unitId: target), by: cast.desk, &cast)
    }

    private func handle(_ cast: inout Cast) async throws -> Bool {
        try await act(
            .init(action: .handle, reason: "已到现场处置完毕"), by: worker(try await lastDispatch(cast)), &cast)
    }

    /// Asked of the case's past, not of how it stands: played once more after an interruption, everybody acts as before.
    private func lastDispatch(_ cast: Cast) async throws -> CityClient.Step {
        try await city.dispatch(cast.dispatches, of: cast.id, by: cast.desk)
    }

    private func act(
        _ action: CityClient.Action, by person: CityClient.Person, _ cast: inout Cast
    ) async throws -> Bool {
        cast.steps += 1
        let outcome = try await city.act(action, on: cast.id, by: person, key: "play-\(cast.id)-\(cast.steps)")
        if case .refused = outcome { await refused() }
        guard case .applied = outcome else { return false }
        return true
    }

    private func worker(_ dispatch: CityClient.Step) -> CityClient.Person {
        let unit = dispatch.ownerUnitId
        let anybody = neighbourhood.pack.people.first { $0.unitId?.rawValue == unit }?.id.rawValue
        return CityClient.Person(id: dispatch.handlerId ?? anybody ?? "nobody", role: .worker)
    }

    private func verifier(_ cast: Cast) throws -> CityClient.Person { try staff(.verifier, cast.community) }

    private func staff(_ role: Role, _ community: CommunityID) throws -> CityClient.Person {
        guard let person = neighbourhood.staff(role, in: community) else { throw NeighbourhoodFault.noStaff(role) }
        return person
    }
}
