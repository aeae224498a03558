import ArgumentParser
import Contracts
import Foundation

/// `suishoupai verify-case`: whether the log of a case is whole.
struct VerifyCaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-case",
        abstract: "Check the hash chain of a case: every step, in order, as it was told.",
        discussion: """
            Reads the stores beside the running system, or records from a file or a pipe. The rule is published in \
            docs/routing-log.md; deploy/verify-case.py checks the same. Exit status: 0 whole, 1 broken (the first broken \
            link is named), 2 no such case.

            Examples:
              suishoupai verify-case GX-20261123-0007 --data ./data
              kcat -C -b localhost:9092 -t case-events.v1 -e -q | suishoupai verify-case 3c9d1a54-… --from -
            """)

    @Argument(help: "The case, by its id or its number.")
    var name: String

    @Option(help: "The data folder.")
    var data: String?

    @Option(
        help: "A file of records, one a line; - for standard input. With records of cases.v1 the end is checked, too.")
    var from: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    private struct Report: Codable {
        let caseId: String
        let whole: Bool
        let firstFault: String?
        let head: CaseChain?
        let steps: [CaseLogCheck.Step]
    }

    func validate() throws {
        guard (data == nil) != (from == nil) else {
            throw ValidationError("Say where the records are: --data FOLDER or --from FILE, one of them.")
        }
    }

    func run() async throws {
        guard let records = try records() else {
            FileHandle.standardError.write(Data("没有案件 \(name) / there is no case \(name) here.\n".utf8))
            throw ExitCode(2)
        }
        let check = CaseLogCheck(records.events, head: records.head)
        if json {
            print(
                try ContractCoding.text(
                    Report(
                        caseId: records.caseId, whole: check.isWhole, firstFault: check.firstFault,
                        head: records.head, steps: check.steps)))
        } else {
            show(check, of: records)
        }
        guard check.isWhole else { throw ExitCode(1) }
    }

    private func records() throws -> CaseRecords? {
        do {
            guard let from else {
                let folder = try DataFolder.demand(data ?? "")
                return try CaseRecords.find(name, in: StoreShelf(folder))
            }
            let bytes =
                from == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(filePath: from))
            return try CaseRecords.find(
                name, in: bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) })
        } catch let fault as CaseRecordsFault {
            throw ValidationError(fault.description)
        }
    }

    private func show(_ check: CaseLogCheck, of records: CaseRecords) {
        for step in check.steps {
            let link = step.number.map(String.init) ?? "?"
            let mark = step.fault == nil ? "✓" : "✗"
            let fault = step.fault.map { ": \($0)" } ?? ""
            print("\(mark) \(link) \(step.time) \(step.type) \(step.hash?.prefix(12) ?? "")\(fault)")
        }
        if let fault = check.firstFault {
            print("✗ 案件 \(records.caseId) 的日志不完整 / the log of the case is broken. \(fault)")
        } else {
            let end = records.head == nil ? "（未核对结尾 / its end was not checked: no record of cases.v1）" : ""
            print("✓ 案件 \(records.caseId) 的日志完整 / the log of the case is whole: \(check.steps.count)\(end)")
        }
    }
}
