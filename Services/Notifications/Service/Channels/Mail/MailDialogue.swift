/// What was said between us and a mail server, as far as it says why mail was not taken.
struct MailDialogue: Equatable {
    /// How far it came.
    enum Stage: Equatable {
        case greeting
        case login
        case sender
        case recipient
        case data
        /// The mail itself goes over, or has: its end was not yet confirmed.
        case mail
    }

    /// A server's answer: `550 5.1.1 …`.
    struct Reply: Equatable {
        let code: Int
        /// RFC 3463, such as `5.1.1`; empty where there is none.
        let detail: String
    }

    private(set) var stage = Stage.greeting
    /// The last answer to what was said last; nil while there is none.
    private(set) var reply: Reply?
    private var isOver = false

    /// We said something.
    mutating func weSaid(_ line: some StringProtocol) {
        let verb = line.prefix { !$0.isWhitespace }.uppercased()
        // What is said while leaving is about nothing any more.
        isOver = isOver || verb == "QUIT"
        guard !isOver else { return }
        reply = nil
        switch verb {
        case "EHLO", "HELO", "STARTTLS": stage = .greeting
        case "AUTH": stage = .login
        case "MAIL": stage = .sender
        case "RCPT": stage = .recipient
        case "DATA": stage = .data
        // A word of a login in progress: nothing of it is kept.
        default: return
        }
    }

    /// A piece of the mail went over.
    mutating func mailGoesOver() {
        guard stage != .mail else { return }
        stage = .mail
        reply = nil
    }

    /// The server said something; of several lines the last counts.
    mutating func serverSaid(_ text: String) {
        guard !isOver else { return }
        for line in text.split(whereSeparator: \.isNewline) {
            guard let match = line.firstMatch(of: /^([2-5][0-9][0-9])[ -]?([245]\.[0-9]{1,3}\.[0-9]{1,3})?/),
                let code = Int(match.1)
            else { continue }
            reply = Reply(code: code, detail: match.2.map(String.init) ?? "")
        }
    }
}
