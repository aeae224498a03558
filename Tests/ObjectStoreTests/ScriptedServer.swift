import NIOCore
import NIOPosix
import Synchronization

/// A server that answers each connection with the next of some texts, whatever is asked, and closes it.
///
/// For what no sound S3 server does: to hurry back with a 503, to break off, to fall silent.
final class ScriptedServer: Sendable {
    /// What becomes of one connection.
    enum Turn: Sendable {
        case answer(String)
        /// Says so much and then nothing, and keeps the line.
        case silence(after: String)
    }

    private let channel: any Channel

    private init(channel: any Channel) {
        self.channel = channel
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    static func running<Result: Sendable>(
        _ turns: Turn..., body: (ScriptedServer) async throws -> Result
    ) async throws
        -> Result
    {
        let script = Script(turns)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Conversation(script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = ScriptedServer(channel: channel)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try await channel.close()
            throw error
        }
    }

    static func object(_ text: String) -> Turn {
        .answer("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)")
    }

    static func failure(_ status: Int, _ code: String) -> Turn {
        let body = "<Error><Code>\(code)</Code></Error>"
        return .answer("HTTP/1.1 \(status) -\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
    }
}

private final class Script: Sendable {
    private let turns: Mutex<[ScriptedServer.Turn]>

    init(_ turns: [ScriptedServer.Turn]) { self.turns = Mutex(turns) }

    /// The last turn is repeated.
    func next() -> ScriptedServer.Turn? { turns.withLock { $0.count > 1 ? $0.removeFirst() : $0.first } }
}

private final class Conversation: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: Script
    private var asked = ""

    init(_ script: Script) { self.script = script }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        asked += String(buffer: unwrapInboundIn(data))
        guard asked.contains("\r\n\r\n"), let turn = script.next() else { return }
        asked = ""
        switch turn {
        case .answer(let text):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            context.close(promise: nil)
        case .silence(let text):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }
    }
}
