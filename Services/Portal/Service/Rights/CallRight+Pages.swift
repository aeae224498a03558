extension CallRight {
    /// Every page for people, with its forms and what its scripts ask for.
    static let pages = personal + console + counter + campaignPages + openPages

    private static let personal = [
        CallRight("GET /report", .roles(Posts.reporters)), CallRight("POST /report", .roles(Posts.reporters)),
        CallRight("GET /me", .signedIn, own), CallRight("GET /me/cases/{id}", .signedIn, own),
        CallRight("POST /me/cases/{id}", .signedIn, "\(own); \(actsByRole)"),
        CallRight("GET /wallet", .signedIn, own), CallRight("POST /wallet/orders", .signedIn, own),
        CallRight("POST /wallet/orders/{id}/cancel", .signedIn, own),
        CallRight("GET /inbox", .signedIn, own), CallRight("POST /inbox/{id}", .signedIn, own),
        CallRight("GET /settings", .signedIn, own), CallRight("POST /settings", .signedIn, own),
        CallRight("POST /settings/contacts", .signedIn, own), CallRight("POST /settings/look", .signedIn, own),
    ]

    private static let console = [
        CallRight("GET /console", .roles(Posts.staff)),
        CallRight("POST /console", .roles(Posts.batchers), actsByRole),
        CallRight("GET /console/cases/{id}", .roles(Posts.staff), "who reported: dispatcher, admin"),
        CallRight("POST /console/cases/{id}", .roles(Posts.staff), actsByRole),
        CallRight("GET /console/verify", .roles(Posts.verifiers)),
        CallRight("POST /console/verify", .roles(Posts.verifiers), actsByRole),
        CallRight("GET /console/people/{id}", .roles(Posts.desk), "asks for the reason, and shows nothing"),
        CallRight(
            "POST /console/people/{id}", .roles(Posts.desk), "only with a reason, which is written to access-log.v1"),
        CallRight("GET /console/map", .roles(Posts.staff)),
        CallRight("GET /console/map/cases.json", .roles(Posts.staff)),
        CallRight("GET /console/figures", .roles(Posts.staff)),
        CallRight("GET /console/admin", .roles(Posts.admins)),
        CallRight("GET /console/admin/people", .roles(Posts.admins)),
    ]

    private static let counter = [
        CallRight("GET /console/station", .roles(Posts.counter), "budgets: admin"),
        CallRight("GET /console/station/{id}", .roles(Posts.counter), ofStation),
        CallRight("POST /console/station/{id}/orders", .roles(Posts.counter), ofStation),
        CallRight("POST /console/station/{id}/stock", .roles(Posts.counter), ofStation),
    ]

    private static let campaignPages = [
        CallRight("GET /console/campaigns", .roles(Posts.staff)),
        CallRight("POST /console/campaigns", .roles(Posts.desk)),
        CallRight("GET /console/campaigns/{id}", .roles(Posts.staff)),
        CallRight("POST /console/campaigns/{id}/targets", .roles(Posts.desk)),
        CallRight("POST /console/campaigns/{id}/visits", .roles(Posts.visitors)),
        CallRight("POST /console/campaigns/{id}/end", .roles(Posts.desk)),
    ]

    private static let openPages = [
        "GET /", "GET /wall", "GET /wall/live", "GET /overview", "GET /overview/live", "GET /overview/reports/{period}",
        "GET /open", "GET /map/communities.json", "GET /language", "GET /manifest.webmanifest", "GET /session",
        "GET /sign-in", "GET /sign-in/start", "GET /sign-in/back", "POST /sign-in/trial", "POST /sign-out",
        "GET /static/{hash}/{name}", "GET /static/{hash}/images/{name}", "GET /service-worker.js", "GET /favicon.ico",
    ].map { CallRight($0, .everybody) }
}
