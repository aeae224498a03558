/// What decides which actions a case takes: the owner asks its own case, readers what they know of its state.
///
/// Who may take them is another question.
package struct CaseSituation: Sendable, Equatable {
    package let stage: CaseStage
    /// Whether its unit took it on 签收.
    package var isAccepted = false
    /// Whether the danger can be fenced off 围护 before the lasting repair.
    package var canBeMadeSafe = false
    /// Whether the handling has a limit.
    package var isTimed = false
    /// Whether more time was asked for and not yet decided.
    package var asksForTime = false

    package init(stage: CaseStage) {
        self.stage = stage
    }

    /// What people can do with it, whoever they are.
    package var possibleActions: [CaseAction] { stageActions + (stage.isOpen ? Self.ties : []) }

    /// Without what ties it to other cases.
    package var stageActions: [CaseAction] {
        switch stage {
        case .opened: [.file, .refuse, .transfer, .reclassify, .check, .cancel, .askReporter, .refer]
        case .filed: [.dispatch, .refuse, .transfer, .reclassify, .cancel, .askReporter, .refer]
        case .dispatched: handlingActions
        case .handled: [.verify, .transfer]
        case .closed: [.rate, .reopen]
        case .parked, .referred: [.resume, .cancel, .transfer]
        case .waiting: [.reply, .cancel, .transfer]
        case .refused, .transferred, .cancelled, .merged: []
        }
    }

    private static let ties: [CaseAction] = [.merge, .split, .keepApart, .adopt]

    private var handlingActions: [CaseAction] {
        var actions: [CaseAction] = [
            .handle, .return, .dispatch, .refuse, .transfer, .reclassify, .park, .askReporter, .handOver, .refer,
            .cancel, .whistle, .checkIn, .addCoOwner, .coHandle,
        ]
        if !isAccepted { actions.append(.accept) }
        if canBeMadeSafe { actions.append(.makeSafe) }
        if asksForTime {
            actions.append(.decideExtension)
        } else if isTimed {
            actions.append(.askExtension)
        }
        return actions
    }
}

extension CaseState {
    /// What its owner would let somebody do with it as it stands, whoever they are.
    ///
    /// - Parameter hasRepairLimit: Whether its category has two stages, by the pack: the state does not say.
    package func possibleActions(hasRepairLimit: Bool) -> [CaseAction] {
        var situation = CaseSituation(stage: stage)
        situation.isAccepted = course?.acceptedAt != nil
        situation.canBeMadeSafe = hasRepairLimit && course?.madeSafeAt == nil
        situation.isTimed = deadline != nil
        situation.asksForTime = course?.extensionAsked != nil
        return situation.possibleActions
    }
}
