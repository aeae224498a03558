/// Words of danger for a new pack; the numbers are China's, the gas company's own is for the city to add.
extension StartingTexts {
    static var emergencies: String {
        let rows = [["id", "words", "exceptions", "call", "advice", "englishAdvice"]] + kinds
        return rows.map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
    }

    private static func cell(_ text: String) -> String { text.contains(",") ? "\"\(text)\"" : text }

    private static let kinds: [[String]] = [
        [
            "fire", "着火;起火;失火;火灾;爆炸;on fire;fire;explosion",
            "火灾隐患;预防火灾;火灾演练;没有着火;万一着火;万一起火;容易着火;容易起火;"
                + "fire lane;fire extinguisher;fire hydrant;fire door;fire drill;fire escape;fire exit;fire station;"
                + "fire truck;fire hazard;fire alarm;no fire",
            "119", "请立即远离火场并拨打119；有人受伤请拨打120。不要返回取物，不要乘电梯。",
            "Get away and call 119 now (120 for the injured). Do not go back for things and do not take the lift.",
        ],
        [
            "gas", "燃气泄漏;煤气泄漏;天然气泄漏;煤气味;燃气味;gas leak;smell gas;smell of gas",
            "燃气泄漏报警器;煤气泄漏报警器;没有煤气味;gas leak detector", "119",
            "请勿开关电器、勿用明火；关阀开窗，到室外拨打119或燃气公司抢修电话。",
            "Use no switch and no flame. Shut the valve, open the windows, and call 119 or the gas company from outdoors.",
        ],
        [
            "injury", "受伤;昏迷;晕倒;流血;触电;injured;unconscious;bleeding",
            "容易受伤;没有受伤;没人受伤;没有人受伤;无人受伤;避免受伤;以免受伤;小心触电;触电危险;触电隐患;"
                + "not injured;nobody is injured",
            "120", "请立即拨打120；触电者先断电再施救。保持通话，按医生指导处理，不要随意移动伤员。",
            "Call 120 now; cut the power before you touch anyone electrocuted. Stay on the line and do not move the injured.",
        ],
        [
            "trapped", "被困;trapped", "被困扰;无人被困;nobody is trapped", "119;110",
            "请拨打119求救，有人轻生或受威胁请同时拨打110；安抚当事人，不要擅自施救。",
            "Call 119, and 110 where somebody may harm themselves or others. Calm them, and do not try a rescue alone.",
        ],
        [
            "water", "溺水;落水;drowning", "落水管;落水口;防溺水", "119;120", "请拨打119和120；抛救生圈或长杆，不要下水施救。",
            "Call 119 and 120. Throw a float or reach with a pole; do not go into the water.",
        ],
        [
            "wire", "漏电;电线断落;live wire", "漏电保护;漏电开关", "95598;119", "请远离电线至少八米，不要触碰，拨打95598或119。",
            "Keep eight metres away from the wire, touch nothing, and call 95598 or 119.",
        ],
    ]
}
