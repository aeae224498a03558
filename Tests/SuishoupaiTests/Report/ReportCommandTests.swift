import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import TestSupport
import Testing

@testable import Suishoupai

/// A portal that has one report, in the language that is asked for.
private func portal() -> Application<RouterResponder<BasicRequestContext>> {
    let router = Router()
    router.get("v1/overview") { request, _ -> HTTPResponse.Status in
        switch request.uri.queryParameters["period"] {
        case "2026-11", "2026-10": .ok
        case "2026-W60": .badRequest
        default: .notFound
        }
    }
    router.get("overview/reports/{period}") { request, context -> Response in
        let period = try context.parameters.require("period")
        let language = request.headers[.acceptLanguage]?.hasPrefix("en") == true ? "Monthly" : "Yuebao"
        return Response(
            status: .ok, headers: [.contentType: "text/html"],
            body: .init(byteBuffer: ByteBuffer(string: "<title>\(language) \(period)</title><h1>\(period)</h1>")))
    }
    return Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)))
}

@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: Program.isBuilt, "the program is not built"))
struct ReportCommandTests {
    @Test(.enabled(if: PagePrinterTests.hasChromium, "there is no chromium: deploy/test installs it"))
    func `the page is printed into a file, in the language that was asked for`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "report.pdf")
        try await portal().test(.live) { client in
            let url = "http://127.0.0.1:\(try #require(client.port))"
            let said = try await Program.run(
                "report", "--url", url, "--period", "2026-11", "--pdf", file.path(percentEncoded: false),
                "--language", "en", "--json")

            #expect(said.status == 0, "\(said.output)")
            let answer = try JSONDecoder().decode(ReportCommand.Answer.self, from: Data(said.output.utf8))
            let bytes = try Data(contentsOf: file)
            #expect(answer.bytes == bytes.count && answer.period == "2026-11")
            #expect(answer.page == "\(url)/overview/reports/2026-11")
            #expect(bytes.starts(with: Data("%PDF-".utf8)))
            // The title is not compressed: it stands in the file's information.
            #expect(bytes.range(of: Data("(Monthly 2026-11)".utf8)) != nil)
        }
    }

    @Test func `without Chromium it says what to install, and writes nothing`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "report.pdf").path(percentEncoded: false)
        let said = try await Program.run(
            ["report", "--url", "http://127.0.0.1:9", "--period", "2026-11", "--pdf", file],
            path: folder.url.path(percentEncoded: false))

        #expect(said.status == 3)
        #expect(said.output.contains("apt-get install chromium"))
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func `what portal does not have is no PDF`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "report.pdf").path(percentEncoded: false)
        // A browser is not asked for what portal does not have.
        let browser = folder.url.appending(path: "chromium")
        try Data("#!/bin/sh\nexit 7\n".utf8).write(to: browser)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o700], ofItemAtPath: browser.path(percentEncoded: false))
        let path = folder.url.path(percentEncoded: false)
        try await portal().test(.live) { client in
            let url = "http://127.0.0.1:\(try #require(client.port))"
            func ask(_ period: String, at url: String) async throws -> Program.Answer {
                try await Program.run(
                    ["report", "--url", url, "--period", period, "--pdf", file], path: path)
            }

            let unknown = try await ask("2031-01", at: url)
            #expect(unknown.status == 1 && unknown.output.contains("has no report of 2031-01"), "\(unknown.output)")
            let impossible = try await ask("2026-W60", at: url)
            #expect(impossible.status == 1 && impossible.output.contains("52 or 53 weeks"), "\(impossible.output)")
            let away = try await ask("2026-11", at: "http://127.0.0.1:9")
            #expect(away.status == 1 && away.output.contains("does not answer"), "\(away.output)")
            let broken = try await ask("2026-11", at: url + "/")
            #expect(broken.status == 1 && broken.output.contains("printed nothing"), "\(broken.output)")
        }
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test(arguments: [
        ["--url", "portal", "--period", "2026-11", "--pdf", "x"],
        ["--url", "http://p", "--period", "may", "--pdf", "x"],
        ["--url", "http://p", "--period", "2026-11", "--pdf", "/nowhere/at/all.pdf"],
    ])
    func `what makes no sense is refused before anything is asked`(arguments: [String]) async throws {
        let said = try await Program.run(["report"] + arguments)

        #expect(said.status == 2, "\(said.output)")
    }
}

enum PagePrinterTests {
    static let hasChromium = FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")
}
