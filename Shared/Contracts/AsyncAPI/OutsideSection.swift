/// What those may write who are no programs of ours: plain CloudEvents, with a signature beside it.
extension MessageSection {
    static let outsideEnvelope: ContractJSON = [
        "title": "Envelope of others",
        "description": "One CloudEvents 1.0 object in structured JSON mode; further attributes are passed over.",
        "type": "object",
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": [
            "specversion": ["const": "1.0", "description": "The version of CloudEvents."],
            "id": [
                "type": "string", "pattern": "^[!-~]{1,200}$",
                "description": "The writer's own id: what is sent once more has the same.",
            ],
            "source": [
                "type": "string", "pattern": "^/platforms/[!-~]{1,128}$",
                "description": "/platforms/ and the platform whose key signed the record.",
            ],
            "type": ["type": "string", "description": "What the message is."],
            "traceparent": ["type": "string", "description": "W3C Trace Context, to be carried on."],
            "data": ["type": "object", "description": "The message itself."],
        ],
    ]

    static let outsideHeaders: ContractJSON = [
        "type": "object",
        "description": "Kafka headers, all of them UTF-8 text.",
        "required": [.string(HeaderName.platformSignature)],
        "properties": .object([
            HeaderName.platformSignature: [
                "type": "string", "pattern": "^[!-~]+:[0-9a-f]{64}$",
                "description": """
                The key's name, a colon, and the HMAC-SHA256 of the record's value in hexadecimal; its key is the \
                SHA-256 of the platform's key, as 64 lower-case hexadecimal digits.
                """,
            ]
        ]),
    ]
}
