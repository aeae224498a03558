import Foundation

/// The log of one case, held against its own hashes.
package struct CaseLogCheck: Sendable, Equatable {
    /// An event of the log, and what is wrong with it.
    package struct Step: Codable, Sendable, Equatable {
        package let number: Int?
        package let type: String
        package let time: String
        package let hash: String?
        /// Absent where it fits.
        package let fault: String?
    }

    package let steps: [Step]
    /// What is wrong with the end of the log; nil where it is whole, or nobody knows.
    package let endFault: String?

    package var isWhole: Bool { firstFault == nil }

    /// The first broken link, in words.
    package var firstFault: String? {
        steps.first { $0.fault != nil }.map { "\($0.number.map { "link \($0)" } ?? $0.type): \($0.fault ?? "")" }
            ?? endFault
    }

    /// Checks the records of one case, in whatever order and however often they come.
    ///
    /// - Parameter head: the newest link by the case's state; nil where no state is at hand.
    package init(_ records: [ContractJSON], head: CaseChain?) {
        var walk = Walk()
        var steps: [Step] = []
        var seen: [ContractJSON] = []
        for record in records where !seen.contains(record) { seen.append(record) }
        let ordered = seen.enumerated().sorted {
            ($0.element.link?.number ?? 0, $0.offset) < ($1.element.link?.number ?? 0, $1.offset)
        }
        for (_, record) in ordered { steps.append(walk.step(record)) }
        self.steps = steps
        endFault = head.flatMap { walk.fault(at: $0) }
    }
}

/// Goes from link to link.
private struct Walk {
    private var last: CaseLink?

    mutating func step(_ record: ContractJSON) -> CaseLogCheck.Step {
        let link = record.link
        let fault = link.map { self.fault(of: record, at: $0) } ?? "has no link"
        if let link { last = link }
        return CaseLogCheck.Step(
            number: link?.number, type: record.words("type"), time: record.words("time"), hash: link?.hash,
            fault: fault)
    }

    private func fault(of record: ContractJSON, at link: CaseLink) -> String? {
        let expected = (last?.number ?? 0) + 1
        if link.number < expected { return "there are two of this number" }
        if link.number > expected {
            return expected == link.number - 1
                ? "link \(expected) is missing before it"
                : "links \(expected) to \(link.number - 1) are missing before it"
        }
        if link.previous != last?.hash ?? "" { return "does not follow from link \(expected - 1)" }
        if link.content != record.contentHash { return "its content is not what was told" }
        let hash = CaseLink.hash(
            number: link.number, previous: link.previous, content: link.content, time: record.words("time"),
            type: record.words("type"))
        return link.hash == hash ? nil : "its time, type or hash is not what was told"
    }

    func fault(at head: CaseChain) -> String? {
        let number = last?.number ?? 0
        if number < head.number { return "the log ends at link \(number), the case has \(head.number)" }
        if number > head.number { return "the log has link \(number), the case only \(head.number)" }
        return last?.hash == head.hash ? nil : "the last link is not the one that the case knows"
    }
}

extension ContractJSON {
    fileprivate func words(_ key: String) -> String {
        guard case .string(let text) = self[key] else { return "" }
        return text
    }

    /// Nil where there is none, or one that cannot be read.
    fileprivate var link: CaseLink? {
        guard let chain = self["data"]?["chain"], case .integer(let number) = chain["number"],
            let whole = Int(exactly: number)
        else { return nil }
        return CaseLink(
            number: whole, previous: chain.words("previous"), content: chain.words("content"),
            hash: chain.words("hash"))
    }

    /// Nil where the data cannot be written as JSON.
    fileprivate var contentHash: String? {
        guard case .object(var members) = self["data"] else { return nil }
        members["chain"] = nil
        do {
            return ContentHash.sha256(try ContractCoding.encode(ContractJSON.object(members)))
        } catch {
            // A number that is none: no data of ours has one.
            return nil
        }
    }
}
