/// How long the steps took that people waited for.
actor StepTimes {
    /// What somebody waits for.
    enum Step: String, Sendable, CaseIterable, Codable {
        /// A report, from sending it to the receipt.
        case report
        /// From sending it to the case that it is in, as its reporter sees it.
        case `case`
        /// What staff do, from the form to what the owner of the case says.
        case action
        /// A look: lists, cases, one's own reports, the board.
        case read
    }

    private var milliseconds: [Step: [Double]] = [:]

    func note(_ step: Step, _ time: Duration) { milliseconds[step, default: []].append(time / .milliseconds(1)) }

    var spreads: [Spread] {
        Step.allCases.compactMap { step in milliseconds[step].flatMap { Spread(step, $0) } }
    }

    /// Times of one step, in milliseconds.
    struct Spread: Codable, Sendable, Equatable {
        let step: Step
        let count: Int
        let p50: Double
        let p95: Double
        let p99: Double
        let longest: Double

        init?(_ step: Step, _ times: [Double]) {
            let sorted = times.sorted()
            guard let last = sorted.last else { return nil }
            // Nearest rank: the smallest that at least so many are not above.
            func rank(_ share: Double) -> Double {
                let index = Int((share * Double(sorted.count)).rounded(.up)) - 1
                return (sorted[max(0, index)] * 10).rounded() / 10
            }
            self.step = step
            count = sorted.count
            p50 = rank(0.5)
            p95 = rank(0.95)
            p99 = rank(0.99)
            longest = (last * 10).rounded() / 10
        }
    }
}
