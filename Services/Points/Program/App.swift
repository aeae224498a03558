import EventProcessing
import Points
import ServiceProgram

/// `points`: what a report earns, in double-entry books.
@main
struct App {
    static func main() async {
        await ProcessorProgram.run(
            PointsProcessor(),
            abstract: "Promises points for filed reports, and makes them spendable when the case is closed.",
            translators: [.cases])
    }
}
