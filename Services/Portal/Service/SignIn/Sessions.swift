import Foundation
import HTTPTypes
import Hummingbird
import ServiceKit

/// Somebody who signed in by a browser.
struct Session: Codable, Sendable, Equatable {
    let id: String
    let subject: String
    let roles: [Role]
    /// Seconds since 1970.
    let expiresAt: Int64
    /// Whether it came of the sign-in for trying things out, where nobody is checked.
    let isTrial: Bool

    /// Whether the pages for those who report are for them.
    var mayReport: Bool { !Set(roles).isDisjoint(with: [.rider, .resident]) }

    /// Their first page; who may do nothing is told so where others report.
    var home: String { mayReport ? "/report" : StaffNavigation.open(to: roles).first?.path ?? "/report" }
}

/// Gives sessions out as sealed cookies, knows them again, and ends them.
///
/// Nothing is kept of a session but, once it was ended, its id: a file in the data folder, so that a copy of the cookie is
/// good at no instance on it.
struct Sessions: Sendable {
    static let cookieName = "suishoupai_session"
    /// A working day and a bit, in seconds.
    static let lifetime: Int64 = 12 * 3_600
    private static let purpose = "session"
    private static let formPurpose = "form"

    let seal: CookieSeal
    /// Whether browsers come by https alone.
    let isSecure: Bool
    private let endedFolder: URL
    private let now: @Sendable () -> Date

    init(_ keys: DataFolderKeys, dataFolder: URL, isSecure: Bool, now: @escaping @Sendable () -> Date) {
        seal = CookieSeal(keys)
        self.isSecure = isSecure
        endedFolder = dataFolder.appending(path: "sessions-ended", directoryHint: .isDirectory)
        self.now = now
    }

    /// The cookie of a new session.
    func begin(_ principal: Principal, isTrial: Bool = false) throws -> Cookie {
        let session = Session(
            id: UUID().uuidString, subject: principal.subject,
            roles: principal.roles.sorted { $0.rawValue < $1.rawValue }, expiresAt: seconds + Self.lifetime,
            isTrial: isTrial)
        return cookie(try seal.seal(session, for: Self.purpose), lasting: Self.lifetime)
    }

    /// The session that a request comes from; nil where there is none that is good.
    func session(of request: Request) -> Session? {
        guard let text = request.cookies[Self.cookieName]?.value,
            let session = seal.open(text, for: Self.purpose, as: Session.self), seconds < session.expiresAt,
            !hasEnded(session)
        else { return nil }
        return session
    }

    /// Ends a session for good, and gives the cookie that takes its cookie away.
    func end(_ session: Session?) throws -> Cookie {
        if let session {
            try FileManager.default.createDirectory(
                at: endedFolder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data("\(session.expiresAt)\n".utf8).write(to: mark(of: session))
            try sweep()
        }
        return cookie("", lasting: 0)
    }

    /// What a form of this session carries, so that no other site can send it.
    func formToken(of session: Session) -> String { seal.code(of: session.id, for: Self.formPurpose) }

    func isFormToken(_ text: String, of session: Session) -> Bool {
        seal.isCode(text, of: session.id, for: Self.formPurpose)
    }

    private var seconds: Int64 { Int64(now().timeIntervalSince1970) }

    private func cookie(_ value: String, lasting seconds: Int64) -> Cookie {
        Cookie(
            name: Self.cookieName, value: value, maxAge: Int(seconds), path: "/", secure: isSecure, httpOnly: true,
            sameSite: .lax)
    }

    private func hasEnded(_ session: Session) -> Bool {
        FileManager.default.fileExists(atPath: mark(of: session).path(percentEncoded: false))
    }

    private func mark(_ name: String) -> URL { endedFolder.appending(path: name) }

    private func mark(of session: Session) -> URL { mark(session.id) }

    /// Forgets those whose cookie is not good any more by itself.
    private func sweep() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: endedFolder.path(percentEncoded: false)) {
            guard let text = try readMark(name), let end = Int64(text.trimmingCharacters(in: .whitespacesAndNewlines)),
                end < seconds
            else { continue }
            unlink(mark(name).path(percentEncoded: false))
        }
    }

    /// Nil where another instance has just taken it away.
    private func readMark(_ name: String) throws -> String? {
        do {
            return try String(contentsOf: mark(name), encoding: .utf8)
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return nil
        }
    }
}
