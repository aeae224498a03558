import ArgumentParser
import Contracts
import Foundation
import ServiceKit

/// `suishoupai statement`: what was booked to an account, and whether that is all of it.
struct StatementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement",
        abstract: "Show every posting of an account or a person, and check the account's hash chain.",
        discussion: """
            Reads the stores beside the running system, or records of points-events.v1 (and, so that the end is checked \
            too, of accounts.v1) from a file or a pipe. The rule is published in docs/points.md; deploy/verify-points.py \
            checks the same for all accounts. Exit status: 0, with --verify 1 where an account is broken (what is wrong is \
            named), 2 no such account.

            Examples:
              suishoupai statement rider-1 --data ./data --verify
              suishoupai statement available:gaoxin:rider-1 --data ./data --csv > statement.csv
              kcat -C -b localhost:9092 -t points-events.v1 -e -q | suishoupai statement rider-1 --from - --verify
            """)

    @Argument(help: "The account, such as available:gaoxin:rider-1, or the person, such as rider-1.")
    var name: String

    @Option(help: "The data folder.")
    var data: String?

    @Option(help: "A file of records, one a line; - for standard input.")
    var from: String?

    @Flag(help: "End with 1 where the chain of an account is broken.")
    var verify = false

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print the postings as CSV.")
    var csv = false

    private struct Report: Codable {
        struct Account: Codable {
            let accountId: AccountID
            let balance: Int
            let whole: Bool
            let firstFault: String?
            let lines: [AccountCheck.Line]
        }

        let accounts: [Account]
    }

    func validate() throws {
        guard (data == nil) != (from == nil) else {
            throw ValidationError("Say where the records are: --data FOLDER or --from FILE, one of them.")
        }
        guard !(json && csv) else { throw ValidationError("Choose one form: --json or --csv.") }
    }

    func run() async throws {
        let records = try records()
        let checks = try records.accounts(of: name).map(records.check)
        guard !checks.isEmpty else {
            let words = "没有账户或人员 \(name) / no account of this name, and nobody of this name has one.\n"
            FileHandle.standardError.write(Data(words.utf8))
            throw ExitCode(2)
        }
        if json {
            try printJSON(checks)
        } else if csv {
            printCSV(checks)
        } else {
            for check in checks { show(check, knowsEnd: records.knowsEnd(of: check.accountId)) }
        }
        guard !verify || checks.allSatisfy(\.isWhole) else { throw ExitCode(1) }
    }

    private func records() throws -> PointsRecords {
        do {
            guard let from else {
                let folder = try DataFolder.demand(data ?? "")
                return try PointsRecords(StoreShelf(folder))
            }
            let bytes =
                from == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(filePath: from))
            return try PointsRecords(lines: bytes.split(separator: UInt8(ascii: "\n")))
        } catch let fault as PointsRecordsFault {
            throw ValidationError(fault.description)
        }
    }

    private func printJSON(_ checks: [AccountCheck]) throws {
        print(
            try ContractCoding.text(
                Report(
                    accounts: checks.map {
                        Report.Account(
                            accountId: $0.accountId, balance: $0.balance, whole: $0.isWhole, firstFault: $0.firstFault,
                            lines: $0.lines)
                    })))
    }

    private func printCSV(_ checks: [AccountCheck]) {
        let columns = ["account", "number", "time", "type", "amount", "balance", "case", "explanation", "hash"]
        print(CSVLine.text(columns), terminator: "")
        for check in checks {
            for line in check.lines {
                let cells = [
                    check.accountId.rawValue, line.number.map(String.init) ?? "", line.time, line.type,
                    "\(line.amount)", "\(line.balance)", line.caseNumber ?? "", line.explanation, line.hash ?? "",
                ]
                print(CSVLine.text(cells), terminator: "")
            }
        }
    }

    private func show(_ check: AccountCheck, knowsEnd: Bool) {
        print("\(check.accountId)")
        for line in check.lines {
            let mark = line.fault == nil ? "✓" : "✗"
            let fault = line.fault.map { "  ✗ \($0)" } ?? ""
            let amount = line.amount > 0 ? "+\(line.amount)" : "\(line.amount)"
            print(
                "  \(mark) \(line.number.map(String.init) ?? "–") \(line.time) \(amount) = \(line.balance)  "
                    + "\(line.explanation)\(fault)")
        }
        if let fault = check.firstFault {
            print("  ✗ 账目不完整 / the account is broken: \(fault)")
        } else {
            let end = knowsEnd ? "" : "（未核对结尾 / its end was not checked: no record of accounts.v1）"
            print("  ✓ 余额 \(check.balance) 分，账目完整 / \(check.balance) points, the account is whole\(end)")
        }
    }
}
