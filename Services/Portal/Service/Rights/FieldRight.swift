import ServiceKit

/// Who sees a field of a case or of a step: a row of the table that ``Viewer/sees(_:as:)`` decides by.
struct FieldRight: Sendable {
    /// What a viewer may have to do with a case, whatever their roles.
    enum Relation: String, CaseIterable, Sendable {
        /// Who opened it by their report.
        case opener
        /// Whose report it has, the opener's or one that joined.
        case reporter
        case handler
        /// Who is named in the field, or wrote it.
        case oneself
    }

    /// What all others get.
    enum Otherwise: Sendable, Equatable {
        case absent
        case masked(Mask)
    }

    /// What is left of a field for those who do not see it in full, in words.
    enum Mask: String, Sendable {
        case snapshots = "of a snapshot, not of a request"
        case rounded = "rounded to 0.001°"
        case unsigned = "to staff, unsigned"
        case outcome = "to reporters, until when and the pictures"
    }

    let roles: Set<Role>
    let relation: Relation?
    let otherwise: Otherwise

    init(_ roles: Set<Role>, or relation: Relation? = nil, else otherwise: Otherwise = .absent) {
        self.roles = roles
        self.relation = relation
        self.otherwise = otherwise
    }
}

/// A field of a case as `CaseView` tells it that not everybody sees; all others are for whoever is signed in.
enum CaseField: String, CaseIterable, Sendable {
    case gridId
    case description
    case address
    case location
    case reporterIds
    case voiceNotes
    case handlerId
    case flagged
    case question = "course.question"
    case party = "course.party"
    case partyUntil = "course.partyUntil"
    case workPhotos = "course.workPhotos"
    case extensionAsked = "course.extensionAsked"
    case proposedSame = "course.proposedSame"
    case ratings = "course.ratings"
    case linkHash = "course.linkHash"

    var right: FieldRight {
        switch self {
        case .gridId, .address, .question, .party, .partyUntil, .workPhotos: FieldRight(Posts.staff, or: .opener)
        case .description: FieldRight(Posts.staff, or: .opener, else: .masked(.snapshots))
        case .location: FieldRight(Posts.staff, or: .opener, else: .masked(.rounded))
        case .reporterIds, .voiceNotes: FieldRight(Posts.desk)
        case .handlerId: FieldRight(Posts.staff, or: .handler)
        case .flagged, .extensionAsked, .proposedSame: FieldRight(Posts.staff)
        case .ratings: FieldRight(Posts.desk, or: .oneself, else: .masked(.unsigned))
        case .linkHash: FieldRight([])
        }
    }
}

/// A field of a step, or of the log, that not everybody sees.
enum StepField: String, CaseIterable, Sendable {
    case colleague = "handlerId, actorId"
    case reporter = "reporterId, actorId of what reporters may do, too"
    case reason
    case amendment = "text, address, photos, externalStatus"
    case details
    case logData = "data of the log"

    var right: FieldRight {
        switch self {
        case .colleague: FieldRight(Posts.staff, or: .oneself)
        case .reporter: FieldRight(Posts.desk, or: .oneself)
        case .reason: FieldRight(Posts.staff, or: .reporter)
        case .amendment: FieldRight(Posts.staff, or: .oneself)
        case .details: FieldRight(Posts.staff, else: .masked(.outcome))
        case .logData: FieldRight(Posts.desk)
        }
    }
}
