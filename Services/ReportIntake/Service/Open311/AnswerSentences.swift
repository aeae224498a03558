import Contracts
import ReportIntakeDomain

extension AnswerFaults {
    /// For people; what the caller wrote is not repeated in them.
    var sentences: [String] {
        var sentences: [String] = []
        for fault in faults {
            let sentence = fault.sentence
            if !sentences.contains(sentence) { sentences.append(sentence) }
        }
        return sentences
    }
}

extension AnswerFault {
    fileprivate var sentence: String {
        switch self {
        case .withoutCategory, .unasked: "Leave out the attributes that the definition of this service does not name."
        // It ends with the question's own mark.
        case .missing(let question): "attribute[\(question.code)] \(message)"
        case .wrong(let question, _): "attribute[\(question.code)] \(message)."
        }
    }
}
