/// How much a process sends to the outside at once.
package struct DeliverySettings: Sendable {
    /// Sendings in flight in the process: each may hold a connection.
    package var places = 256
    /// Sendings in flight in one lane.
    package var lanePlaces = 4
    /// A lane that takes longer to answer is slow.
    package var slowness: Duration = .seconds(1)
    /// How long a sending by an earlier owner may still be heard of, before it counts as unknown: longer than any edge
    /// waits for an answer.
    package var patience: Duration = .seconds(30)

    package init() {}
}
