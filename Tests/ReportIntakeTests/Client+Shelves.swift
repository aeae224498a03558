import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore

extension TestClientProtocol {
    func send(photo: [UInt8], token: String?) async throws -> Answer {
        try await send(photo, to: "/v1/photos", token: token)
    }

    func send(voiceNote: [UInt8], token: String?) async throws -> Answer {
        try await send(voiceNote, to: "/v1/voice-notes", token: token)
    }

    func fetch(_ uri: String, token: String?) async throws -> (status: Int, headers: HTTPFields, bytes: [UInt8]) {
        try await execute(
            uri: uri, method: .get, headers: token.map { [.authorization: "Bearer \($0)"] } ?? [:], body: nil
        ) { ($0.status.code, $0.headers, Array($0.body.readableBytesView)) }
    }

    private func send(_ bytes: [UInt8], to uri: String, token: String?) async throws -> Answer {
        try await execute(
            uri: uri, method: .post, headers: token.map { [.authorization: "Bearer \($0)"] } ?? [:],
            body: ByteBuffer(bytes: bytes)
        ) { Answer($0) }
    }
}
