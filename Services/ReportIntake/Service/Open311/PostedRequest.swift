import Contracts
import ReportIntakeDomain
import ServiceKit
import Vocabulary

/// A service request that was posted, read as a report.
struct PostedRequest: Sendable {
    let form: ReportForm
    /// What was sent, but for the key: tells a repetition from another request.
    private let json: JSONValue
    /// What the sender should know of what was not taken as it came.
    private let notices: [String]

    /// - Parameter guidance: knows the landmarks, and what is asked.
    /// - Throws: `Open311Fault` 404 for a service that is not offered, 400 with everything else that is wrong.
    init(
        _ arguments: Open311Arguments, from sender: Sender, catalogue: ServiceCatalogue, guidance: Guidance
    ) throws(Open311Fault) {
        guard let code = arguments["service_code"] else {
            throw .badRequest("service_code is missing: choose one of GET services.")
        }
        guard let service = catalogue.service(CategoryCode(code)) else {
            throw .notFound("This service_code is not offered here: choose one of GET services.")
        }
        var draft = Draft(arguments)
        let answers = draft.answers(about: service.code, by: guidance.questionnaire)
        let landmark = draft.landmark(of: guidance.landmarks)
        let location = draft.location(landmark)
        let description = draft.read("description", Wording.init) ?? draft.wording(service.name)
        let address = draft.read("address_string", AddressLine.init)
        let reporter = draft.read("account_id") { text throws(FormFault) in
            let reporter = try PersonID.checked(text)
            if let fault = sender.fault(naming: reporter) { throw fault }
            return reporter
        }
        if arguments.files.count > PhotoID.mostOfReport {
            draft.wrong.append("A request has at most \(PhotoID.mostOfReport) photos.")
        }
        try Open311Fault.throwIfAny(draft.wrong)
        guard let location, let description else { throw .badRequest("This is no service request.") }
        var form = ReportForm(
            kind: service.kind, category: service.code, description: description, location: location,
            address: address, observedAt: nil, externalId: nil, reporterId: reporter)
        form.answers = answers
        form.landmark = landmark?.id
        self.form = form
        json = arguments.content
        notices = arguments.notices(hasLandmark: landmark != nil)
    }

    /// What was sent with the photos that came along.
    func json(with brought: BroughtAlong) -> JSONValue {
        brought.isEmpty ? json : brought.named(in: ["fields": json])
    }

    /// - Parameter isExtended: whether the caller reads what goes beyond the standard.
    func answer(_ receipt: Receipt, _ tidings: Tidings, isExtended: Bool) -> Open311Answer {
        let request = ResponseTree.members([
            "token": .text(receipt.reportId.description),
            "service_notice": .optional(tidings.notice(and: notices)),
            "account_id": .optional(form.reporterId?.rawValue),
        ])
        return Open311Answer(
            root: "service_requests",
            tree: .list(
                of: "request",
                [isExtended ? request.adding(["extended_attributes": tidings.extensions(receipt)]) : request]))
    }
}

/// Reads arguments and notes what is wrong with each.
private struct Draft {
    let arguments: Open311Arguments
    var wrong: [String] = []

    init(_ arguments: Open311Arguments) { self.arguments = arguments }

    mutating func read<Value>(_ name: String, _ make: (String) throws(FormFault) -> Value) -> Value? {
        guard let text = arguments[name] else { return nil }
        do throws(FormFault) {
            return try make(text)
        } catch {
            wrong.append("\(name) \(error.message).")
            return nil
        }
    }

    /// The words of a request that has none of its own.
    mutating func wording(_ serviceName: String) -> Wording? {
        guard arguments["description"] == nil else { return nil }
        do throws(FormFault) {
            return try Wording(serviceName)
        } catch {
            wrong.append("description is missing.")
            return nil
        }
    }

    /// What is wrong with the answers to the service's questions is noted.
    mutating func answers(about service: CategoryCode, by questionnaire: Questionnaire) -> [ReportAnswer] {
        let answers = arguments.attributes.sorted { $0.key < $1.key }.map { ReportAnswer(code: $0, values: $1) }
        do {
            _ = try questionnaire.checked(answers, about: service)
        } catch {
            wrong += error.sentences
        }
        return answers
    }

    /// The landmark that `address_id` names, or that `address_string` calls by name where nothing else says where it is.
    func landmark(of landmarks: Landmarks) -> PackLandmark? {
        if let id = arguments["address_id"] { return landmarks[LandmarkID(id)] }
        guard arguments["lat"] == nil, arguments["long"] == nil else { return nil }
        return arguments["address_string"].flatMap(landmarks.called)
    }

    mutating func location(_ landmark: PackLandmark?) -> Location? {
        switch (arguments["lat"], arguments["long"]) {
        case (let latitude?, let longitude?):
            let degrees = [latitude, longitude].compactMap { Double($0) }
            guard degrees.count == 2, let location = Location(latitude: degrees[0], longitude: degrees[1]) else {
                wrong.append("lat and long must be WGS-84 degrees, lat from -90 to 90 and long from -180 to 180.")
                return nil
            }
            return location
        case (nil, nil):
            if let landmark { return landmark.location }
            let hasAddress = arguments["address_string"] != nil || arguments["address_id"] != nil
            wrong.append(
                hasAddress
                    ? "An address alone cannot be found on the map here, unless it is a landmark's name or its id: "
                        + "send lat and long with it."
                    : "A location is missing: send lat and long in WGS-84 degrees.")
            return nil
        default:
            wrong.append("lat and long must be sent together.")
            return nil
        }
    }
}

extension Open311Arguments {
    private static let contacts = ["email", "phone", "first_name", "last_name", "device_id"]

    /// Everything but the key, which is no part of what is reported.
    var content: JSONValue {
        .object(values.filter { $0.key != "api_key" }.mapValues { .array($0.map(JSONValue.string)) })
    }

    /// What is said of contact details and of a picture that lies elsewhere, wherever they come.
    var notices: [String] {
        var notices: [String] = []
        if Self.contacts.contains(where: { self[$0] != nil }) {
            notices.append("姓名、电话、邮箱等联系方式不保存。Contact details are not kept.")
        }
        if self["media_url"] != nil { notices.append("media_url 所指的照片不保存。The photo at media_url is not kept.") }
        return notices
    }

    fileprivate func notices(hasLandmark: Bool) -> [String] {
        guard self["address_id"] != nil, !hasLandmark else { return notices }
        return notices + ["没有这个地标，address_id 不保存。The address_id is no landmark here and is not kept."]
    }
}

extension Tidings {
    /// The standard has one place for whatever the caller should be told; danger to life goes first.
    fileprivate func notice(and others: [String]) -> String? {
        var sentences = [emergency?.advice].compactMap(\.self) + others
        if let nearest {
            sentences.append(
                "不在任何社区内，最近的是\(nearest.name)，\(nearest.distance) 米。The place lies in no community; the nearest is "
                    + "\(nearest.id), \(nearest.distance) metres away.")
        }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }

    fileprivate func extensions(_ receipt: Receipt) -> ResponseTree {
        .members([
            "community_id": .text(receipt.communityId.rawValue),
            "follow": .text(follow),
            "emergency_call": .list(of: "number", (emergency?.call ?? []).map { .text($0) }),
            "nearest_community": .optional(nearest?.id.rawValue),
        ])
    }
}
