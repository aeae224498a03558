import Hummingbird

/// Where the endpoint is and whom to ask, as the Service Discovery specification wants it said.
struct Discovery: Equatable, Sendable {
    /// The address by which others reach this program, without a slash at its end; nil takes it from each request.
    var address: String?
    /// Whom to ask about this endpoint.
    var contact = "Ask the operator of this system."

    /// When what this document says last changed.
    private static let changeset = "2026-11-26T00:00:00Z"
    private static let keyService =
        "Ask the operator for a key of your platform (suishoupai keys create) and send it as api_key."

    /// The address of the endpoint.
    ///
    /// - Parameter authority: the host and port that the request was sent to.
    func endpoint(authority: String?) -> String {
        "\(address ?? "http://\(authority ?? "localhost")")/open311/v2"
    }

    func answer(authority: String?) -> Open311Answer {
        let endpoint = ResponseTree.members([
            "specification": .text("http://wiki.open311.org/GeoReport_v2"),
            "url": .text(endpoint(authority: authority)),
            "changeset": .text(Self.changeset),
            "type": .text("production"),
            "formats": .list(of: "format", Open311Format.allCases.map { .text($0.mediaType) }),
        ])
        return Open311Answer(
            root: "discovery",
            tree: .members([
                "changeset": .text(Self.changeset),
                "contact": .text(contact),
                "key_service": .text(Self.keyService),
                "endpoints": .list(of: "endpoint", [endpoint]),
            ]))
    }
}

extension Open311Format {
    fileprivate var mediaType: String {
        switch self {
        case .xml: "text/xml"
        case .json: "application/json"
        }
    }
}
