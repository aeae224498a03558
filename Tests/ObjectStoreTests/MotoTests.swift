import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import ObjectStore

/// What only a real server shows.
@Suite(
    .serialized, .timeLimit(.minutes(3)), .enabled(if: MotoServer.isInstalled, Comment(rawValue: MotoServer.absence)))
struct MotoTests {
    @Test func `an upload to a server that stands still ends, and leaves nothing`() async throws {
        try await MotoServer.running { server in
            let files = try TemporaryFolder()
            let file = files.url.appending(path: "file")
            try Data.noise(20 << 20).write(to: file)
            try await StoreUnderTest.makeBucket(.test(port: server.port))
            try await StoreUnderTest.withStore(.test(port: server.port), patience: .seconds(1)) { store in
                server.pause()
                let error = await #expect(throws: ObjectStoreError.self) { try await store.put(file, as: "key") }
                server.goOn()

                #expect(
                    error == .unavailable(key: "key", tries: 1, reason: "nothing moved for 1.0 seconds"))
            }
            try await StoreUnderTest.withStore(.test(port: server.port)) { store in
                #expect(try await store.list("") == [])
                try await store.put(file, as: "key")
                #expect(try await store.list("") == [StoredObject(key: "key", bytes: 20 << 20)])
            }
        }
    }

    @Test func `a server that stood still is asked again`() async throws {
        try await MotoServer.running { server in
            let tries = Tries()
            try await StoreUnderTest.makeBucket(.test(port: server.port))
            try await StoreUnderTest.withStore(.test(port: server.port), tries: tries) { store in
                try await store.put(Data("x".utf8), as: "key")
                let before = tries.count
                server.pause()
                let found = try await withThrowingTaskGroup { group in
                    group.addTask { try await store.get("key") }
                    try await eventually("it is asked again") { tries.count == before + 2 }
                    server.goOn()
                    return try await group.next() ?? nil
                }

                #expect(found == Data("x".utf8))
            }
        }
    }

    @Test func `a server that is gone in the middle is no answer`() async throws {
        try await MotoServer.running { server in
            try await StoreUnderTest.makeBucket(.test(port: server.port))
            try await StoreUnderTest.withStore(.test(port: server.port)) { store in
                try await store.put(Data("x".utf8), as: "key")
                server.killNine()

                let error = await #expect(throws: ObjectStoreError.self) { try await store.get("key") }
                #expect(error?.isRetriable == true)
            }
        }
    }

    @Test func `a bucket that is not there is an error, not an empty place`() async throws {
        try await MotoServer.running { server in
            try await StoreUnderTest.withStore(.test(port: server.port)) { store in
                let refusal = ObjectStoreError.refused(
                    key: "key", status: 404, code: "NoSuchBucket", advice: "Make the bucket first, or mend its name.")
                await #expect(throws: refusal) { try await store.get("key") }
                await #expect(throws: refusal) { try await store.put(Data(), as: "key") }
                await #expect(throws: refusal) { try await store.list("key") }
            }
        }
    }

    @Test func `a server that checks signatures believes ours, and none by another secret`() async throws {
        try await MotoServer.running(open: 4) { server in
            let (id, secret) = try await makeUser(server)
            var settings = S3Settings.test(port: server.port, secret: secret)
            settings.credentials.accessKeyID = id
            let files = try TemporaryFolder()
            let file = files.url.appending(path: "file")
            try Data.noise(2_000_000).write(to: file)

            try await StoreUnderTest.withStore(settings) { store in
                try await store.put(Data("x".utf8), as: "a=1/b.c_d-e")
                try await store.put(file, as: "a=1/file")
                #expect(try await store.list("a=1/").map(\.key) == ["a=1/b.c_d-e", "a=1/file"])
                #expect(try await store.get("a=1/b.c_d-e") == Data("x".utf8))
                try await store.remove("a=1/file")
                #expect(try await store.get("a=1/file") == nil)
            }
            settings.credentials.secretAccessKey = "another"
            try await StoreUnderTest.withStore(settings) { store in
                let error = await #expect(throws: ObjectStoreError.self) { try await store.get("a=1/b.c_d-e") }
                guard case .refused("a=1/b.c_d-e", 403, "SignatureDoesNotMatch", _) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
            }
        }
    }

    /// Makes a user who may do everything with S3, and the bucket: the four requests that the server grants to anybody.
    private func makeUser(_ server: MotoServer) async throws -> (id: String, secret: String) {
        let program = """
            import boto3, sys
            who = dict(endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y")
            iam = boto3.client("iam", **who)
            iam.create_user(UserName="u")
            rule = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
            iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=rule)
            key = iam.create_access_key(UserName="u")["AccessKey"]
            boto3.client("s3", **who).create_bucket(Bucket="shared-files")
            print(key["AccessKeyId"], key["SecretAccessKey"])
            """
        let result = try await Subprocess.run(
            .path(FilePath(MotoServer.python)), arguments: ["-c", program, "http://127.0.0.1:\(server.port)"],
            output: .string(limit: 4_096), error: .string(limit: 65_536))
        let words = result.standardOutput.split(whereSeparator: \.isWhitespace).map(String.init)
        try #require(words.count == 2, "\(result.standardError)")
        return (words[0], words[1])
    }
}
