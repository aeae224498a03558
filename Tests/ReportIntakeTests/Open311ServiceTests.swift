import Contracts
import EventProcessing
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@testable import ReportIntake

// The rules of SeeClickFix's open311-validator for discovery, services and service definitions, and what else the
// standard says of them.

private func isPast(_ text: String?) -> Bool {
    text.flatMap { Timestamp($0) }.map { $0 <= .now } ?? false
}

@Test func `discovery names the endpoint, its formats and whom to ask`() async throws {
    var settings = IntakeSettings(acceptAfter: .store)
    settings.discovery.contact = "12345"
    try await IntakeUnderTest.run(settings: settings) { _, client in
        let json = try await client.both("discovery", root: "discovery")

        #expect(json["contact"] == "12345")
        #expect(json["key_service"]?.string?.isEmpty == false)
        #expect(isPast(json["changeset"]?.string))
        let endpoints = try #require(json["endpoints"]?.array)
        #expect(endpoints.count == 1)
        for endpoint in endpoints {
            #expect(endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2")
            #expect(endpoint["url"] == "http://localhost/open311/v2")
            #expect(isPast(endpoint["changeset"]?.string))
            #expect(endpoint["type"] == "production")
            #expect(endpoint["formats"] == ["text/xml", "application/json"])
        }
        #expect(try await client.both("v2/discovery", root: "discovery") == json)
    }
}

@Test func `discovery names the address that was set`() async throws {
    var settings = IntakeSettings(acceptAfter: .store)
    settings.discovery.address = "https://reports.example.org"
    try await IntakeUnderTest.run(settings: settings) { _, client in
        let json = try await client.both("discovery", root: "discovery")

        #expect(json["endpoints"]?.array?.first?["url"] == "https://reports.example.org/open311/v2")
    }
}

@Test func `an address that is none is refused at the start`() throws {
    func settings(_ address: String) throws -> IntakeSettings {
        try IntakeSettings(
            config: Settings.reader(options: ["intake.open311.address": address], environment: [:]),
            brokerIsEmbedded: true)
    }

    #expect(try settings("https://reports.example.org/").discovery.address == "https://reports.example.org")
    #expect(throws: ConfigurationError.self) { try settings("reports.example.org") }
}

@Test func `there is a service for each category of the pack`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { _, client in
        let json = try await client.both("v2/services", root: "services")

        let services = try #require(json.array)
        #expect(services.map { $0["service_code"] } == ["E0102", "P0101", "D0103"])
        #expect(
            services[0] == [
                "service_code": "E0102", "service_name": "暴露垃圾", "description": "Exposed garbage",
                "metadata": false, "type": "batch", "keywords": "垃圾,生活垃圾", "group": "随手拍",
            ])
        #expect(services[2]["group"] == "直通车")
    }
}

@Test func `before any pack there is no service`() async throws {
    try await IntakeUnderTest.run { _, client in
        let json = try await client.both("v2/services", root: "services")
        #expect(json == [])
    }
}

@Test func `a service without questions asks nothing, and there is no definition of what is not offered`() async throws
{
    try await IntakeUnderTest.run(pack: .offering) { _, client in
        let json = try await client.both("v2/services/E0102", root: "service_definition")
        #expect(json == ["service_code": "E0102", "attributes": []])

        let sentences = try await client.bothRefuse("v2/services/E9999", status: 404)
        #expect(sentences == ["This service_code is not offered here: choose one of GET services."])
    }
}

@Test func `one jurisdiction is served`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { intake, client in
        _ = try await client.both("v2/services", "jurisdiction_id=town", root: "services")
        // An empty argument is not given.
        _ = try await client.both("v2/services", "jurisdiction_id=", root: "services")
        for name in ["services", "services/E0102", "requests", "requests/x", "tokens/x", "servicerequestupdates"] {
            let sentences = try await client.bothRefuse("v2/\(name)", "jurisdiction_id=elsewhere", status: 404)
            #expect(sentences == ["This endpoint serves only the jurisdiction_id town; it may be left out."])
        }
        let key = try await intake.token("platform-a", .platform)
        let posted = try await client.post([
            "jurisdiction_id": "elsewhere", "service_code": "E0102", "lat": "28.68", "long": "115.85", "api_key": key,
        ])
        #expect(posted.status == 404)
    }
}

@Test func `pages of other sites may call`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { _, client in
        let allowed = try await client.execute(
            uri: "/open311/v2/requests.json", method: .options,
            headers: [.origin: "https://elsewhere.example", .accessControlRequestMethod: "POST"], body: nil
        ) { Open311Reply($0) }
        #expect(allowed.status == 204)
        #expect(allowed.headers[.accessControlAllowOrigin] == "*")
        #expect(allowed.headers[.accessControlAllowMethods] == "GET, POST")

        for path in ["discovery.xml", "v2/services.json", "v2/requests/none.xml"] {
            #expect(try await client.ask(path).headers[.accessControlAllowOrigin] == "*")
        }
    }
}

@Test func `what is no call of Open311 is refused as everywhere`() async throws {
    try await IntakeUnderTest.run(pack: .offering) { _, client in
        #expect(try await client.ask("v2/services.yaml").status == 404)
        #expect(try await client.ask("v2/services").status == 404)
        let deleted = try await client.execute(
            uri: "/open311/v2/requests.json", method: .delete, headers: [:], body: nil
        ) { Open311Reply($0) }
        #expect(deleted.status == 405)
    }
}

@Test func `what one person may send is the operator's choice, and bounded where nothing is said`() throws {
    func limit(_ text: String?) throws -> Int? {
        try IntakeSettings(
            config: Settings.reader(options: ["intake.person.limit": text], environment: [:]), brokerIsEmbedded: true
        ).personLimit
    }

    #expect(try limit(nil) == IntakeSettings.defaultPersonLimit)
    #expect(try limit("12") == 12)
    #expect(try limit("0") == nil)
    #expect(throws: ConfigurationError.self) { try limit("-1") }
}
