import CaseRoutingDomain
import Contracts
import TestSupport

/// Whistles and co-owners for the tests of the rules.
extension Sample {
    /// What calls the sanitation to the spot within an hour, or gives it a part.
    private static let call = asking(CitySample.sanitation, until: 3_600_000)

    static func asking(
        _ units: UnitID..., until milliseconds: Int64? = nil, limit: String? = nil, photos: [ReportPhoto]? = nil
    ) -> StepDetails {
        StepDetails {
            $0.unitIds = units
            $0.until = milliseconds.map { CitySample.monday.adding(milliseconds: $0) }
            $0.limit = limit
            $0.photos = photos
        }
    }

    /// A case in the stage, with what the action needs to have come before.
    static func prepared(_ stage: CaseStage, for action: CaseAction) throws -> Case {
        let found = try Sample.case(stage)
        guard stage == .dispatched else { return found }
        return switch action {
        case .checkIn: try decided(act(.whistle, details: call), on: found).case
        case .coHandle: try decided(act(.addCoOwner, details: call), on: found).case
        // Of a category that has two stages.
        case .makeSafe: try decided(act(.reclassify, category: "P0101"), on: found).case
        default: found
        }
    }

    /// What happens so many milliseconds after Monday 09:00.
    static func later(_ milliseconds: Int64, table: RoutingTable? = table) -> Circumstances {
        circumstances(at: CitySample.monday.adding(milliseconds: milliseconds), table: table)
    }
}

extension CaseDecision {
    /// The steps of a kind that were told.
    func steps(_ step: CaseChanged.Step) -> [CaseChanged] {
        events.compactMap { event in
            guard case .changed(let change) = event, change.step == step else { return nil }
            return change
        }
    }
}
