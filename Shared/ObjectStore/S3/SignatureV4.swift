import Crypto
import Foundation

/// Signs a request by AWS Signature Version 4, as S3 reads it: in the `Authorization` header, over all headers given.
struct SignatureV4: Sendable {
    let credentials: S3Settings.Credentials
    let region: String
    let service: String

    /// What is signed of a request.
    struct Subject {
        let method: String
        /// Percent-encoded, as it is sent.
        let path: String
        /// Percent-encoded names and values.
        let query: [(name: String, value: String)]
        let headers: [(name: String, value: String)]
        /// SHA-256 of the body in hexadecimal digits.
        let payload: String
    }

    /// The value of the `Authorization` header.
    ///
    /// - Parameter moment: What the subject's `x-amz-date` says, see ``stamp(_:)``.
    func authorization(_ subject: Subject, at moment: String) -> String {
        let headers = Self.canonical(subject.headers)
        let toSign = stringToSign(subject, at: moment)
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(toSign.utf8), using: signingKey(onDay: String(moment.prefix(8))))
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope(moment)),"
            + "SignedHeaders=\(headers.map(\.name).joined(separator: ";")),Signature=\(Hex.text(code))"
    }

    func stringToSign(_ subject: Subject, at moment: String) -> String {
        let request = Hex.text(SHA256.hash(data: Data(canonicalRequest(subject).utf8)))
        return ["AWS4-HMAC-SHA256", moment, scope(moment), request].joined(separator: "\n")
    }

    func canonicalRequest(_ subject: Subject) -> String {
        let query = subject.query.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let headers = Self.canonical(subject.headers)
        let lines = [subject.method, subject.path, query] + headers.map { "\($0.name):\($0.value)" }
        return (lines + ["", headers.map(\.name).joined(separator: ";"), subject.payload]).joined(separator: "\n")
    }

    /// The key of one day, region and service: the secret itself signs nothing else.
    func signingKey(onDay day: String) -> SymmetricKey {
        [day, region, service, "aws4_request"].reduce(
            SymmetricKey(data: Data("AWS4\(credentials.secretAccessKey)".utf8))
        ) { key, part in
            SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
    }

    private func scope(_ moment: String) -> String { "\(moment.prefix(8))/\(region)/\(service)/aws4_request" }

    private static func canonical(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        headers.map { (name: $0.name.lowercased(), value: $0.value.trimmingCharacters(in: .whitespaces)) }
            .sorted { $0.name < $1.name }
    }

    /// The moment as the signature wants it: `20130524T000000Z`.
    static func stamp(_ moment: Date) -> String {
        moment.formatted(
            Date.ISO8601FormatStyle(
                dateSeparator: .omitted, dateTimeSeparator: .standard, timeSeparator: .omitted, timeZone: .gmt))
    }

    /// Everything but letters, digits and `-._~` as `%XX`.
    static func encoded(_ text: String, keeping kept: String = "") -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~\(kept)".utf8)
        return text.utf8.reduce(into: "") { encoded, byte in
            if plain.contains(byte) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += "%" + Hex.text([byte]).uppercased()
            }
        }
    }
}
