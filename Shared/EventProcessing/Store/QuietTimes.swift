import Contracts

/// Until when what is asked of a store has no answer, as long as no more records are applied.
///
/// The loop asks in each of its rounds, many times a second, and most of the time nothing is due: then the file is left alone.
struct QuietTimes {
    /// Nil where the file must be asked.
    var timers: Timestamp?
    var deliveries: Timestamp?
    var late: Timestamp?
    /// Whether everything that is in the outbox was published.
    var hasNothingToPublish = false

    /// Where nothing is planned at all.
    static let always = Timestamp(milliseconds: .max)
}
