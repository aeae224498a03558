import Configuration
import Contracts
import Foundation
import Hummingbird
import ServiceKit

/// What portal's pages can be told beside how people sign in.
///
/// ## Configuration keys
/// - `portal.intake` (`SUISHOUPAI_PORTAL_INTAKE`): where report-intake is: its address, or the file that it writes it to.
///   None: pages cannot take reports.
/// - `portal.libraries` (`SUISHOUPAI_PORTAL_LIBRARIES`; `/usr/share/javascript`): where Debian's `libjs-leaflet` and
///   `libjs-leaflet.markercluster` lie.
/// - `portal.tiles` (`SUISHOUPAI_PORTAL_TILES`): map tiles, such as `https://tile.example.org/{z}/{x}/{y}.png`. None:
///   maps show the outlines of the communities.
/// - `portal.open.license` (`SUISHOUPAI_PORTAL_OPEN_LICENSE`; CC BY 4.0): the address of the licence of open data.
/// - `portal.tiles.credit` (`SUISHOUPAI_PORTAL_TILES_CREDIT`): whom to name on the map.
struct PageSettings: Sendable {
    var intake: String?
    var libraries = URL(filePath: "/usr/share/javascript", directoryHint: .isDirectory)
    var tiles: MapTiles?
    var openLicense = "https://creativecommons.org/licenses/by/4.0/"
    /// What stands before each topic's name in this deployment.
    var topicPrefix = ""

    init() {}

    /// - Throws: `ConfigurationError`, a sentence that names the key.
    init(config: ConfigReader) throws {
        let settings = Settings(config)
        intake = settings.text("portal.intake")
        if let folder = settings.text("portal.libraries") {
            libraries = URL(filePath: folder, directoryHint: .isDirectory)
        }
        if let license = settings.text("portal.open.license") {
            guard license.hasPrefix("https://"), license.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3E })
            else {
                throw ConfigurationError(key: "portal.open.license", mustBe: "an https address in ASCII")
            }
            openLicense = license
        }
        guard let template = settings.text("portal.tiles") else { return }
        guard template.hasPrefix("https://") || template.hasPrefix("http://"),
            !template.contains(where: \.isWhitespace),
            ["{z}", "{x}", "{y}"].allSatisfy({ template.contains($0) }), !template.contains(";"),
            !template.contains("'")
        else {
            throw ConfigurationError(
                key: "portal.tiles", mustBe: "an address such as https://tile.example.org/{z}/{x}/{y}.png")
        }
        tiles = MapTiles(template: template, credit: settings.text("portal.tiles.credit") ?? "")
    }
}

/// Portal for browsers: sign-in, sessions, and the pages.
struct PortalFront: Sendable {
    let sessions: Sessions
    private let frame: Frame
    private let signIn: SignInRoutes
    private let pages: PageRoutes
    private let wall: WallRoutes
    private let overview: OverviewRoutes
    private let topics: TopicRoutes
    private let pseudonyms: Pseudonyms
    private let description: OpenAPIDocument

    /// Where the description of the doors for programs lies.
    static var descriptionFile: URL {
        (Bundle.module.resourceURL ?? Bundle.module.bundleURL).appending(path: "openapi.json")
    }

    init(
        _ core: PortalCore, dataFolder: URL, signIn: SignInSettings, pages: PageSettings, pseudonyms: Pseudonyms,
        now: @escaping @Sendable () -> Date
    ) async throws {
        sessions = Sessions(
            try DataFolderKeys(.sessions, in: dataFolder, now: now), dataFolder: dataFolder, isSecure: signIn.isSecure,
            now: now)
        frame = try await Frame(
            assets: try PageAssets(libraries: pages.libraries), sessions: sessions, tiles: pages.tiles)
        let readModel = core.readModel
        self.signIn = SignInRoutes(
            sessions: sessions, frame: frame, provider: signIn.provider.map { OpenIDProvider($0, now: now) },
            isTrial: signIn.isTrial,
            people: { try await readModel.read { db in try readModel.pack(in: db) }?.people ?? [] }, now: now)
        let identity = ForwardedIdentity(try DataFolderKeys(.forwarding, in: dataFolder, now: now), now: now)
        self.pages = PageRoutes(
            frame: frame, readModel: readModel, door: core.door, pickUp: core.pickUp,
            contacts: core.contacts,
            intake: pages.intake.map { IntakeForward(place: $0, identity: identity) }, openLicense: pages.openLicense,
            progress: core.progress,
            now: { Timestamp(milliseconds: Int64((now().timeIntervalSince1970 * 1_000).rounded())) })
        wall = WallRoutes(frame: frame, board: core.board)
        overview = OverviewRoutes(routes: self.pages, desk: core.overview)
        topics = try TopicRoutes(frame: frame, prefix: pages.topicPrefix)
        self.pseudonyms = pseudonyms
        description = try OpenAPIDocument(Self.descriptionFile)
    }

    /// Adds the pages, and lets every address that is added later know sessions, too.
    func addRoutes(to router: Router<ServiceRequestContext>) {
        router.add(middleware: CompressionMiddleware())
        router.add(middleware: PageProblemMiddleware(frame: frame))
        router.add(middleware: SessionMiddleware(sessions: sessions, pseudonyms: pseudonyms))
        frame.assets.add(to: router)
        signIn.add(to: router)
        wall.add(to: router)
        overview.add(to: router)
        pages.add(to: router)
        topics.add(to: router)
        description.add(to: router)
    }
}
