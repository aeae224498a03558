/// Bars side by side, drawn on the server: seen without scripts, and on paper.
///
/// Colours come from the style sheet, by `series-1` and `series-2`.
struct BarChart {
    struct Group: Sendable {
        let label: String
        /// One for each series.
        let values: [Int]
    }

    let groups: [Group]
    /// What it shows, for those who do not see it.
    let caption: String

    private static let (width, height) = (720, 220)
    private static let (left, right, top, bottom) = (40, 8, 18, 24)
    /// Up to so many groups have their numbers above the bars: more would overlap.
    private static let mostNumbered = 14

    /// Nil where there is nothing to see: the numbers say so better.
    var svg: HTML? {
        let most = groups.flatMap(\.values).max() ?? 0
        guard most > 0 else { return nil }
        let step = Self.step(for: most)
        let scale = (most + step - 1) / step * step
        let lines = stride(from: 0, through: scale, by: step).map { line(at: $0, of: scale) }
        let bars = groups.indices.map { drawn($0, scale: scale) }
        return """
            <svg class="bars" viewBox="0 0 \(Self.width) \(Self.height)" role="img" \
            aria-label="\(caption)">\(lines)\(bars)</svg>
            """
    }

    /// A round distance of lines, so that there are about four.
    private static func step(for most: Int) -> Int {
        var unit = 1
        while true {
            for factor in [1, 2, 5] where factor * unit * 5 >= most { return factor * unit }
            unit *= 10
        }
    }

    private func level(_ value: Int, of scale: Int) -> Int {
        let room = Self.height - Self.top - Self.bottom
        return Self.height - Self.bottom - value * room / scale
    }

    private func line(at value: Int, of scale: Int) -> HTML {
        let height = level(value, of: scale)
        return """
            <line x1="\(Self.left)" x2="\(Self.width - Self.right)" y1="\(height)" y2="\(height)"/>\
            <text class="scale" x="\(Self.left - 6)" y="\(height + 4)">\(value)</text>
            """
    }

    private func drawn(_ index: Int, scale: Int) -> HTML {
        let group = groups[index]
        let room = Self.width - Self.left - Self.right
        let start = Self.left + room * index / groups.count
        let end = Self.left + room * (index + 1) / groups.count
        let gap = max((end - start) / 6, 1)
        let wide = max((end - start - 2 * gap) / max(group.values.count, 1), 1)
        let series = group.values.indices.map { number -> HTML in
            let value = group.values[number]
            let (x, y) = (start + gap + number * wide, level(value, of: scale))
            let bar: HTML = """
                <rect class="series-\(number + 1)" x="\(x)" y="\(y)" width="\(wide)" height="\(Self.height - Self.bottom - y)"/>
                """
            guard groups.count <= Self.mostNumbered, value > 0 else { return bar }
            return "\(bar)<text class=\"number\" x=\"\(x + wide / 2)\" y=\"\(y - 4)\">\(value)</text>"
        }
        return """
            \(series)<text class="name" x="\((start + end) / 2)" y="\(Self.height - 6)">\(group.label)</text>
            """
    }
}
