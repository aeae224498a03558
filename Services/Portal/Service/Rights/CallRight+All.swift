extension CallRight {
    static let all = calls + forwarded + pages

    /// Every call for programs.
    static let calls = cases + people + points + stations + campaigns + files + open

    private static let cases = [
        CallRight("GET /v1/cases", .signedIn, "fields by the next table; others' handlers, grids and flags: staff"),
        CallRight("GET /v1/cases/{id}", .signedIn, "fields by the next table"),
        CallRight("GET /v1/cases/{id}/timeline", .signedIn, "fields by the next table"),
        CallRight("GET /v1/cases/{id}/log", .related(Posts.desk), "or who reported the case, without its contents"),
        CallRight("POST /v1/cases/{id}/actions", .roles(Posts.actors), actsByRole),
        CallRight("GET /v1/commands/{id}", .signedIn, "given by others: not found"),
        CallRight("GET /v1/feed", .signedIn, "fields by the next table"),
    ]

    private static let people = [
        CallRight("GET /v1/me/reports", .signedIn, own), CallRight("GET /v1/me/inbox", .signedIn, own),
        CallRight("GET /v1/me/inbox/unread", .signedIn, own), CallRight("GET /v1/me/inbox/live", .signedIn, own),
        CallRight("POST /v1/me/inbox/{id}/read", .signedIn, own),
        CallRight("POST /v1/me/inbox/{id}/archive", .signedIn, own),
        CallRight("GET /v1/inbox/outcomes-seen", .roles(Posts.desk), "counts only"),
        CallRight("GET /v1/me/settings", .signedIn, own), CallRight("PUT /v1/me/settings", .signedIn, own),
        CallRight("PUT /v1/me/contacts/{channel}", .signedIn, own),
        CallRight("DELETE /v1/me/contacts/{channel}", .signedIn, own),
        CallRight("POST /v1/me/consents", .signedIn, own), CallRight("GET /v1/me/export", .signedIn, own),
        CallRight("DELETE /v1/me", .signedIn, own),
    ]

    private static let points = [
        CallRight("GET /v1/me/points", .signedIn, own), CallRight("GET /v1/me/statement", .signedIn, own),
        CallRight("GET /v1/me/orders", .signedIn, own), CallRight("POST /v1/me/orders", .signedIn, own),
        CallRight("GET /v1/me/orders/{id}", .signedIn, own),
        CallRight("POST /v1/me/orders/{id}/cancel", .signedIn, own),
        CallRight("GET /v1/me/hours", .signedIn, own), CallRight("GET /v1/me/hours/certificate", .signedIn, own),
        CallRight("GET /v1/me/notices", .signedIn, own),
        CallRight("POST /v1/me/notices/{id}/objection", .signedIn, own),
        CallRight("GET /v1/points/statements/{account}", .roles(Posts.desk)),
        CallRight("GET /v1/points/teams/{team}/statement", .related(Posts.desk), "or the team's members and leader"),
        CallRight("GET /v1/points/budget", .roles(Posts.desk)),
        CallRight("POST /v1/points/transfers", .roles(Posts.admins)),
        CallRight("POST /v1/points/transfers/{id}/end", .roles(Posts.admins)),
        CallRight("POST /v1/points/transfers/{id}/correction", .roles(Posts.admins)),
        CallRight("POST /v1/points/hours", .roles(Posts.hourKeepers)),
        CallRight("GET /v1/points/notices", .roles(Posts.desk)),
        CallRight("POST /v1/points/notices", .roles(Posts.desk)),
        CallRight("POST /v1/points/notices/{id}/decision", .roles(Posts.desk), "not about oneself"),
        CallRight("GET /v1/points/signals", .roles(Posts.desk)),
        CallRight("POST /v1/points/signals/{id}/review", .roles(Posts.desk), "not about oneself"),
    ]

    private static let stations = [
        CallRight("GET /v1/stations/{id}/orders", .roles(Posts.counter), ofStation),
        CallRight("GET /v1/stations/{id}/stock", .roles(Posts.counter), ofStation),
        CallRight("POST /v1/stations/{id}/stock", .roles(Posts.counter), ofStation),
        CallRight("POST /v1/stations/{id}/hand-overs", .roles(Posts.counter), ofStation),
        CallRight("POST /v1/stations/{id}/take-backs", .roles(Posts.counter), ofStation),
        CallRight("POST /v1/stations/{id}/shortages", .roles(Posts.counter), ofStation),
        CallRight("GET /v1/stations/{id}/statement", .related(Posts.desk), "or the station's staff by name"),
    ]

    private static let campaigns = [
        CallRight("GET /v1/campaigns", .roles(Posts.staff)), CallRight("GET /v1/campaigns/{id}", .roles(Posts.staff)),
        CallRight("POST /v1/campaigns", .roles(Posts.desk)),
        CallRight("POST /v1/campaigns/{id}/targets", .roles(Posts.desk)),
        CallRight("POST /v1/campaigns/{id}/visits", .roles(Posts.visitors)),
        CallRight("POST /v1/campaigns/{id}/end", .roles(Posts.desk)),
    ]

    private static let files = [
        CallRight("GET /console/cases.csv", .roles(Posts.staff), "fields by the next table"),
        CallRight("GET /console/cases.xlsx", .roles(Posts.staff), "fields by the next table"),
    ]

    private static let open = [
        "GET /v1/feed/board", "GET /v1/board", "GET /v1/overview", "GET /v1/reference", "GET /v1/web-push-key",
        "GET /v1/unsubscribe/{token}", "POST /v1/unsubscribe/{token}", "GET /v1/outside/{token}",
        "POST /v1/outside/{token}", "GET /v1/points/months", "GET /v1/prizes", "GET /v1/prizes/{id}/photo",
        "GET /v1/stations", "GET /v1/stations/pick-up-key", "GET /open/cases.geojson", "GET /open/cases.csv",
        "GET /open/cases.ndjson", "GET /open/cases/{id}", "GET /open/statistics.json", "GET /open/statistics.csv",
        "GET /open/asyncapi.json", "GET /open/schemas/{name}", "GET /open/topics", "GET /open/topics/{name}",
        "GET /openapi.json", "GET /health/live", "GET /health/ready", "GET /metrics",
    ].map { CallRight($0, .everybody, $0.contains("{token}") ? "whoever has the link" : "") }

    /// What portal hands on to report-intake, with who asks and their roles.
    static let forwarded = [
        "POST /v1/reports", "POST /v1/reports/preview", "POST /v1/photos", "POST /v1/voice-notes", "POST /v1/captures",
        "GET /v1/reports/nearby", "GET /v1/reports/{id}", "GET /v1/photos/{id}", "GET /v1/voice-notes/{id}",
        "GET /v1/landmarks",
    ].map { CallRight($0, .signedIn, "report-intake decides") }

    static let own = "one's own"
    static let ofStation = "who works at the station by the pack; admin at each"
    static let actsByRole = "each action has its roles"
}
