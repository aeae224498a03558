import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import Mustache
import ServiceKit

/// What all pages have around them: the layout, the words of a language, the files that belong to them, and the headers
/// that say what a page may do.
struct Frame: Sendable {
    let words: Words
    let assets: PageAssets
    let sessions: Sessions
    let tiles: MapTiles?
    private let templates: MustacheLibrary

    /// - Throws: What reading the files throws: a program without its pages is not installed completely.
    init(assets: PageAssets, sessions: Sessions, tiles: MapTiles?) async throws {
        self.assets = assets
        self.sessions = sessions
        self.tiles = tiles
        words = try Words()
        templates = try await Self.reading.value
    }

    /// Read once in a process: the files do not change while it runs.
    private static let reading = Task {
        try await MustacheLibrary(directory: PageFiles.folder("Templates").path(percentEncoded: false))
    }

    /// A page of this template.
    ///
    /// - Parameter content: what stands in it, by the names that the template uses.
    func page(
        _ template: String, _ content: [String: Any], _ visit: Visit, status: HTTPResponse.Status = .ok
    ) -> Response {
        var all = Self.filled(content)
        all["words"] = words.table(visit.language)
        all["lang"] = visit.language.tag
        all["isLarge"] = visit.isLarge
        all["isEnglish"] = visit.language == .english
        all["otherLanguage"] = visit.language.other.rawValue
        all["here"] = FormQuery.escaped(visit.address)
        all["assets"] = assets.addresses
        all["nav"] = navigation(visit)
        if let session = visit.session {
            all["person"] = session.subject
            all["formToken"] = sessions.formToken(of: session)
            all["isTrialSession"] = session.isTrial
            let parts = StaffNavigation.open(to: session.roles)
            all["staffNav"] = parts.map { staffLink($0, visit) }
            if let first = parts.first { all["consoleHome"] = first.path }
            all["mayReport"] = session.mayReport
            all["home"] = session.home
        }
        let text = templates.render(all, withTemplate: template) ?? ""
        return Response(
            status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// Without the empty texts: a template asks whether there is something by its name.
    private static func filled(_ content: [String: Any]) -> [String: Any] {
        content.compactMapValues { value in
            switch value {
            case let text as String: text.isEmpty ? nil : text
            case let items as [[String: Any]]: items.map(filled)
            case let item as [String: Any]: filled(item)
            default: value
            }
        }
    }

    private func navigation(_ visit: Visit) -> [[String: Any]] {
        guard visit.session != nil else { return [] }
        return ["report", "me", "wallet", "inbox"].map { name in
            [
                "path": "/\(name)", "isHere": visit.path == "/\(name)" || visit.path.hasPrefix("/\(name)/"),
                "icon": assets.addresses["icons"].map { "\($0)#\(name)" } ?? "",
                "label": words.text("nav.\(name)", visit.language),
            ]
        }
    }

    private func staffLink(_ part: StaffNavigation, _ visit: Visit) -> [String: Any] {
        [
            "path": part.path, "isHere": part.isHere(visit.path),
            "icon": assets.addresses["icons"].map { "\($0)#\(part.rawValue)" } ?? "",
            "label": words.text("staff.\(part.rawValue)", visit.language),
        ]
    }

    var headers: HTTPFields {
        [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
            .contentSecurityPolicy: policy, .xContentTypeOptions: "nosniff", .referrerPolicy: "same-origin",
            .permissionsPolicy: "camera=(self), geolocation=(self), microphone=(self)",
        ]
    }

    /// Everything comes from here, but map tiles where they are configured; nothing inline runs or paints.
    private var policy: String {
        let pictures = ["'self'", "blob:", "data:"] + [tiles?.origin].compactMap(\.self)
        // A voice note is listened to before it is sent.
        return
            "default-src 'self'; img-src \(pictures.joined(separator: " ")); media-src 'self' blob:; object-src 'none'; "
            + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    }
}

/// Where map tiles come from.
struct MapTiles: Sendable, Equatable {
    /// With `{z}`, `{x}` and `{y}`.
    let template: String
    /// Whom to name on the map.
    let credit: String

    /// Scheme, host and port; for `{s}` any subdomain.
    var origin: String? {
        guard let end = template.range(of: "://") else { return nil }
        let host = template[end.upperBound...].prefix { $0 != "/" }
        return "\(template[..<end.upperBound])\(host.replacing("{s}", with: "*"))"
    }
}

/// Where the files of pages lie.
enum PageFiles {
    static func folder(_ name: String) -> URL {
        (Bundle.module.resourceURL ?? Bundle.module.bundleURL).appending(path: name, directoryHint: .isDirectory)
    }
}

extension HTTPField.Name {
    fileprivate static let permissionsPolicy = known("Permissions-Policy")
}
