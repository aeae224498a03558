/// What S3 says when it does not do what it was asked.
struct S3Refusal: Equatable {
    let status: Int
    /// S3's name for the reason; empty where the answer is not S3's.
    let code: String
    /// Where the bucket is, if that is the reason.
    let region: String?

    init(status: Int, body: some Sequence<UInt8>, regionHeader: String?) {
        let root = S3Element.root(of: body).flatMap { $0.name == "Error" ? $0 : nil }
        self.status = status
        code = root?["Code"] ?? ""
        region = regionHeader ?? root?["Region"]
    }

    /// Whether another try may end otherwise.
    var mayHeal: Bool {
        [429, 500, 502, 503, 504].contains(status) || ["RequestTimeout", "OperationAborted", "SlowDown"].contains(code)
    }

    /// What an operator can do, where we know.
    func advice(region asked: String) -> String? {
        switch code {
        case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException":
            region.flatMap { $0 == asked ? nil : "The bucket is in \($0): set S3_REGION." }
        case "RequestTimeTooSkewed": "This machine's clock is wrong: mend it."
        case "NoSuchBucket": "Make the bucket first, or mend its name."
        case "SignatureDoesNotMatch", "InvalidAccessKeyId":
            "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        case "AccessDenied": "The key needs s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket here."
        default: nil
        }
    }
}
