package import Foundation

// What every processor understands, whatever its rules are.

/// A timer's moment has come by its owner's wall clock.
///
/// It takes effect when it is read back and the row still stands.
package struct TimerDue: Message {
    package static let type = "timer.due"

    package let timerId: String
    package let kind: String
    /// What the timer is about, such as a case id.
    package let about: String
    package let dueAt: Timestamp

    package init(timerId: String, kind: String, about: String, dueAt: Timestamp) {
        self.timerId = timerId
        self.kind = kind
        self.about = about
        self.dueAt = dueAt
    }

    package var subject: String { timerId }
}

/// One slice of a pack, on its way into every partition of every processor, and to `reference.v1`.
package struct PackPart: Message {
    package static let type = "pack.part"

    /// SHA-256 of the whole pack's JSON, in hex.
    package let packHash: String
    /// From 0.
    package let index: Int
    package let count: Int
    /// Bytes of the pack's JSON; base64 on the wire.
    package let content: Data

    package init(packHash: String, index: Int, count: Int, content: Data) {
        self.packHash = packHash
        self.index = index
        self.count = count
        self.content = content
    }

    package var subject: String { packHash }
}

/// The pack with this hash is in force from here on.
///
/// All its parts came before.
package struct PackActivated: Message {
    package static let type = "pack.activated"

    package let packHash: String
    package let packName: String
    package let packVersion: Int
    package let partCount: Int

    package init(packHash: String, packName: String, packVersion: Int, partCount: Int) {
        self.packHash = packHash
        self.packName = packName
        self.packVersion = packVersion
        self.partCount = partCount
    }

    package var subject: String { packHash }
}

/// A partition of a processor answers `pack.activated`.
package struct PackTookEffect: Message {
    package static let type = "pack.took-effect"

    package let packHash: String
    package let processor: String
    package let partition: Int

    package init(packHash: String, processor: String, partition: Int) {
        self.packHash = packHash
        self.processor = processor
        self.partition = partition
    }

    package var subject: String { packHash }
}

/// From here on a processor decides by this logic, whatever program applies the log.
///
/// Sent by the first owner that knows it, once it has read the log to its end.
package struct LogicActivated: Message {
    package static let type = "logic.activated"

    package let processor: String
    /// From 1; raised whenever a program may decide differently than the one before.
    package let logic: Int

    package init(processor: String, logic: Int) {
        self.processor = processor
        self.logic = logic
    }

    package var subject: String { processor }
}
