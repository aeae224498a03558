import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends connections whose sender keeps this program waiting: one that says nothing, that never comes to the end of its
/// headers, that stops in the middle of a body, or that lets a body trickle.
///
/// A body that is answered only once it is whole must come at ``slowest`` or faster. A stream, which is answered while it
/// comes, may last as long as it likes, while pieces of it come. Time in which the program itself does not read,
/// since it is busy or slows a sender down, is not the sender's; so this is no timeout for idle connections.
final class SenderPatience: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// What is still read of a body after its answer: a sender that has much more to send is cut off, since otherwise it
    /// would be read to its end for nothing.
    static let mostUnwanted = 1_024 * 1_024

    /// Bytes of a body in a second, from when the patience is over: the worst of mobile networks is faster.
    static let slowest = 4 * 1_024

    private let patience: TimeAmount
    private var waitingSince = NIODeadline.now()
    /// Since when a body is on its way that nothing is answered to; nil where none is.
    private var bodySince: NIODeadline?
    private var bodyBytes = 0
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
        // What is still sent behind the answer is nothing that is waited for.
        if unanswered > 0 || !isReading { waitingSince = .now() }
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            unanswered += 1
            unwanted = 0
            bodySince = waitingSince
            bodyBytes = 0
        case .body(let bytes):
            if unanswered == 0 { unwanted += bytes.readableBytes }
            bodyBytes += bytes.readableBytes
        case .end:
            isReading = false
            waitingSince = .now()
            bodySince = nil
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
        if let pausedSince {
            let pause = NIODeadline.now() - pausedSince
            waitingSince = waitingSince + pause
            bodySince = bodySince.map { $0 + pause }
        }
        pausedSince = nil
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        // The one that is being read is answered: it is a stream, or it is over.
        case .head(let head) where head.status.kind != .informational && unanswered == 1: bodySince = nil
        case .end:
            unanswered -= 1
            waitingSince = .now()
        default: break
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
            } else if NIODeadline.now() >= self.deadline {
                context.close(promise: nil)
            } else {
                self.look(context, at: self.deadline)
            }
        }
    }

    /// When the sender has kept us waiting for too long, as far as can be said by now.
    private var deadline: NIODeadline {
        let silence = waitingSince + patience
        guard let bodySince else { return silence }
        return min(silence, bodySince + patience + .milliseconds(Int64(bodyBytes) * 1_000 / Int64(Self.slowest)))
    }
}
