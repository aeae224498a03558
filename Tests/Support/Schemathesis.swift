import Foundation

/// The program `schemathesis` from PyPI: it reads the description, makes requests from it, and holds the answers against it.
package enum Schemathesis {
    package static let absence = ".venv has no schemathesis: run deploy/test, which installs it"
    package static let isInstalled = PythonScript.hasLibraries("schemathesis")

    /// What makes no sense here, and why.
    private static let excluded = [
        // Whether a category, a photo or a case is known no schema can say: what has the right form may be refused.
        "positive_data_acceptance",
        // An empty argument counts as not given, and Open311 passes over what it does not know: no fault of the sender's.
        "negative_data_rejection",
    ]

    /// How it writes and reads what it has no words for itself.
    private static let hooks = """
        import json
        import schemathesis
        from hypothesis import strategies as st

        @schemathesis.serializer("application/x-ndjson")
        def write_lines(ctx, value):
            lines = value if isinstance(value, list) else [value]
            return "".join(json.dumps(line) + "\\n" for line in lines).encode()

        @schemathesis.deserializer("application/x-ndjson")
        def read_lines(ctx, response):
            return [json.loads(line) for line in response.content.splitlines()]

        pictures = st.sampled_from([b"", b"\\xff\\xd8\\xff\\xe0", b"\\x89PNG\\r\\n\\x1a\\n", b"RIFF", b"fLaC", b"OggS", b"ID3"])
        sounds = ["audio/wav", "audio/flac", "audio/ogg", "audio/mpeg"]
        schemathesis.openapi.media_type("image/jpeg", pictures | st.binary(), aliases=["image/png", *sounds])
        """

    /// What it says, and whether it found nothing wrong.
    ///
    /// - Parameters:
    ///   - passedOver: a regular expression of paths that it leaves alone, such as streams that have no end.
    ///   - headers: what every request has, whatever the description says of it.
    package static func run(
        port: Int, token: String, seed: UInt64, passingOver passedOver: String? = nil,
        headers: [String] = []
    ) async throws -> (isFine: Bool, words: String) {
        let folder = try TemporaryFolder()
        try Data(hooks.utf8).write(to: folder.url.appending(path: "hooks.py"))
        let log = folder.url.appending(path: "words.txt")
        try Data().write(to: log)
        let handle = try FileHandle(forWritingTo: log)
        let process = Process()
        process.executableURL = URL(filePath: MotoServer.python)
        process.currentDirectoryURL = folder.url
        process.environment = ProcessInfo.processInfo.environment.merging([
            "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": folder.url.path(percentEncoded: false), "COLUMNS": "120",
        ]) { $1 }
        var arguments = ["-m", "schemathesis.cli", "run", "http://127.0.0.1:\(port)/openapi.json"]
        arguments += ["--header", "Authorization: Bearer \(token)", "--seed", "\(seed)", "--max-examples", "10"]
        arguments += ["--phases", "examples,coverage,fuzzing", "--max-time", "60", "--request-timeout", "20"]
        arguments += ["--no-color", "--exclude-checks", excluded.joined(separator: ","), "--continue-on-failure"]
        arguments += ["--warnings", "off"]
        for header in headers { arguments += ["--header", header] }
        if let passedOver { arguments += ["--exclude-path-regex", passedOver] }
        process.arguments = arguments
        process.standardOutput = handle
        process.standardError = handle
        let status = try await ending(of: process)
        try handle.close()
        return (status == 0, String(decoding: try Data(contentsOf: log), as: UTF8.self))
    }

    /// Without a thread that waits for it: the service that it asks needs them.
    private static func ending(of process: Process) async throws -> Int32? {
        let (ends, ended) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            ended.yield(process.terminationStatus)
            ended.finish()
        }
        try process.run()
        // Also when the test is given up, nothing stays behind.
        defer { if process.isRunning { process.terminate() } }
        return await ends.first { _ in true }
    }
}
