/// How a day's reports spread over its hours: few at night, most when people are on the road and when meals are brought.
///
/// Plausible, not measured; only the shape counts.
struct DayShape: Sendable {
    /// How much comes in each hour from midnight on.
    let weights: [Int]

    static let city = DayShape(weights: [
        6, 4, 3, 3, 4, 8, 20, 48, 74, 66, 58, 70, 82, 62, 52, 54, 58, 72, 80, 64, 46, 34, 22, 12,
    ])

    /// When each of so many reports is sent, in order, as shares of the day from 0 up to 1.
    func arrivals(_ count: Int, using numbers: inout some RandomNumberGenerator) -> [Double] {
        let total = weights.reduce(0, +)
        return (0..<count).map { _ in
            var left = Int.random(in: 0..<total, using: &numbers)
            var hour = 0
            while left >= weights[hour] {
                left -= weights[hour]
                hour += 1
            }
            return (Double(hour) + Double.random(in: 0..<1, using: &numbers)) / Double(weights.count)
        }.sorted()
    }
}
