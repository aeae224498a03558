extension String {
    /// The text, or as many whole characters of it as fit with an ellipsis behind them.
    func cut(toBytes most: Int) -> String {
        guard utf8.count > most else { return self }
        var cut = ""
        var bytes = "…".utf8.count
        for character in self {
            bytes += character.utf8.count
            guard bytes <= most else { break }
            cut.append(character)
        }
        return cut + "…"
    }

    /// The URL without what stands behind `#`, and that: a robot's secret is kept there, since it is never sent.
    var splitAtFragment: (url: String, fragment: String?) {
        guard let mark = firstIndex(of: "#") else { return (self, nil) }
        let fragment = String(self[index(after: mark)...])
        return (String(self[..<mark]), fragment.isEmpty ? nil : fragment)
    }
}
