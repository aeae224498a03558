import Contracts
import Hummingbird
import ReportIntakeDomain
import ServiceKit

/// A report as it was posted: as JSON, or as a form of the JSON and the files that belong to it.
struct PostedReport: Sendable {
    let json: JSONValue
    let photos: [ArraySlice<UInt8>]
    let voiceNotes: [ArraySlice<UInt8>]

    /// - Throws: ``ProblemDetails`` 400 for what is neither, 413 where it is too large, 422 for parts that nobody knows.
    init(_ request: Request, _ context: some RequestContext) async throws {
        let type = request.headers[.contentType] ?? ""
        guard MultipartForm.isMultipart(type) else {
            self.init(json: try await request.json(context))
            return
        }
        guard let boundary = MultipartForm.boundary(of: type) else {
            throw ProblemDetails.badRequest("Name the boundary of the form in Content-Type.")
        }
        let body = try await request.wholeBody(atMost: MultipartForm.largest, advice: MultipartForm.largestAdvice)
        let parts: [MultipartForm.Part]
        do throws(MultipartForm.Malformed) {
            parts = try MultipartForm.parts(of: body.readableBytesView, boundary: boundary)
        } catch {
            throw ProblemDetails.badRequest(MultipartForm.Malformed.advice)
        }
        try self.init(parts, longest: context.maxUploadSize)
    }

    private init(json: JSONValue) {
        self.json = json
        photos = []
        voiceNotes = []
    }

    private init(_ parts: [MultipartForm.Part], longest: Int) throws(ProblemDetails) {
        let known = ["report", "photo", "voiceNote"]
        guard parts.allSatisfy({ known.contains($0.name) }) else {
            throw .unprocessable(errors: [
                .init(field: "", message: "must have no parts but \(known.joined(separator: ", "))")
            ])
        }
        let reports = parts.filter { $0.name == "report" }
        guard let report = reports.first, reports.count == 1, report.bytes.count <= longest else {
            throw .unprocessable(errors: [
                .init(field: "report", message: "must be one part: the report as JSON, of at most \(longest) bytes")
            ])
        }
        do throws(JSONSyntaxError) {
            json = try JSONValue(parsing: report.bytes)
        } catch {
            throw .badRequest("The part report is not JSON: \(error).")
        }
        // A form in a browser sends an empty file where nothing was chosen.
        photos = parts.filter { $0.name == "photo" && !$0.bytes.isEmpty }.map(\.bytes)
        voiceNotes = parts.filter { $0.name == "voiceNote" && !$0.bytes.isEmpty }.map(\.bytes)
    }
}
