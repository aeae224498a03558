package import Contracts

/// The rules about mail that came back.
package enum BounceRules {
    /// Why it is not noted; nil where it is.
    ///
    /// - Parameter message: The one that the bounce names; nil where there is none such.
    package static func refusal(
        _ command: ReportBounce, of message: OutsideMessage?, at clock: Timestamp
    ) -> NotificationRefusal? {
        if let notAfter = command.notAfter, clock > notAfter { return .tooLate }
        guard command.actor.roles.contains("admin") else { return .notAllowed }
        guard ReportBounce.isStatus(command.status) else { return .badBounce }
        return message?.channel == .email ? nil : .notFound
    }
}
