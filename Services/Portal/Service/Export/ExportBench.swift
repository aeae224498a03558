import Synchronization

/// Places for work that takes a while: who finds none comes again.
final class ExportBench: Sendable {
    private let free: Mutex<Int>

    init(places: Int) {
        free = Mutex(places)
    }

    func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            return true
        }
    }

    func giveBack() {
        free.withLock { $0 += 1 }
    }
}
