package import Contracts
package import Vocabulary

/// What would become of a report, for its reporter to see before sending it.
package struct Preview: Equatable, Sendable {
    /// What everybody may read of the description and of the address.
    package let publicDescription: String
    package let publicAddress: String?
    /// What everybody may read of the answers to the pack's questions.
    package let publicAnswers: [ReportAnswer]
    /// The kinds of personal data that are hidden in all of them.
    package let hidden: [PersonalData]
    /// In WGS-84, as it will be shown.
    package let location: Location
    package let communityId: CommunityID
    /// Where the place lies in no community: the nearest one.
    package let nearest: NearestCommunity?
    package let category: CategoryCode?
    /// Where the reporter chose no category.
    package let guess: Guess?
    package let emergency: EmergencyAdvice?

    package init(_ form: ReportForm, answers: CheckedAnswers = .none, by guidance: Guidance) {
        let description = Masking.examined(form.description.text)
        let address = form.address.map { Masking.examined($0.text) }
        let kinds = Set(description.hidden + (address?.hidden ?? [])).union(answers.hidden)
        publicDescription = description.text
        publicAddress = address?.text
        publicAnswers = answers.answers
        hidden = PersonalData.allCases.filter(kinds.contains)
        location = form.location
        communityId = guidance.communities.community(at: form.location)
        nearest = communityId == .unassigned ? guidance.communities.nearest(to: form.location) : nil
        category = form.category
        guess = guidance.guess(for: form)
        emergency = guidance.emergency(in: form)
    }
}
