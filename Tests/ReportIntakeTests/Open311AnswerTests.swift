import Contracts
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@testable import ReportIntake

private let urlEncoded = "application/x-www-form-urlencoded"
private let spot = "lat=28.6829&long=115.8551"

@Test func `a service with questions has metadata, and its definition asks them`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { _, client in
        let services = try await client.both("v2/services", root: "services")
        #expect(services.array?.map { $0["metadata"] } == [true, true, false])

        let garbage = try await client.both("v2/services/E0102", root: "service_definition")
        let attributes = try #require(garbage["attributes"]?.array)
        #expect(attributes.map { $0["order"] } == [1, 2, 3])
        #expect(
            attributes[0] == [
                "variable": true, "code": "size", "datatype": "singlevaluelist", "required": false,
                "datatype_description": "估计 A guess", "order": 1, "description": "多少？ How much?",
                "values": [["key": "bags", "name": "几袋 Bags"], ["key": "truck", "name": "一车 A truckload"]],
            ])
        let cover = try await client.both("v2/services/P0101", root: "service_definition")
        #expect(cover["attributes"]?.array?.map { $0["variable"] } == [true, false, true])
        #expect(
            cover["attributes"]?.array?.last == [
                "variable": true, "code": "number", "datatype": "number", "required": true,
                "datatype_description": nil, "order": 3, "description": "几个？ How many?", "values": [],
            ])
    }
}

@Test(arguments: ["json", "xml"]) func `attributes of a request become its answers`(format: String) async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let answers =
            "attribute[size]=bags&attribute%5Bkinds%5D[]=rubble&attribute[kinds][]=food&attribute[words]=13812345678"

        let reply = try await client.post(
            "v2/requests.\(format)?api_key=\(key)", body: "service_code=E0102&\(spot)&\(answers)", type: urlEncoded)

        #expect(reply.status == 200, "\(reply.text)")
        #expect(
            try intake.outbox().first?.data.answers == [
                ReportAnswer(code: "size", values: ["bags"]), ReportAnswer(code: "kinds", values: ["food", "rubble"]),
                ReportAnswer(code: "words", values: ["***********"]),
            ])
    }
}

@Test(arguments: [
    ("E0102", "attribute[size]=huge", "attribute[size] must be of bags, truck."),
    ("E0102", "attribute[size]=bags&attribute[size]=truck", "attribute[size] must be one value, not 2."),
    ("E0102", "attribute[number]=1", "Leave out the attributes that the definition of this service does not name."),
    ("P0101", "", "attribute[number] is missing: 几个？ How many?"),
    ("P0101", "attribute[number]=", "attribute[number] is missing: 几个？ How many?"),
    ("P0101", "attribute[number]=some", "attribute[number] must be a number such as 3 or -0.5."),
    (
        "P0101", "attribute[number]=1&attribute[care]=x&attribute[other]=y",
        "Leave out the attributes that the definition of this service does not name."
    ),
]) func `a wrong attribute is named`(service: String, attributes: String, sentence: String) async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let body = "service_code=\(service)&\(spot)&\(attributes)"

        let json = try await client.post("v2/requests.json?api_key=\(key)", body: body, type: urlEncoded)
        let xml = try await client.post("v2/requests.xml?api_key=\(key)", body: body, type: urlEncoded)

        #expect(json.status == 400)
        #expect(xml.status == 400)
        #expect(try json.descriptions() == [sentence])
        #expect(try xml.xml()["error"]?["description"]?.text == sentence)
        #expect(try intake.count("report") == 0)
    }
}

@Test(arguments: [
    "address_id=market", "address_string=%E5%90%8D%E9%83%BD%E8%8F%9C%E5%9C%BA", "address_string=MINGDU+market",
])
func `a landmark says where it is`(address: String) async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        for format in ["json", "xml"] {
            let reply = try await client.post(
                "v2/requests.\(format)?api_key=\(key)", body: "service_code=D0103&\(address)", type: urlEncoded)
            #expect(reply.status == 200, "\(reply.text)")
        }
        for told in try intake.outbox().map(\.data) {
            #expect(told.landmarkId == "market")
            #expect(told.location == Location(latitudeE7: 286_850_000, longitudeE7: 1_158_550_000))
            #expect(told.communityId == "mingdu")
            #expect((told.address == nil) == address.hasPrefix("address_id"))
        }
    }
}

@Test func `beside a place an address names a landmark only by its id`() async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let path = "v2/requests.json?api_key=\(key)"
        let addresses = ["address_id=station", "address_string=Mingdu+market", "address_id=nowhere"]

        var notices: [JSONValue?] = []
        for address in addresses {
            let reply = try await client.post(path, body: "service_code=D0103&\(spot)&\(address)", type: urlEncoded)
            #expect(reply.status == 200)
            notices.append(try reply.json().array?.first?["service_notice"])
        }

        let told = try intake.outbox().map(\.data)
        #expect(told.map(\.landmarkId) == ["station", nil, nil])
        #expect(told.map(\.address) == [nil, "Mingdu market", nil])
        #expect(Set(told.map(\.location)).count == 1)
        #expect(notices[0] == .null)
        #expect(notices[2]?.string?.contains("no landmark here") == true)
    }
}

@Test(arguments: [
    "address_id=nowhere", "address_string=Street+1", "address_string=Mingdu+market+2",
    "address_id=nowhere&address_string=Mingdu+market",
])
func `any other address is refused as before`(address: String) async throws {
    try await IntakeUnderTest.run(pack: .asking) { intake, client in
        let key = try await intake.token("platform-a", .platform)
        let reply = try await client.post(
            "v2/requests.json?api_key=\(key)", body: "service_code=D0103&\(address)", type: urlEncoded)

        #expect(reply.status == 400)
        #expect(try reply.descriptions().first?.hasPrefix("An address alone cannot be found") == true)
        #expect(try intake.count("report") == 0)
    }
}
