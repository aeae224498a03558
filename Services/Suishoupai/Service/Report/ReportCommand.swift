import ArgumentParser
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1

/// `suishoupai report`: a weekly or monthly report of the district as a PDF.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Print a weekly or monthly report of portal 周报月报 as a PDF.",
        discussion: """
            Asks portal for the page /overview/reports/PERIOD, which everybody may read, and lets Chromium print it. \
            Chromium is looked for on the PATH (chromium, chromium-browser, google-chrome); on Debian: apt-get install \
            chromium fonts-noto-cjk.

            Exit status: 0 when the PDF is there, 1 when portal has no such report or did not answer, or nothing could \
            be printed, 2 when the command was not understood, 3 when there is no Chromium.

            Examples:
              suishoupai report --url http://127.0.0.1:8080 --period 2026-11 --pdf november.pdf
              suishoupai report --url https://city.example --period 2026-W47 --pdf week.pdf --language en --json
            """)

    enum PageLanguage: String, ExpressibleByArgument, CaseIterable {
        case zh
        case en
    }

    @Option(help: ArgumentHelp("Where portal is.", valueName: "url"))
    var url: String

    @Option(help: "A month such as 2026-11, or a week such as 2026-W47.")
    var period: String

    @Option(help: ArgumentHelp("The file to write; one that is there is replaced.", valueName: "file"))
    var pdf: String

    @Option(help: "The language of the report.")
    var language = PageLanguage.zh

    @Flag(help: "Print one JSON object.")
    var json = false

    /// What `--json` prints.
    struct Answer: Codable, Sendable, Equatable {
        let period: String
        /// The page that was printed.
        let page: String
        let pdf: String
        let bytes: Int
    }

    /// Without a slash at its end.
    private var base: String { url.hasSuffix("/") ? String(url.dropLast()) : url }

    func validate() throws {
        guard let portal = URL(string: url), ["http", "https"].contains(portal.scheme), portal.host() != nil else {
            throw ValidationError("--url must be an address such as http://127.0.0.1:8080, not '\(url)'.")
        }
        guard period.wholeMatch(of: /\d{4}-(\d{2}|W\d{2})/) != nil else {
            throw ValidationError(
                "--period must be a month such as 2026-11 or a week such as 2026-W47, not '\(period)'.")
        }
        let folder = URL(filePath: pdf).deletingLastPathComponent().path(percentEncoded: false)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw ValidationError("--pdf: there is no folder '\(folder)'.")
        }
    }

    func run() async throws {
        let page = "\(base)/overview/reports/\(period)"
        do {
            let printer = try PagePrinter.find(on: ProcessInfo.processInfo.environment["PATH"] ?? "")
            try await demandReport()
            let bytes = try await printer.print(page, language: language.rawValue, to: URL(filePath: pdf))
            let answer = Answer(period: period, page: page, pdf: pdf, bytes: bytes)
            print(json ? try ContractCoding.text(answer) : "已写入 / written: \(pdf) (\(bytes) bytes, \(page))")
        } catch let missing as PagePrinter.Missing {
            FileHandle.standardError.write(Data("\(missing)\n".utf8))
            throw ExitCode(3)
        }
    }

    /// Chromium would print a refusal, too: so portal is asked first.
    private func demandReport() async throws {
        let http = HTTPClient(eventLoopGroupProvider: .singleton)
        let status: UInt
        do {
            let request = HTTPClientRequest(url: "\(base)/v1/overview?period=\(period)")
            status = try await http.execute(request, timeout: .seconds(30)).status.code
        } catch {
            try await http.shutdown()
            throw ReportTrouble("Portal at \(base) does not answer: \(error)")
        }
        try await http.shutdown()
        switch status {
        case 200: return
        case 400: throw ReportTrouble("There is no period '\(period)': a year has 52 or 53 weeks, and twelve months.")
        case 404: throw ReportTrouble("Portal at \(base) has no report of \(period): nothing is known of these days.")
        default: throw ReportTrouble("Portal at \(base) answered \(status) to /v1/overview?period=\(period).")
        }
    }
}
