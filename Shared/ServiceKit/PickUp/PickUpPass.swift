package import Foundation
import JWTKit

/// What somebody shows at a station to get what they ordered: signed, so that it can be checked without a net.
package struct PickUpPass: Sendable, Equatable {
    package struct Line: Codable, Sendable, Equatable {
        package let prize: String
        package let count: Int

        package init(prize: String, count: Int) {
            self.prize = prize
            self.count = count
        }
    }

    package let order: String
    package let station: String
    /// What is still to be handed over.
    package let lines: [Line]
    package let expiresAt: Date

    package init(order: String, station: String, lines: [Line], expiresAt: Date) {
        self.order = order
        self.station = station
        self.lines = lines
        self.expiresAt = expiresAt
    }
}

/// Why a pass is not believed.
package enum PickUpPassFault: Error, Equatable, Sendable, CustomStringConvertible {
    case malformed
    case wrongSignature
    case expired(Date)
    case otherStation(String)

    package var description: String {
        switch self {
        case .malformed: "this is no pick-up pass: scan it again, or type the order's code"
        case .wrongSignature: "the pass was not made by this system, or was changed"
        case .expired(let date): "the time to pick it up was over at \(RFC3339.text(date)): let them order anew"
        case .otherStation(let station): "the pass is for the station \(station): send them there"
        }
    }
}

extension PickUpPass {
    /// As it stands in the token (RFC 7519).
    struct Claims: JWTPayload {
        /// Tells it apart from all other tokens.
        static let audience = "suishoupai-pick-up"

        let aud: String
        /// The order.
        let jti: String
        let station: String
        let lines: [Line]
        /// Seconds since 1970.
        let exp: Double

        /// Checks nothing: the times are judged by the clock that the reader has.
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    var claims: Claims {
        Claims(
            aud: Claims.audience, jti: order, station: station, lines: lines,
            exp: expiresAt.timeIntervalSince1970.rounded(.down))
    }

    /// Reads a pass with nothing but the public key, as a station does that is offline.
    ///
    /// - Parameters:
    ///   - keys: what ``PickUpSecret/publicKeys()`` says.
    ///   - station: where it is shown; nil reads it wherever it belongs.
    package static func read(
        _ token: String, keys: [UInt8], at station: String?, now: Date
    ) async throws -> PickUpPass {
        // Bits that say nothing could be changed unseen: one pass is one text.
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts.allSatisfy({ part in Base64URL.bytes(part).map { Base64URL.text($0) } == part })
        else { throw PickUpPassFault.malformed }
        let keys = try await JWTKeyCollection.reading(keys)
        let claims: Claims
        do {
            claims = try await keys.verify(token, as: Claims.self)
        } catch let error as JWTError where error.errorType == .malformedToken {
            throw PickUpPassFault.malformed
        } catch {
            throw PickUpPassFault.wrongSignature
        }
        guard claims.aud == Claims.audience else { throw PickUpPassFault.malformed }
        let pass = PickUpPass(
            order: claims.jti, station: claims.station, lines: claims.lines,
            expiresAt: Date(timeIntervalSince1970: claims.exp))
        guard now < pass.expiresAt else { throw PickUpPassFault.expired(pass.expiresAt) }
        if let station, station != pass.station { throw PickUpPassFault.otherStation(pass.station) }
        return pass
    }
}
