/// Something that is asked about a category beside the reporter's own words, or a text that is shown there.
///
/// A pack's questions stand in the order in which they are asked.
package struct PackQuestion: Codable, Sendable, Equatable {
    /// What is taken as an answer, as Open311 calls it.
    package enum AnswerType: String, Codable, Sendable, CaseIterable {
        /// A line of words.
        case string
        /// A finite decimal number.
        case number
        /// A moment in RFC 3339.
        case datetime
        /// Words, also in several lines.
        case text
        /// One key of the list.
        case singlevaluelist
        /// One or more keys of the list.
        case multivaluelist

        package var isList: Bool { self == .singlevaluelist || self == .multivaluelist }
    }

    /// One thing of a list to choose from.
    package struct Choice: Codable, Sendable, Equatable {
        package let key: String
        package let name: String
        package let englishName: String

        package init(key: String, name: String, englishName: String) {
            self.key = key
            self.name = name
            self.englishName = englishName
        }
    }

    /// Names the question in answers; no two of a pack have the same.
    package let code: String
    /// What it is asked about.
    package let categories: [CategoryCode]
    package let type: AnswerType
    package let text: String
    package let englishText: String
    /// Whether a report of the category is refused without an answer.
    package let isRequired: Bool
    /// Empty where the type is no list.
    package let choices: [Choice]
    /// How to answer, such as where a number is to be found.
    package let hint: String?
    package let englishHint: String?
    /// Whether it is only a text to show: no answer is taken.
    package let informs: Bool

    package init(
        code: String, categories: [CategoryCode], type: AnswerType, text: String, englishText: String,
        isRequired: Bool = false, choices: [Choice] = [], hint: String? = nil, englishHint: String? = nil,
        informs: Bool = false
    ) {
        self.code = code
        self.categories = categories
        self.type = type
        self.text = text
        self.englishText = englishText
        self.isRequired = isRequired
        self.choices = choices
        self.hint = hint
        self.englishHint = englishHint
        self.informs = informs
    }
}

/// A landmark 地标: a place that people know by name.
package struct PackLandmark: Codable, Sendable, Equatable {
    package let id: LandmarkID
    package let name: String
    package let englishName: String
    /// In WGS-84, whole 1e-7 degrees.
    package let latitudeE7: Int
    package let longitudeE7: Int
    /// Other names that people use.
    package let aliases: [String]

    package init(
        id: LandmarkID, name: String, englishName: String, latitudeE7: Int, longitudeE7: Int, aliases: [String] = []
    ) {
        self.id = id
        self.name = name
        self.englishName = englishName
        self.latitudeE7 = latitudeE7
        self.longitudeE7 = longitudeE7
        self.aliases = aliases
    }

    package var location: Location { Location(latitudeE7: latitudeE7, longitudeE7: longitudeE7) }

    /// Everything that it is called.
    package var names: [String] { [name, englishName] + aliases }
}
