/// What a field must be, said to the one who sent it: "must be …".
package struct WrongField: Error, Equatable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}
