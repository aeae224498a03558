import NIOCore
import NIOHTTPTypes

/// Ends connections whose sender keeps this program waiting: one that says nothing, that never comes to the end of its
/// headers, or that stops in the middle of a body.
///
/// A stream may last as long as it likes, while pieces of it come. Time in which the program itself does not read,
/// since it is busy or slows a sender down, is not the sender's; so this is no timeout for idle connections.
final class SenderPatience: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What is still read of a body after its answer: a sender that has much more to send is cut off, since otherwise it
    /// would be read to its end for nothing.
    static let mostUnwanted = 1_024 * 1_024

    private let patience: TimeAmount
    private var waitingSince = NIODeadline.now()
    /// Since when the program has not asked for more; nil while it waits for the sender.
    private var pausedSince: NIODeadline?
    /// A request has begun and has not come to its end.
    private var isReading = false
    /// Requests whose answers are not complete.
    private var unanswered = 0
    private var unwanted = 0
    private var timer: Scheduled<Void>?

    init(_ patience: Duration) {
        self.patience = TimeAmount(patience)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        waitingSince = .now()
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            unanswered += 1
            unwanted = 0
        case .body(let bytes):
            if unanswered == 0 { unwanted += bytes.readableBytes }
        case .end:
            isReading = false
        }
        guard unwanted <= Self.mostUnwanted else { return context.close(promise: nil) }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most often it is asked for more at once.
        pausedSince = .now()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if let pausedSince { waitingSince = waitingSince + (.now() - pausedSince) }
        pausedSince = nil
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            unanswered -= 1
            waitingSince = .now()
        }
        context.write(data, promise: promise)
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard timer == nil else { return }
        waitingSince = .now()
        look(context, at: waitingSince + patience)
    }

    private func look(_ context: ChannelHandlerContext, at deadline: NIODeadline) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            let isOurTurn = self.pausedSince != nil || (self.unanswered > 0 && !self.isReading)
            if isOurTurn {
                self.look(context, at: .now() + self.patience)
            } else if NIODeadline.now() >= self.waitingSince + self.patience {
                context.close(promise: nil)
            } else {
                self.look(context, at: self.waitingSince + self.patience)
            }
        }
    }
}
