package import Foundation

/// Reads the fields of a JSON object and remembers every wrong one.
///
/// A sender who made three mistakes learns of three at once. A field that is missing or wrong is noted and a stand-in
/// is returned so that reading goes on; ``finish()`` then throws, so a stand-in never leaves the reader. Use
/// ``read(_:strict:_:)``, which cannot forget to finish.
///
/// ```swift
/// let command = try FieldReader.read(body) { fields in
///     NewReport(
///         description: fields.string("description", length: 1...4_000),
///         place: fields.object("location") { Place(latitude: $0.number("latitude", in: -90...90), …) },
///         photos: fields.strings("photos", count: 0...9, length: 1...200))
/// }
/// ```
/// Fields are named by dots and brackets: `location.latitude`, `photos[2]`.
package final class FieldReader {
    private final class Notes {
        var errors: [ProblemDetails.FieldError] = []
        /// Whether the body is no object: then that is all there is to say.
        var isClosed = false
    }

    private let members: [String: JSONValue]
    private let prefix: String
    /// Nil when this reads a stand-in for a missing object, whose fields are not to be reported one by one.
    private let notes: Notes?
    private let strict: Bool
    private var asked: Set<String> = []

    private init(members: [String: JSONValue], prefix: String, notes: Notes?, strict: Bool) {
        self.members = members
        self.prefix = prefix
        self.notes = notes
        self.strict = strict
    }

    /// Starts reading an object; anything else counts as one wrong field, the body.
    ///
    /// - Parameter strict: whether a field that nobody asks for is wrong too. Commands are strict, so that a misspelt
    ///   optional field is not silently lost.
    package convenience init(_ value: JSONValue, strict: Bool = true) {
        let notes = Notes()
        if case .object(let members) = value {
            self.init(members: members, prefix: "", notes: notes, strict: strict)
        } else {
            notes.errors.append(.init(field: "", message: "must be an object, not \(value.kind)"))
            notes.isClosed = true
            self.init(members: [:], prefix: "", notes: notes, strict: false)
        }
    }

    /// Reads a whole value by `body` and throws a 422 that names every wrong field, if there is any.
    package static func read<Value>(
        _ value: JSONValue, strict: Bool = true, _ body: (FieldReader) throws -> Value
    ) throws -> Value {
        let reader = FieldReader(value, strict: strict)
        let result = try body(reader)
        try reader.finish()
        return result
    }

    /// Notes that a field is wrong by a rule that this type does not know.
    package func note(_ field: String, _ message: String) {
        guard let notes, !notes.isClosed else { return }
        notes.errors.append(.init(field: path(field), message: message))
    }

    /// Throws ``ProblemDetails`` 422 when any field was missing, wrong or, if strict, unknown.
    package func finish() throws(ProblemDetails) {
        noteUnknown()
        guard let notes, !notes.errors.isEmpty else { return }
        throw .unprocessable(errors: notes.errors)
    }

    /// The wrong fields so far, in the order they were read.
    package var errors: [ProblemDetails.FieldError] { notes?.errors ?? [] }

    private func noteUnknown() {
        guard strict else { return }
        for name in members.keys.sorted() where !asked.contains(name) {
            note(name, "is not a field that is known here")
        }
    }

    private func path(_ field: String) -> String {
        if prefix.isEmpty { return field }
        return field.isEmpty ? prefix : field.hasPrefix("[") ? prefix + field : "\(prefix).\(field)"
    }

    /// The member, where null counts as absent.
    private func member(_ name: String) -> JSONValue? {
        asked.insert(name)
        guard let value = members[name], value != .null else { return nil }
        return value
    }
}

// MARK: - Any field

extension FieldReader {
    /// A field read by a rule of the caller; `stand-in` is what is returned while the field is wrong.
    ///
    /// - Parameter parse: throws ``WrongField`` with what the field must be.
    package func value<Value>(
        _ name: String, standIn: @autoclosure () -> Value, parse: (JSONValue) throws(WrongField) -> Value
    ) -> Value {
        guard let value = member(name) else {
            note(name, "is missing")
            return standIn()
        }
        return parsed(value, as: name, parse) ?? standIn()
    }

    /// A field that may be absent or null, read by a rule of the caller.
    package func optional<Value>(_ name: String, parse: (JSONValue) throws(WrongField) -> Value) -> Value? {
        member(name).flatMap { parsed($0, as: name, parse) }
    }

    private func parsed<Value>(
        _ value: JSONValue, as name: String, _ parse: (JSONValue) throws(WrongField) -> Value
    ) -> Value? {
        do {
            return try parse(value)
        } catch {
            note(name, error.message)
            return nil
        }
    }
}

// MARK: - Text, numbers, truth

extension FieldReader {
    /// A text whose length, in Unicode scalars, lies in `length`; blank text counts as empty.
    package func string(_ name: String, length: ClosedRange<Int> = 1...4_000) -> String {
        value(name, standIn: "") { value throws(WrongField) in try Self.text(value, length) }
    }

    package func optionalString(_ name: String, length: ClosedRange<Int> = 1...4_000) -> String? {
        optional(name) { value throws(WrongField) in try Self.text(value, length) }
    }

    package func integer(_ name: String, in range: ClosedRange<Int64> = .min ... .max) -> Int64 {
        value(name, standIn: range.lowerBound) { value throws(WrongField) in try Self.integer(value, range) }
    }

    package func optionalInteger(_ name: String, in range: ClosedRange<Int64> = .min ... .max) -> Int64? {
        optional(name) { value throws(WrongField) in try Self.integer(value, range) }
    }

    package func number(_ name: String, in range: ClosedRange<Double>) -> Double {
        value(name, standIn: range.lowerBound) { value throws(WrongField) in try Self.number(value, range) }
    }

    package func optionalNumber(_ name: String, in range: ClosedRange<Double>) -> Double? {
        optional(name) { value throws(WrongField) in try Self.number(value, range) }
    }

    package func bool(_ name: String) -> Bool {
        value(name, standIn: false) { value throws(WrongField) in try Self.truth(value) }
    }

    package func optionalBool(_ name: String) -> Bool? {
        optional(name) { value throws(WrongField) in try Self.truth(value) }
    }

    /// A moment in RFC 3339 with an offset, such as `2026-03-01T08:30:00+08:00`.
    package func instant(_ name: String) -> Date {
        value(name, standIn: Date(timeIntervalSince1970: 0)) { value throws(WrongField) in try Self.moment(value) }
    }

    package func optionalInstant(_ name: String) -> Date? {
        optional(name) { value throws(WrongField) in try Self.moment(value) }
    }

    private static func text(_ value: JSONValue, _ length: ClosedRange<Int>) throws(WrongField) -> String {
        guard case .string(let text) = value else { throw WrongField("must be a string, not \(value.kind)") }
        let isBlank = text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
        let count = text.unicodeScalars.count
        guard length.contains(isBlank ? 0 : count), count <= length.upperBound else {
            throw WrongField(
                isBlank
                    ? "must not be blank"
                    : "must be \(length.lowerBound) to \(length.upperBound) characters long, but has \(count)")
        }
        let hasControl = text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\r" && $0 != "\t" }
        guard !hasControl else { throw WrongField("must not contain control characters") }
        return text
    }

    private static func integer(_ value: JSONValue, _ range: ClosedRange<Int64>) throws(WrongField) -> Int64 {
        guard let number = value.integer else { throw WrongField("must be a whole number, not \(value.kind)") }
        guard range.contains(number) else {
            throw WrongField("must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func number(_ value: JSONValue, _ range: ClosedRange<Double>) throws(WrongField) -> Double {
        guard let number = value.number else { throw WrongField("must be a number, not \(value.kind)") }
        guard range.contains(number) else {
            throw WrongField("must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func truth(_ value: JSONValue) throws(WrongField) -> Bool {
        guard let flag = value.bool else { throw WrongField("must be true or false, not \(value.kind)") }
        return flag
    }

    private static func moment(_ value: JSONValue) throws(WrongField) -> Date {
        guard let text = value.string, let date = RFC3339.date(text) else {
            throw WrongField("must be a moment such as 2026-03-01T08:30:00+08:00")
        }
        return date
    }
}

// MARK: - Choices, objects, arrays

extension FieldReader {
    /// One of the values of a closed list.
    package func enumeration<Choice>(_ name: String, _ type: Choice.Type = Choice.self) -> Choice
    where Choice: CaseIterable & RawRepresentable<String> {
        guard let standIn = Choice.allCases.first else {
            preconditionFailure("An enumeration without cases cannot be read")
        }
        return value(name, standIn: standIn) { value throws(WrongField) in try Self.choice(value) }
    }

    package func optionalEnumeration<Choice>(_ name: String, _ type: Choice.Type = Choice.self) -> Choice?
    where Choice: CaseIterable & RawRepresentable<String> {
        optional(name) { value throws(WrongField) in try Self.choice(value) }
    }

    /// An object read by `body`; when it is missing, that is noted once and `body` reads stand-ins.
    package func object<Value>(_ name: String, _ body: (FieldReader) throws -> Value) rethrows -> Value {
        guard let value = member(name) else {
            note(name, "is missing")
            return try body(standIn(name))
        }
        return try nested(value, name, body)
    }

    package func optionalObject<Value>(_ name: String, _ body: (FieldReader) throws -> Value) rethrows -> Value? {
        guard let value = member(name) else { return nil }
        return try nested(value, name, body)
    }

    /// An array of objects, each read by `body`; absent or null counts as empty.
    package func objects<Value>(
        _ name: String, count: ClosedRange<Int>, _ body: (FieldReader) throws -> Value
    ) rethrows -> [Value] {
        try elements(name, count).enumerated().map { try nested($1, "\(name)[\($0)]", body) }
    }

    /// An array of texts; absent or null counts as empty.
    package func strings(_ name: String, count: ClosedRange<Int>, length: ClosedRange<Int> = 1...4_000) -> [String] {
        elements(name, count).enumerated().compactMap { position, value in
            parsed(value, as: "\(name)[\(position)]") { value throws(WrongField) in try Self.text(value, length) }
        }
    }

    /// A field taken as it stands, of any shape.
    package func any(_ name: String) -> JSONValue? {
        member(name)
    }

    private static func choice<Choice>(_ value: JSONValue) throws(WrongField) -> Choice
    where Choice: CaseIterable & RawRepresentable<String> {
        guard let text = value.string, let choice = Choice(rawValue: text) else {
            throw WrongField("must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    private func elements(_ name: String, _ count: ClosedRange<Int>) -> [JSONValue] {
        let value = member(name) ?? .array([])
        guard case .array(let elements) = value else {
            note(name, "must be an array, not \(value.kind)")
            return []
        }
        guard count.contains(elements.count) else {
            note(name, "must have \(count.lowerBound) to \(count.upperBound) elements, but has \(elements.count)")
            return []
        }
        return elements
    }

    private func standIn(_ name: String) -> FieldReader {
        FieldReader(members: [:], prefix: path(name), notes: nil, strict: false)
    }

    private func nested<Value>(
        _ value: JSONValue, _ name: String, _ body: (FieldReader) throws -> Value
    ) rethrows -> Value {
        guard case .object(let members) = value else {
            note(name, "must be an object, not \(value.kind)")
            return try body(standIn(name))
        }
        let reader = FieldReader(members: members, prefix: path(name), notes: notes, strict: strict)
        let result = try body(reader)
        reader.noteUnknown()
        return result
    }
}
