package import Foundation
import PersonalKeys
import ServiceKit

extension ChannelEdge {
    /// The edge of the program: all channels that the environment sets up.
    ///
    /// - Throws: ``ChannelSettingError``, ``PrivateAddressesError``, `DataFolderKeyError` or `ObjectStoreError`.
    package static func make(dataFolder: URL, environment: [String: String]) throws -> ChannelEdge {
        let settings = try ChannelSettings(environment: environment)
        let key = try DataFolderKey.load(.webhook, in: dataFolder)
        return ChannelEdge(
            senders: try senders(settings, webhookKey: key, dataFolder: dataFolder), endpointKey: key,
            people: try PersonKeyShelf.open(dataFolder: dataFolder, environment: environment))
    }

    private static func senders(
        _ settings: ChannelSettings, webhookKey: DataFolderKey, dataFolder: URL
    ) throws -> [any ChannelSender] {
        let caller = HTTPCaller(allows: settings.allows)
        let publicURL = settings.publicURL
        var senders: [any ChannelSender] = [
            WebhookSender(key: webhookKey, caller: caller),
            DingTalkSender(publicURL: publicURL, caller: caller),
            WeComSender(publicURL: publicURL, caller: caller),
            FeishuSender(publicURL: publicURL, caller: caller),
        ]
        if let mail = settings.mail {
            senders.append(
                EmailSender(
                    server: mail.server, from: mail.from, publicURL: publicURL,
                    key: try DataFolderKey.load(.persons, in: dataFolder), perMinute: mail.perMinute))
        }
        if let subject = settings.vapidSubject {
            let key = try VAPIDKey(try DataFolderKey.load(.vapid, in: dataFolder))
            senders.append(WebPushSender(key: key, subject: subject, publicURL: publicURL, caller: caller))
        }
        if let app = settings.weChat { senders.append(WeChatSender(app: app, caller: caller)) }
        if let sms = settings.sms {
            senders.append(SMSSender(url: sms.url, key: sms.key, perMinute: sms.perMinute, caller: caller))
        }
        return senders
    }
}
