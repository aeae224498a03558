import Contracts
import ReportIntakeDomain

extension ReportDesk {
    /// What is known of how a report was made, and by which marks a later one is held against it.
    struct Captured: Sendable {
        let proof: CaptureProof?
        let marks: CaptureMarks
    }

    /// Holds a report's nonce, place and photos against each other and against earlier reports.
    ///
    /// Only a report with a nonce or photos costs a look into the store. It is taken before the report is stored, since
    /// the event that tells of it is written down before; of two reports that come at the same moment with the same
    /// photo neither may hear of the other. These are hints, so that is no reason to make all others wait.
    ///
    /// - Parameter id: of the report, whose own earlier sending is nothing odd.
    func capture(
        of form: ReportForm, from sender: Sender, photos: [ReportPhoto], as id: MessageID, at moment: Timestamp
    ) async throws -> Captured {
        let reading = form.capture?.nonce.map { captures.read($0, from: sender.id) }
        let marks = CaptureMarks(nonce: reading?.id, photos: photos)
        let used: IntakeStore.UsedMarks = marks.isEmpty ? .none : try await store.used(marks, before: id)
        let facts = CaptureFacts(nonce: reading?.nonce, nonceWasUsed: used.nonce, photoWasUsed: used.photo)
        return Captured(
            proof: CaptureProof(form.capture, of: form.location, facts: facts, at: moment), marks: marks)
    }
}
