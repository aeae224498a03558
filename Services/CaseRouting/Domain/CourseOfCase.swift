package import Contracts

extension Case {
    /// What became of the case beside the straight road; nil where nothing did.
    package var course: CaseCourse? {
        var course = CaseCourse()
        tellLoop(&course)
        tellLadder(&course)
        tellWhistle(&course)
        tellCoOwners(&course)
        course.campaignId = campaignId
        return course == CaseCourse() ? nil : course
    }
}

extension Case {
    /// What the loop itself adds.
    private func tellLoop(_ course: inout CaseCourse) {
    }
}
