import Synchronization

/// Whether reports may be taken in: once the boundaries are known, and, where the store is new, what was answered before.
///
/// A report that is sent once more gets the community that its place has by the pack. Without one it would get another,
/// and be in two cases. Once open it stays so, also while the broker is away.
final class Opening: Sendable {
    private let isReady: @Sendable () -> Bool
    private let open = Atomic<Bool>(false)

    init(_ isReady: @escaping @Sendable () -> Bool) {
        self.isReady = isReady
    }

    func check() throws(NotStored) {
        guard !open.load(ordering: .relaxed) else { return }
        guard isReady() else { throw .notReady }
        open.store(true, ordering: .relaxed)
    }
}
