import CZlib
import Foundation
import Gzip
import TestSupport
import Testing

private let unpack = PythonScript(
    program: "import gzip, sys; sys.stdout.buffer.write(gzip.decompress(sys.stdin.buffer.read()))")

@Test(arguments: [(Gzip.Effort.quick, 0), (.thorough, 0), (.quick, 1), (.quick, 31)])
func `another program unpacks what was packed`(effort: Gzip.Effort, padding: Int) async throws {
    let text = String(repeating: "随手拍 Suishoupai <p>&amp;</p>\n", count: 2_000)

    let packed = try #require(Gzip.compressed(Array(text.utf8), effort: effort, padding: padding))
    let answer = try await unpack.run(input: Data(packed))

    #expect(answer.status == 0)
    #expect(answer.output == text)
    #expect(packed.count < text.utf8.count / 20)
}

@Test func `nothing is packed, too, and padding only makes it longer`() async throws {
    let empty = try #require(Gzip.compressed([]))
    let answer = try await unpack.run(input: Data(empty))
    #expect(answer.status == 0)
    #expect(answer.output == "")
    #expect(Gzip.compressed([1, 2, 3], padding: 9)?.count == (Gzip.compressed([1, 2, 3])?.count ?? 0) + 10)
}
