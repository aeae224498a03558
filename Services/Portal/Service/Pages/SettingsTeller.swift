import Contracts
import ServiceKit

/// Tells a person's settings in the words of people.
struct SettingsTeller {
    let frame: Frame
    let visit: Visit
    /// Nil where the person never said anything.
    let settings: PersonSettingsState?
    let pack: Pack?
    let isStaff: Bool

    /// The pack's where the person never said.
    private var wishes: NotificationPreferences {
        settings?.preferences ?? NotificationPreferences(quietHours: pack?.notifications?.quietHours)
    }

    var page: [String: Any] {
        let wishes = wishes
        return [
            "kinds": kinds.map(\.rawValue).joined(separator: ","),
            "columns": kinds.map { ["label": word("settings.kind.\($0.rawValue)")] }, "channels": channels,
            "isQuiet": wishes.quietHours != nil, "from": Self.clock(wishes.quietHours?.from ?? 22 * 60),
            "to": Self.clock(wishes.quietHours?.to ?? 7 * 60), "hasMealPeaks": wishes.mealPeaks,
            "peaks": peaks, "isShort": wishes.form == .short, "isWeekly": wishes.digest == .weekly,
            "writtenEnglish": wishes.language == .english, "consents": consents, "hasConsents": !consents.isEmpty,
        ]
    }

    /// What riders never get is not asked of them.
    private var kinds: [NotificationKind] { isStaff ? NotificationKind.allCases : [.progress, .points] }

    private var channels: [[String: Any]] {
        Channel.ofPersons.map { channel in
            let isThere = settings?.contacts.contains { $0.channel == channel } ?? false
            let lost = settings?.lost?.last { $0.channel == channel }
            return [
                "channel": channel.rawValue, "channelName": word("settings.channel.\(channel.rawValue)"),
                "lost": lost.map { word("settings.lost.\($0.reason.rawValue)") } ?? "", "isThere": isThere,
                "isPush": channel == .webPush, "isTyped": channel != .webPush,
                "hint": channel == .webPush ? "" : word("settings.hint.\(channel.rawValue)"),
                "type": channel == .email ? "email" : channel == .sms ? "tel" : "text",
                "autocomplete": channel == .email ? "email" : channel == .sms ? "tel" : "off",
                "cells": kinds.map { kind -> [String: Any] in
                    [
                        "field": "wants-\(kind.rawValue)-\(channel.rawValue)",
                        "isWanted": !wishes.muted.contains(MutedKind(kind: kind, channel: channel)),
                        "cellName":
                            word("settings.kind.\(kind.rawValue)") + " · "
                            + word("settings.channel.\(channel.rawValue)"),
                    ]
                },
            ]
        }
    }

    /// The pack's, as `11:00–13:00`.
    private var peaks: String {
        (pack?.notifications?.mealPeaks ?? pack?.points?.mealPeaks ?? []).filter { $0.count == 2 }
            .map { "\(Self.clock($0[0]))–\(Self.clock($0[1]))" }.joined(separator: ", ")
    }

    private var consents: [[String: Any]] {
        (settings?.consents ?? []).map { consent in
            let titles = (pack?.templates ?? []).filter { $0.weChat?.id == consent.template }.map(\.title)
            return ["name": titles.first ?? consent.template, "left": String(consent.left)]
        }
    }

    private static func clock(_ minute: Int) -> String {
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(two(minute / 60)):\(two(minute % 60))"
    }

    private func word(_ key: String) -> String { frame.words.text(key, visit.language) }
}
