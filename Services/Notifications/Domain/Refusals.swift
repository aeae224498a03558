import Contracts

/// Why what somebody asks of notifications is not done, in a code for programs and words for people.
package enum NotificationRefusal: String, Sendable, Equatable, CaseIterable {
    case tooLate = "too-late"
    case notFound = "not-found"
    case notAllowed = "not-allowed"
    case badChannel = "bad-channel"
    case badContact = "bad-contact"
    case badPreferences = "bad-preferences"
    case tooManyConsents = "too-many-consents"
    case badEndpoint = "bad-endpoint"
    case endpointExists = "endpoint-exists"
    case tooManyEndpoints = "too-many-endpoints"
    case ofPack = "endpoint-of-pack"
    case disabled = "endpoint-disabled"
    case badReplay = "bad-replay"
    case badBounce = "bad-bounce"

    /// In Chinese and English; in Chinese alone by the first logic.
    package func reason(_ logic: NotificationLogic) -> String {
        logic.refusesInBothLanguages ? "\(chinese) / \(english)" : chinese
    }

    private var chinese: String {
        switch self {
        case .tooLate: "这个请求来得太晚，请再试一次。"
        case .notFound: "没有找到，请刷新后再试。"
        case .notAllowed: "只能由本人操作；别人的消息和设置动不了。"
        case .badChannel: "这个渠道在这里用不了，请换一个渠道。"
        case .badContact: "联系方式太长或为空，请重新填写。"
        case .badPreferences: "设置有误：免打扰的起止时间不能相同，站内消息不能关闭。请改正后再保存。"
        case .tooManyConsents: "这类消息的订阅次数已经够多，用掉一些后再订阅。"
        case .badEndpoint: "地址有误：请用 https:// 开头的地址，编号不要以 unit: 开头。"
        case .endpointExists: "这个编号已经用过，请换一个编号，或先移除旧的。"
        case .tooManyEndpoints: "登记的地址太多，请先移除不用的。"
        case .ofPack: "这个地址写在数据包里，请在 webhooks.yaml 里修改。"
        case .disabled: "这个地址已停用，请先启用再补发。"
        case .badReplay: "请给出要补发的编号或起始时间；一次最多 \(ReplayDeliveries.most) 条，多了请缩短时间段。"
        case .badBounce: "退信的状态应写作 4.x.x 或 5.x.x。"
        }
    }

    private var english: String {
        switch self {
        case .tooLate: "The request came too late: try again."
        case .notFound: "It is not there: look again, and try once more."
        case .notAllowed: "Only you yourself can do this: the messages and settings of others are not yours."
        case .badChannel: "This channel cannot be used here: choose another."
        case .badContact: "The contact is empty or too long: write it again."
        case .badPreferences:
            "Quiet hours must begin and end at different times, and the inbox cannot be switched off: mend it and save again."
        case .tooManyConsents: "Enough consents of this kind wait to be used: use some before you give more."
        case .badEndpoint: "The address must begin with https://, and the id must not begin with unit:."
        case .endpointExists: "This id is taken: choose another, or remove the old endpoint."
        case .tooManyEndpoints: "There are too many endpoints: remove some that are not needed."
        case .ofPack: "This address stands in the pack: change it in webhooks.yaml."
        case .disabled: "The endpoint is disabled: enable it, then replay."
        case .badReplay:
            "Say which deliveries, or since when; at most \(ReplayDeliveries.most) at once: ask for a shorter time."
        case .badBounce: "The status of a bounce must be such as 4.2.2 or 5.1.1."
        }
    }
}
