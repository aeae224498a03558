/// The mail server that takes our mail, and how.
package struct MailServer: Sendable, Equatable {
    package enum Security: String, Sendable, CaseIterable {
        /// TLS from the first byte (`smtps://`, port 465).
        case tls
        /// TLS after a word in the clear, and nothing without it (`smtp://`, port 587).
        case startTLS
        /// None, for a server on this machine.
        case none
    }

    package struct Login: Sendable, Equatable {
        package let user: String
        package let password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    package let host: String
    package let port: Int
    package let security: Security
    package let login: Login?
    /// Certificates to trust instead of the system's; nil for the system's.
    package let authorities: String?

    package init(host: String, port: Int, security: Security, login: Login? = nil, authorities: String? = nil) {
        self.host = host
        self.port = port
        self.security = security
        self.login = login
        self.authorities = authorities
    }

    var url: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(security == .tls ? "smtps" : "smtp")://\(name):\(port)/"
    }
}
