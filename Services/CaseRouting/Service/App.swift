import ServiceProgram

@main
struct App {
    static func main() async {
        await ProcessorProgram.run(
            CaseRoutingProcessor(),
            abstract:
                "Opens one case per problem, finds its owner, and runs the clock and the loop until it is checked.",
            translators: [.reports])
    }
}
