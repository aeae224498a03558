package import Contracts
package import EventProcessing
package import NotificationsDomain

/// Sends messages on one channel.
///
/// No reason that it gives holds an address, a token or anything that a receiver answered in words: reasons travel on
/// topics and stand in logs.
package protocol ChannelSender: Sendable {
    var channel: Channel { get }
    /// Whether the provider knows a repetition by the delivery's id.
    var canRepeat: Bool { get }
    /// How much the provider takes.
    var limit: SendLimit { get }

    /// Sends once.
    ///
    /// - Parameters:
    ///   - address: opened; what it is depends on the channel.
    ///   - attempt: from 1.
    func send(_ message: OutsideMessage, to address: String, id: DeliveryID, attempt: Int) async -> DeliveryResult
}

/// How much a provider takes, and of whom.
package struct SendLimit: Sendable, Equatable {
    package enum Scope: Sendable, Equatable {
        /// Each endpoint for itself.
        case lane
        /// All that this process sends on the channel.
        case channel
    }

    /// So many sendings in any stretch of that length.
    package struct Rate: Sendable, Equatable {
        package let count: Int
        package let per: Duration

        package init(_ count: Int, per: Duration) {
            self.count = count
            self.per = per
        }
    }

    package let scope: Scope
    /// All of them hold at once.
    package let rates: [Rate]

    package init(_ scope: Scope, _ rates: Rate...) {
        self.scope = scope
        self.rates = rates
    }

    package static let none = SendLimit(.lane)
}
