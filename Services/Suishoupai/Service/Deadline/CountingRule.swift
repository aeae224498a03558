import WorkingTime

/// How a unit of time is counted, in words, with the law that it follows.
struct CountingRule: Encodable {
    let unit: String
    let chinese: String
    let english: String
    /// Articles of the Civil Code 民法典.
    let articles: [Int]

    init(_ limit: TimeLimit) {
        switch limit {
        case .workingHours:
            unit = "w"
            chinese = "工作时：即时起算，只计办公时间，恰在下班时用完的以下班为截止"
            english = "working hours run from that very moment, and only while offices are open"
            articles = [201]
        case .emergencyHours:
            unit = "e"
            chinese = "紧急工作时：即时起算，昼夜连续计算，节假日照计"
            english = "emergency hours run from that very moment, day and night, holidays too"
            articles = [201]
        case .workingDays:
            unit = "d"
            chinese = "工作日：当日不计，从次日起算，末日下班时截止"
            english = "working days leave out the day of the start and end at the close of the last one"
            articles = [201, 203]
        case .naturalDays:
            unit = "n"
            chinese = "自然日：当日不计，从次日起算，节假日照计，末日二十四时截止，不因节假日顺延"
            english =
                "natural days leave out the day of the start, count holidays, and end with the last one, never put off"
            articles = [201, 203, 204]
        }
    }

    var text: String {
        "\(chinese)（民法典第\(articles.map(String.init).joined(separator: "、"))条）\n             \(english) "
            + "(Civil Code \(articles.map(String.init).joined(separator: ", ")))"
    }
}
