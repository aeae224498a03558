package import Contracts
import WorkingTime

extension Case {
    /// What became of the case beside the straight road; nil where nothing did.
    package var course: CaseCourse? {
        var course = CaseCourse()
        tellLoop(&course)
        tellSame(&course)
        tellLadder(&course)
        tellWhistle(&course)
        tellCoOwners(&course)
        course.campaignId = campaignId
        return course == CaseCourse() ? nil : course
    }

    /// What the loop itself adds.
    private func tellLoop(_ course: inout CaseCourse) {
        let assignment = stage.assignment
        if case .opened = stage { course.filingDeadline = filing?.deadline }
        course.filingOverdueAt = filingOverdueAt
        course.acceptedAt = assignment?.acceptedAt
        course.keptBy = isOpen ? keptBy : nil
        course.keptDeadline = keeperTime?.time.deadline
        course.restsUntil = stage.restsUntil
        if case .waiting(let waiting) = stage { course.question = waiting.question }
        course.extensionAsked = assignment?.extensionAsked?.limit.text
        course.level = climbed
        course.party = assignment?.party?.name
        course.linkHash = assignment?.party?.linkHash
        course.partyUntil = assignment?.party?.until
        course.workPhotos = workPhotos
        course.ratings = ratings
    }
}
