/// Roles that the points' rules ask for; portal proves them.
package enum Role {
    package static let rider = "rider"
    package static let resident = "resident"
    package static let dispatcher = "dispatcher"
    package static let admin = "admin"
    /// 驿站工作人员: hands prizes over and counts them.
    package static let station = "station"
}
