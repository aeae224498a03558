private typealias Town = SampleTown

extension MessageCatalogue {
    /// Who looked at whom.
    static let access: [MessageDescriptor] = [
        MessageDescriptor(
            .event, on: [TopicCatalogue.accessLog], by: ["portal"],
            "Somebody of the staff looked at what is kept of a person.",
            sample: PersonLookedUp(
                personId: Town.rider, actor: Town.actor(Town.dispatcher, "dispatcher"), reason: "核对重复上报",
                at: Town.minutesLater(44)))
    ]
}
