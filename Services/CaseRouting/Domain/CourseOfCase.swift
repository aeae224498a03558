package import Contracts

extension Case {
    /// What became of the case beside the straight road; nil where nothing did.
    package var course: CaseCourse? {
        var course = CaseCourse()
        tellSame(&course)
        return course == CaseCourse() ? nil : course
    }
}
