import Contracts

extension Rate {
    /// To a thousandth, rounded; nil where the sample is too small to say anything.
    func permille(of counts: RateCounts, minimumSample: Int) -> Int? {
        let sample = sample(of: counts)
        guard sample >= max(minimumSample, 1) else { return nil }
        return (part(of: counts) * 2_000 + sample) / (sample * 2)
    }

    /// Of these less is better.
    static let burdens: Set<Rate> = [.return, .rework, .reopen, .whistle]
}

/// Tells rates to people: each with its sample, and no share of a sample that is too small.
struct RateTeller {
    let frame: Frame
    let language: Language
    let minimumSample: Int

    /// - Parameter before: the counts of the days that it is compared with.
    func card(_ rate: Rate, _ counts: RateCounts, before: RateCounts) -> [String: Any] {
        let sample = rate.sample(of: counts)
        var card: [String: Any] = [
            "rateName": word("rate-\(rate.rawValue)"), "rateMeaning": word("means-\(rate.rawValue)"),
            "rateValue": value(rate, counts), "isKnown": sample >= minimumSample,
            "rateSample": word("of", ["part": "\(rate.part(of: counts))", "sample": "\(sample)"]),
        ]
        if let change = change(of: rate, counts, before) {
            card["rateChange"] = word(
                "change", ["change": (change > 0 ? "+" : change < 0 ? "−" : "±") + Self.tenths(abs(change))])
            card["rateTone"] = change == 0 ? "same" : (change > 0) != Rate.burdens.contains(rate) ? "better" : "worse"
        }
        return card
    }

    /// A rate as people read it: a share, or that there is too little to say.
    func value(_ rate: Rate, _ counts: RateCounts) -> String {
        let sample = rate.sample(of: counts)
        guard sample > 0 else { return word("none") }
        guard let permille = rate.permille(of: counts, minimumSample: minimumSample) else {
            return word("too-few", ["sample": "\(sample)"])
        }
        return Self.tenths(permille) + "%"
    }

    /// By how many tenths of a point it rose; nil where either sample is too small.
    private func change(of rate: Rate, _ counts: RateCounts, _ before: RateCounts) -> Int? {
        guard let now = rate.permille(of: counts, minimumSample: minimumSample),
            let earlier = rate.permille(of: before, minimumSample: minimumSample)
        else { return nil }
        return now - earlier
    }

    static func tenths(_ permille: Int) -> String { "\(permille / 10).\(permille % 10)" }

    private func word(_ name: String, _ values: [String: String] = [:]) -> String {
        frame.words.text("figures.\(name)", language, values)
    }
}
