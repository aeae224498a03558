import Contracts
import Hummingbird
import ServiceKit

/// What everybody may read.
struct PublicRoutes: Sendable {
    let readModel: ReadModel
    let board: BoardDesk

    func add(to router: some RouterMethods<ServiceRequestContext>) {
        router.get("board") { _, _ in BoardView(try await board.figures()) }
        router.get("reference") { _, _ in
            guard let pack = try await readModel.read({ db in try readModel.pack(in: db) }) else {
                throw ProblemDetails.notFound("No pack is in force yet. Put one in force with: suishoupai pack apply.")
            }
            return ReferenceView(pack)
        }
    }
}
