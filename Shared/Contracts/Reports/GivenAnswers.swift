/// The answers of a reporter, by the codes of the questions.
package struct GivenAnswers: Equatable, Sendable {
    /// A text, or several where several may be chosen.
    package enum Answer: Equatable, Sendable {
        case one(String)
        case several([String])
    }

    package let answers: [String: Answer]
}

extension GivenAnswers: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Answer)...) {
        self.init(answers: Dictionary(elements) { _, last in last })
    }
}

extension GivenAnswers: Codable {
    private struct Code: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Passes over what is no answer: a later version may know more kinds.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Code.self)
        var answers: [String: Answer] = [:]
        for code in container.allKeys {
            do {
                answers[code.stringValue] = try container.decode(Answer.self, forKey: code)
            } catch DecodingError.typeMismatch {
                continue
            }
        }
        self.init(answers: answers)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Code.self)
        for (code, answer) in answers { try container.encode(answer, forKey: Code(stringValue: code)) }
    }
}

extension GivenAnswers.Answer: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        do {
            self = .one(try container.decode(String.self))
        } catch DecodingError.typeMismatch {
            self = .several(try container.decode([String].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .one(let text): try container.encode(text)
        case .several(let texts): try container.encode(texts)
        }
    }
}
