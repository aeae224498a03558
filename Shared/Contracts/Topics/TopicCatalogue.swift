/// Every topic there is.
///
/// The broker set-up, the docs, the rights and the tests read this list.
package enum TopicCatalogue {
    /// How many partitions a keyed topic has.
    ///
    /// Fixed for the life of the data: each store remembers it.
    private static let keyed = 4

    package static let reports = Topic(
        name: "reports.v1", kind: .events, key: "community id", partitions: keyed, retentionDays: 30,
        writers: ["report-intake"], audience: .partner,
        audienceReason: "It says where each pseudonym was and what they saw: partners answer for that by contract",
        purpose: "Reports 随手拍 and requests 直通车 as they were accepted, and what their reporters did with them later")
    package static let platformReports = Topic(
        name: "platform-reports.v1", kind: .events, key: "the platform's choice", partitions: keyed, retentionDays: 7,
        writers: ["platforms"], audience: .internal,
        audienceReason: "The words are as people wrote them, not yet masked: a platform writes here and reads receipts",
        purpose: "Reports that rider platforms write themselves, for report-intake to take in")
    package static let platformReceipts = Topic(
        name: "platform-receipts.v1", kind: .events, key: "platform", partitions: keyed, retentionDays: 7,
        writers: ["report-intake"], audience: .partner,
        audienceReason: "A platform learns what became of its own reports; the links that it gets are sealed for it",
        purpose: "What became of each record of platform-reports.v1")
    package static let caseCommands = Topic(
        name: "case-commands.v1", kind: .commands, key: "community id", partitions: keyed, retentionDays: 30,
        writers: ["case-routing", "portal", "suishoupai"], audience: .internal,
        audienceReason: "Reports and orders of staff as they came in, with whatever their writers put into them",
        purpose: "The one ordered input of case-routing")
    package static let caseEvents = Topic(
        name: "case-events.v1", kind: .events, key: "community id", partitions: keyed, retentionDays: 365,
        writers: ["case-routing"], audience: .partner,
        audienceReason: "Reporters and staff by pseudonym, exact places, and reasons that people wrote, masked",
        purpose: "What happened to cases, step by step")
    package static let cases = Topic(
        name: "cases.v1", kind: .states, key: "case id", partitions: keyed, retentionDays: nil,
        writers: ["case-routing"], audience: .partner,
        audienceReason: "Reporters and handlers by pseudonym, exact places, and addresses, masked",
        purpose: "Each case as it stands after each change")
    package static let openCases = Topic(
        name: "open-cases.v1", kind: .states, key: "case id", partitions: keyed, retentionDays: nil,
        writers: ["case-routing"], audience: .public,
        audienceReason: "No person, no words that nobody judged, places to a hundred metres, and none of requests",
        purpose: "What everybody may know of each case, after each change of it")
    package static let caseRates = Topic(
        name: "case-rates.v1", kind: .events, key: "community id", partitions: keyed, retentionDays: nil,
        writers: ["case-routing"], audience: .public,
        audienceReason: "Counts of what units did: no person, no case, no place",
        purpose: "What was counted of each unit's cases, by day and by month")
    package static let campaigns = Topic(
        name: "campaigns.v1", kind: .states, key: "campaign id", partitions: keyed, retentionDays: nil,
        writers: ["case-routing"], audience: .internal,
        audienceReason: "It says at which doors somebody called, and who",
        purpose: "Each campaign 专项整治 as it stands after each change, with the visits to each door")
    package static let pointsCommands = Topic(
        name: "points-commands.v1", kind: .commands, key: "ledger id", partitions: keyed, retentionDays: 30,
        writers: ["points", "portal", "suishoupai"], audience: .internal,
        audienceReason: "Orders of people about their own points",
        purpose: "The one ordered input of points")
    package static let pointsEvents = Topic(
        name: "points-events.v1", kind: .events, key: "ledger id", partitions: keyed, retentionDays: 365,
        writers: ["points"], audience: .partner,
        audienceReason: "Every movement of every purse, by pseudonym: for those who check the books",
        purpose:
            "Every transfer of points with its postings, orders of prizes, stock, hours served, notices and signals")
    package static let accounts = Topic(
        name: "accounts.v1", kind: .states, key: "account id", partitions: keyed, retentionDays: nil,
        writers: ["points"], audience: .partner,
        audienceReason: "The balance of every purse, by pseudonym: for those who check the books",
        purpose: "Each account's balance after each posting")
    package static let orders = Topic(
        name: "orders.v1", kind: .states, key: "order id", partitions: keyed, retentionDays: nil,
        writers: ["points"], audience: .internal,
        audienceReason: "What somebody chose and where they fetch it",
        purpose: "Each order of prizes 兑换 as it stands after each change")
    package static let stocks = Topic(
        name: "stocks.v1", kind: .states, key: "station id/prize id", partitions: keyed, retentionDays: nil,
        writers: ["points"], audience: .partner,
        audienceReason: "No person; but each change is somebody who was at that station at that moment",
        purpose: "How many of each prize lie at each station 驿站")
    package static let notificationCommands = Topic(
        name: "notification-commands.v1", kind: .commands, key: "recipient id", partitions: keyed, retentionDays: 30,
        writers: ["notifications", "portal", "suishoupai"], audience: .internal,
        audienceReason: "Who is to be told what",
        purpose: "The one ordered input of notifications")
    package static let notificationEvents = Topic(
        name: "notification-events.v1", kind: .events, key: "recipient id", partitions: keyed, retentionDays: 90,
        writers: ["notifications"], audience: .internal,
        audienceReason: "Who was told what",
        purpose: "Who was told what, and how each sending ended")
    package static let inboxes = Topic(
        name: "inboxes.v1", kind: .states, key: "inbox message id", partitions: keyed, retentionDays: nil,
        writers: ["notifications"], audience: .internal,
        audienceReason: "Letters to people",
        purpose: "Each message of each person's inbox")
    package static let notificationSettings = Topic(
        name: "notification-settings.v1", kind: .states, key: "person id", partitions: keyed, retentionDays: nil,
        writers: ["notifications"], audience: .internal,
        audienceReason: "When people sleep and how they are reached",
        purpose: "How each person is reached, when and how; contacts are sealed")
    package static let webhookEndpoints = Topic(
        name: "webhook-endpoints.v1", kind: .states, key: "endpoint id", partitions: keyed, retentionDays: nil,
        writers: ["notifications"], audience: .internal,
        audienceReason: "Addresses and sealed secrets of those who are called",
        purpose: "Each program and group that is called of what happens")
    package static let accessLog = Topic(
        name: "access-log.v1", kind: .events, key: "person id", partitions: keyed, retentionDays: nil,
        writers: ["portal"], audience: .internal,
        audienceReason: "What staff looked at, and of whom",
        purpose: "Who of the staff looked at what is kept of a person, when and why")
    package static let reference = Topic(
        name: "reference.v1", kind: .events, key: "pack hash, or the name of a key", partitions: 1, retentionDays: nil,
        writers: ["suishoupai"], audience: .internal,
        audienceReason: "The posts of staff, and hashes of keys",
        purpose: "Packs and platforms' keys, for intake, portal and readers")
    package static let openReference = Topic(
        name: "open-reference.v1", kind: .states, key: "pack name", partitions: 1, retentionDays: nil,
        writers: ["suishoupai"], audience: .public,
        audienceReason: "Names and services that are on every public page: no post of staff, no member of a team",
        purpose: "What everybody may know of the pack in force: names, stations 驿站, care items 关爱服务, teams 队伍")
    package static let logIdentity = Topic(
        name: "log-identity.v1", kind: .system, key: "none", partitions: 1, retentionDays: nil,
        writers: ["embedded-broker", "suishoupai"], audience: .internal,
        audienceReason: "For the programs alone",
        purpose: "Which log this is; the first record counts")
    package static let control = Topic(
        name: "control.v1", kind: .system, key: "source", partitions: 1, retentionDays: nil,
        writers: ["case-routing", "points", "notifications", "portal", "report-intake", "suishoupai"],
        audience: .internal,
        audienceReason: "For the programs alone",
        purpose: "Announced rows, rows asked for again, and what operators did with records and dead letters")

    /// Where a program puts what it could not process.
    package static func deadLetters(of program: String) -> Topic {
        Topic(
            name: "\(program)-dead-letters.v1", kind: .events, key: "source topic", partitions: 1, retentionDays: nil,
            writers: [program], audience: .internal, audienceReason: "Whatever came in, as it came",
            purpose: "Records that \(program) could not process, and why")
    }

    /// The programs that apply commands, and so have dead letters.
    package static let processors = ["case-routing", "points", "notifications"]

    /// Writers that are no programs of ours: whatever they write is checked before anything follows from it.
    package static let outsiders = ["platforms"]

    package static let all: [Topic] =
        [
            reports, platformReports, platformReceipts, caseCommands, caseEvents, cases, openCases, caseRates,
            campaigns,
            pointsCommands, pointsEvents, accounts, orders, stocks, notificationCommands, notificationEvents, inboxes,
            notificationSettings, webhookEndpoints, accessLog, reference, openReference, logIdentity, control,
        ] + processors.map(deadLetters(of:))

    package static func topic(named name: String) -> Topic? {
        all.first { $0.name == name }
    }
}
