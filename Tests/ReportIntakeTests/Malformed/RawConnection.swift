import NIOCore
import NIOPosix
import Synchronization
import TestSupport

/// A connection on which a test sends whatever it likes, HTTP or not.
final class RawConnection: Sendable {
    private let channel: any Channel
    private let received: ReceivedBytes

    private init(_ channel: any Channel, _ received: ReceivedBytes) {
        self.channel = channel
        self.received = received
    }

    static func open<Value>(
        _ port: Int, _ body: (RawConnection) async throws -> Value
    ) async throws -> Value {
        let received = ReceivedBytes()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.pipeline.addHandler(received) }
            .connect(host: "127.0.0.1", port: port).get()
        do {
            let value = try await body(RawConnection(channel, received))
            try await close(channel)
            return value
        } catch {
            try await close(channel)
            throw error
        }
    }

    private static func close(_ channel: any Channel) async throws {
        do { try await channel.close() } catch ChannelError.alreadyClosed { return }
    }

    /// Whether the other side has not hung up.
    var isOpen: Bool { channel.isActive }

    var text: String { String(decoding: received.bytes, as: UTF8.self) }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// Sends where somebody still listens.
    ///
    /// - Returns: Whether somebody does.
    func trySending(_ text: String) async throws -> Bool {
        do { try await send(text) } catch is ChannelError { return false } catch is IOError { return false }
        return isOpen
    }

    /// No more will come from here.
    func end() async throws { try await Self.close(channel) }

    /// The status of the first answer, once its head is here.
    func status() async throws -> Int {
        try await eventually("an answer") {
            text.contains("\r\n\r\n") ? Int(text.dropFirst("HTTP/1.1 ".count).prefix(3)) : nil
        }
    }

    func hangUp() async throws { try await eventually("the other side hangs up") { !isOpen } }
}

/// Keeps what comes.
private final class ReceivedBytes: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let kept = Mutex<[UInt8]>([])

    var bytes: [UInt8] { kept.withLock { $0 } }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        kept.withLock { $0 += buffer.readableBytesView }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
