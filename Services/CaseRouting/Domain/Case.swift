package import CaseRates
package import Contracts

/// One problem, from the first report of it to its end.
///
/// What a stage needs stands in the stage itself: a case that is being handled has an assignment, one that is closed was
/// handled by somebody and checked by somebody. Cases change only through `open`, `join`, `answer` and `ring`.
package struct Case: Codable, Sendable, Equatable {
    package let id: CaseID
    package let number: String
    package let communityId: CommunityID
    package let ledgerId: LedgerID
    package let kind: ReportKind
    package internal(set) var category: CategoryCode
    /// As the first of its reports tells it.
    package internal(set) var description: String
    package internal(set) var address: String?
    package let location: Location
    /// When the first report was submitted, also after a transfer.
    package let submittedAt: Timestamp
    package let openedAt: Timestamp
    /// Counts the changes from 1.
    package internal(set) var version: Int
    /// In order of joining, without those that were taken back.
    ///
    /// The first opened the case, or was next when that one was taken back; of a cancelled case there is none.
    package internal(set) var reports: [Contribution]
    package internal(set) var stage: Stage
    /// How often a unit gave it back.
    package internal(set) var returns = 0
    /// How often a check found it not done 返工.
    package internal(set) var reworks = 0
    package internal(set) var reopens = 0
    /// Why a person must look; cleared by dispatching, which is that look.
    package internal(set) var flagged: String?
    /// In order of coming; nil where there are none.
    package internal(set) var photos: [Photo]?
    /// How often a report of it was added to or changed; nil where none was.
    package internal(set) var amendments: Int?
    /// The newest link of its log; nil before the first.
    package internal(set) var chain: CaseChain?
    /// What the rates need to know of it; nil while nothing was counted.
    package internal(set) var tally: RateTally?
    /// What ties it to other cases; nil where nothing does.
    package internal(set) var same: Sameness?

    /// The time of the step that it waits for: 立案, 派遣 or 核查; nil where its owner has it, and where it has ended.
    package internal(set) var watch: StepWatch?
    /// When it was told of such steps that they came too late; nil where none did.
    package internal(set) var late: LateSteps?
    /// The unit that a case which was given back still lies with, until another takes it on 首接负责.
    package internal(set) var keptBy: UnitID?
    /// The clocks of units that had it and may get it back before it is handled; nil where there are none.
    package internal(set) var clocks: [UnitTime]?
    /// How far up returns sent it; nil where they did not.
    package internal(set) var climbed: Int?
    /// What somebody saw who looked before filing 核实; nil where it was judged by the evidence.
    package internal(set) var check: Check?
    /// Who had a hand in the work, in order of coming, beside its reporters: nobody of them verifies it.
    package internal(set) var involved: [PersonID]?
    /// What the handlers showed of the work, in order, none twice.
    package internal(set) var workPhotos: [PhotoID]?
    /// What its reporters said after closing, in order.
    package internal(set) var ratings: [CaseCourse.Rating]?
    /// Of the deadline that it missed last; nil where it missed none, or nobody need look.
    package internal(set) var escalation: Escalation?
    /// The last call of units to the spot 吹哨; nil where there was none.
    package internal(set) var whistle: CaseCourse.Whistle?
    /// 协办, in order of coming; nil where there are none.
    package internal(set) var coOwners: [CaseCourse.CoOwner]?
    /// The campaign 专项整治 that it was opened for; nil where a report opened it.
    package internal(set) var campaignId: CampaignID?
    /// The grid 网格 that it was found in when it was opened; nil outside grids.
    package internal(set) var gridId: GridID?
    /// When it last came to another stage; nil where it stands where it began.
    package internal(set) var stageChange: CaseState.StageChange?

    /// The most reports that one case takes: beyond it the next one opens another case, so that no case grows without bound.
    package static let mostReports = 200

    /// A look before filing 核实.
    package struct Check: Codable, Sendable, Equatable {
        package let by: PersonID
        package let at: Timestamp
        /// Whether it is as reported.
        package let agrees: Bool
    }

    /// A report's part in a case.
    ///
    /// Kept as one text, `hop report reporter` split by tabs: a case may have hundreds, all read and written at each change.
    package struct Contribution: PlainTextCodable, Sendable, Equatable {
        package let reportId: ReportID
        package let reporterId: PersonID
        /// How often the report was handed on before it came here.
        package let hop: Int
        /// What was spoken to it; they go wherever the report goes.
        package let voiceNotes: [VoiceNote]

        package init(reportId: ReportID, reporterId: PersonID, hop: Int, voiceNotes: [VoiceNote] = []) {
            self.reportId = reportId
            self.reporterId = reporterId
            self.hop = hop
            self.voiceNotes = voiceNotes
        }

        package var codedText: String {
            let notes = voiceNotes.map { "\t\($0.seconds)\t\($0.id)" }.joined()
            return "\(hop)\t\(reportId)\t\(reporterId)\(notes)"
        }

        package init(codedText: String, at path: [any CodingKey]) throws {
            let parts = codedText.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let notes = stride(from: 3, to: parts.count - 1, by: 2).compactMap { index in
                Int(parts[index]).map { VoiceNote(id: VoiceNoteID(parts[index + 1]), seconds: $0) }
            }
            guard parts.count >= 3, parts.count == 3 + 2 * notes.count, let hop = Int(parts[0]) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: path, debugDescription: "'\(codedText)' is no part of a case"))
            }
            self.init(
                reportId: ReportID(parts[1]), reporterId: PersonID(parts[2]), hop: hop, voiceNotes: notes)
        }
    }
}

extension Case {
    /// Each person once, in order of joining.
    package var reporterIds: [PersonID] {
        var seen: Set<PersonID> = []
        return reports.map(\.reporterId).filter { seen.insert($0).inserted }
    }

    /// Each once, in order of joining; nil where there are none.
    private var voiceNotes: [VoiceNote]? {
        var seen: Set<VoiceNoteID> = []
        let notes = reports.flatMap(\.voiceNotes).filter { seen.insert($0.id).inserted }
        return notes.isEmpty ? nil : Array(notes.prefix(CaseState.mostVoiceNotes))
    }

    package var isOpen: Bool { stage.name.isOpen }

    /// Whether one more report finds room.
    var hasRoom: Bool { reports.count < Self.mostReports }

    /// Whether another report of the same problem may still join.
    package var takesReports: Bool { isOpen && hasRoom }

    /// The deadline that somebody must watch: of a dispatched case that is not yet known to be overdue.
    package var watchedDeadline: Timestamp? {
        guard case .dispatched(let assignment) = stage, !assignment.isOverdue else { return nil }
        return assignment.deadline
    }

    /// When a warning is to be sounded that its time runs out; nil where none is, or no more.
    package var watchedNearDue: Timestamp? {
        guard case .dispatched(let assignment) = stage, !assignment.isOverdue, let time = assignment.time,
            !time.isWarned
        else { return nil }
        return time.nearDue
    }

    package var reference: CaseReference {
        CaseReference(
            caseId: id, caseNumber: number, communityId: communityId, ledgerId: ledgerId, category: category,
            kind: kind, reporterIds: reporterIds, ownerUnitId: stage.owner?.unitId, handlerId: stage.owner?.handlerId)
    }

    /// The case as readers outside see it.
    package var state: CaseState {
        CaseState(
            caseId: id, version: version, caseNumber: number, communityId: communityId, ledgerId: ledgerId, kind: kind,
            category: category, stage: stage.name, description: description, address: address, location: location,
            reportIds: reports.map(\.reportId), reporterIds: reporterIds, ownerUnitId: stage.owner?.unitId,
            handlerId: stage.owner?.handlerId, submittedAt: submittedAt, openedAt: openedAt,
            deadline: stage.assignment?.deadline, isOverdue: stage.assignment?.isOverdue ?? false,
            closedAt: stage.closedAt, reworks: reworks, returns: returns, reopens: reopens, flagged: flagged,
            ended: !isOpen, photos: photos?.map(\.id), voiceNotes: voiceNotes, course: course, chain: chain,
            stageChange: stageChange,
            gridId: gridId)
    }
}
