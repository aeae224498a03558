/// Finds e-mail addresses, also with the full-width ＠ of Chinese keyboards.
enum EmailSearch {
    static func findings(in scalars: [Unicode.Scalar]) -> [PersonalFinding] {
        scalars.indices.compactMap { at -> PersonalFinding? in
            guard Signs.isAt(scalars[at]) else { return nil }
            let name = scalars[..<at].reversed().prefix(while: isOfName).count
            var domain = scalars[(at + 1)...].prefix(while: isOfDomain)
            // A full stop behind an address ends the sentence.
            while let last = domain.last, !Signs.isLetter(last), Signs.digit(last) == nil { domain.removeLast() }
            guard name > 0, isDomain(domain) else { return nil }
            return PersonalFinding(
                kind: .email, positions: (at - name..<domain.endIndex).filter { $0 != at })
        }
    }

    /// Whether it ends in a dot and two letters or more.
    private static func isDomain(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let dot = scalars.lastIndex(where: Signs.isDot), dot > scalars.startIndex else { return false }
        let ending = scalars[(dot + 1)...]
        return ending.count >= 2 && ending.allSatisfy(Signs.isLetter)
    }

    private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
        isOfDomain(scalar) || "_%+".unicodeScalars.contains(scalar)
    }

    private static func isOfDomain(_ scalar: Unicode.Scalar) -> Bool {
        Signs.isLetter(scalar) || Signs.digit(scalar) != nil || Signs.isDot(scalar) || scalar == "-"
            || scalar == "\u{FF0D}"
    }
}
