package enum NamesContact: Sendable {}
package enum NamesEndpoint: Sendable {}

/// A way to reach a person, by its name among theirs.
package typealias ContactID = Identifier<NamesContact>
/// A webhook or group robot that an operator added.
package typealias EndpointID = Identifier<NamesEndpoint>

/// A person's address on one channel, readable only with that person's key.
///
/// Portal seals it at its door; once the key is destroyed nobody reads it again, wherever the log was copied to.
package struct SealedContact: Codable, Sendable, Equatable {
    /// Which of the person's keys opens it.
    package let keyId: String
    /// Nonce, ciphertext and tag of AES-256-GCM, as base64.
    package let box: String

    package init(keyId: String, box: String) {
        self.keyId = keyId
        self.box = box
    }
}

/// An address that is nobody's own but holds a provider's token, readable with a key of the data folder.
package struct SealedText: Codable, Sendable, Equatable {
    /// Nonce, ciphertext and tag of AES-256-GCM, as base64.
    package let box: String

    package init(box: String) {
        self.box = box
    }
}
