/// Hands what one task reads to the one task that works on it, and makes the reader wait while there is enough.
actor LineQueue<Element: Sendable> {
    private let most: Int
    private let mostBytes: Int
    private var waiting: [Element] = []
    private var bytes = 0
    private var isEnded = false
    private var isClosed = false
    private var reader: CheckedContinuation<Void, Never>?
    private var taker: CheckedContinuation<Void, Never>?

    /// - Parameters:
    ///   - most: so many elements are enough.
    ///   - mostBytes: and so many bytes, whichever comes first.
    init(most: Int, mostBytes: Int) {
        self.most = most
        self.mostBytes = mostBytes
    }

    /// Adds an element once there is room.
    ///
    /// - Returns: false when nobody will take it any more.
    func put(_ element: Element, bytes count: Int) async -> Bool {
        while !isClosed, waiting.count >= most || (bytes >= mostBytes && !waiting.isEmpty) {
            await withCheckedContinuation { reader = $0 }
        }
        guard !isClosed else { return false }
        waiting.append(element)
        bytes += count
        wakeTaker()
        return true
    }

    /// Says that nothing comes any more.
    func end() {
        isEnded = true
        wakeTaker()
    }

    /// Everything that waits, at least one; nil at the end.
    func take() async -> [Element]? {
        while waiting.isEmpty, !isEnded {
            await withCheckedContinuation { taker = $0 }
        }
        guard !waiting.isEmpty else { return nil }
        defer {
            waiting.removeAll(keepingCapacity: true)
            bytes = 0
            wakeReader()
        }
        return waiting
    }

    /// Says that nothing is taken any more.
    func close() {
        isClosed = true
        wakeReader()
    }

    private func wakeReader() {
        reader?.resume()
        reader = nil
    }

    private func wakeTaker() {
        taker?.resume()
        taker = nil
    }
}
