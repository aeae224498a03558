import ServiceKit

/// How a key of the data folder is exchanged while everything runs.
enum KeyRotation: Equatable, Sendable {
    /// A new one signs, and what was made with the former is believed for so many hours unless told otherwise.
    case overlapping(graceHours: Int)
    /// Not at all: why, and what to do.
    case refused(String)
}

extension DataFolderKey.Name {
    /// What it is called on the command line: `pick-up`.
    var word: String { String(rawValue.dropLast(".key".count)) }

    init?(word: String) { self.init(rawValue: word + ".key") }

    var rotation: KeyRotation {
        switch self {
        case .jwt: .overlapping(graceHours: 24)
        // A session lasts 12 hours.
        case .sessions: .overlapping(graceHours: 24)
        case .captures: .overlapping(graceHours: 24)
        // What portal signs for intake lasts a minute.
        case .forwarding: .overlapping(graceHours: 1)
        // An order waits 7 days to be picked up, or as long as its pack says.
        case .pickUp: .overlapping(graceHours: 30 * 24)
        // Nothing here checks it, and who does keeps the former public key.
        case .exports: .overlapping(graceHours: 0)
        case .webhook:
            .refused(
                "every endpoint's secret follows from it, and it seals their URLs: with another one no receiver would "
                    + "believe what is sent. Rotate the secret of each endpoint: 'suishoupai webhooks rotate ENDPOINT'."
            )
        case .reporters:
            .refused(
                "the names of those who report confidentially follow from it: with another one they would be others, "
                    + "and lose their reports and points. Keep it as safe as the reports.")
        case .photos, .voiceNotes:
            .refused(
                "originals are sealed with it, and nothing here seals them anew: with another one nobody could open "
                    + "them. Whoever saw it can use it only with the sealed files: keep those from them.")
        case .persons:
            .refused(
                "it seals the keys under persons/, and with those people's contacts, which nothing here seals anew: "
                    + "with another one nobody could be reached. Whoever saw it can use it only with persons/ and the "
                    + "log: keep those from them. A person who erases themselves loses their key for good.")
        case .vapid:
            .refused(
                "each browser's subscription names its public half (RFC 8292): with another one all end. To exchange it "
                    + "nevertheless, stop notifications and portal, delete the file and start them; people then "
                    + "subscribe again.")
        }
    }

    /// What else an operator has to see to once another key signs.
    var afterwards: String? {
        switch self {
        case .pickUp:
            "Stations that check passes without a net need GET /v1/stations/pick-up-key again before they see new ones."
        case .exports: "Tell the new public key to those who check exports; earlier ones are checked with the former."
        case .jwt, .sessions, .captures, .forwarding, .webhook, .reporters, .photos, .voiceNotes, .persons, .vapid: nil
        }
    }
}
