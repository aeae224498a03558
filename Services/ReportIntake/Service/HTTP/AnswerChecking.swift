import Contracts
import ReportIntakeDomain
import ServiceKit

extension Guidance {
    /// The form's answers, held against what the pack asks about its category.
    ///
    /// - Throws: ``ProblemDetails`` 422 that names every wrong answer.
    func answers(of form: ReportForm) throws(ProblemDetails) -> CheckedAnswers {
        do {
            return try questionnaire.checked(form.answers, about: form.category)
        } catch {
            throw .unprocessable(errors: error.faults.map { .init(field: $0.field, message: $0.message) })
        }
    }
}

extension FieldReader {
    /// The field `answers`; what is wrong with them is noted, so that the sender hears of it together with all else.
    func answers(about category: CategoryCode?, by questionnaire: Questionnaire) -> [ReportAnswer] {
        let known = errors.count
        let answers = ReportAnswer.read(self)
        // A category or an answer that could not be read is blamed only once.
        guard errors.count == known, category != nil || any("category") == nil else { return answers }
        do {
            _ = try questionnaire.checked(answers, about: category)
        } catch {
            for fault in error.faults { note(fault.field, fault.message) }
        }
        return answers
    }

    /// The landmark that the field `landmark` names by its id.
    func landmark(of landmarks: Landmarks) -> PackLandmark? {
        optional("landmark") { value throws(WrongField) in
            guard let landmark = value.string.flatMap({ landmarks[LandmarkID($0)] }) else {
                throw WrongField("is no landmark that is known here: GET /v1/landmarks finds them")
            }
            return landmark
        }
    }
}

extension ReportAnswer {
    /// As it stands in answers of ours.
    var json: JSONValue {
        ["code": .string(code), "values": .array(values.map { .string($0) })]
    }
}
