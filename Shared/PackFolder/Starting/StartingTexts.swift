import Contracts
import Foundation

/// What a new pack says where the city has said nothing yet.
enum StartingTexts {
    static func settings(of start: PackStart) throws -> String {
        // A JSON string is a YAML string, whatever stands in it.
        """
        # The settings of the pack; every line is explained in docs/packs.md.
        name: \(try ContractCoding.text(start.name))
        title: \(try ContractCoding.text(start.title))
        version: 1

        # Reports of one category closer than this are one case.
        mergeDistanceMetres: 50
        # Points ledgers; the first is for communities that name none.
        ledgers: [\(try ContractCoding.text(start.name))]

        calendar:
          utcOffsetMinutes: \(start.utcOffsetMinutes)
          workingHours:
            monday: ["09:00-12:00", "13:00-18:00"]
            tuesday: ["09:00-12:00", "13:00-18:00"]
            wednesday: ["09:00-12:00", "13:00-18:00"]
            thursday: ["09:00-12:00", "13:00-18:00"]
            friday: ["09:00-12:00", "13:00-18:00"]
          # Days off besides those of holidays.yaml: 2026-10-01, or days in a row 2026-10-01/2026-10-07.
          holidays: []
          # Days worked in exchange 调休.
          makeUpDays: []

        """
    }

    static let units = """
        id,name
        city-hall,市政服务中心

        """

    static let people = """
        id,roles,unitId,communityIds
        worker-1,worker,city-hall,
        verifier-1,verifier,,
        dispatcher-1,dispatcher,,

        """

    static let categories = """
        code,name,englishName,kind,filingLimit,handlingLimit,keywords,gbCode,gbVerified
        E0102,暴露垃圾,Exposed garbage,snapshot,1w,4w,垃圾;garbage;trash,,false
        E0104,道路不洁,Dirty road,snapshot,2w,2w,路面脏;dirty road,,false
        E0110,道路破损,Damaged pavement,snapshot,2w,5d,坑洞;路面破损;pothole,,false
        E0505,机动车乱停放,Illegal car parking,snapshot,1w,2w,违停;乱停车;illegal parking,,false
        E0506,非机动车乱停放,Messy bike parking,snapshot,1w,2w,单车;电动车;bike,,false
        P0101,井盖缺失、破损,Missing or broken manhole cover,snapshot,0.5e,1e,井盖;manhole,,false
        P0118,路灯损坏,Street light out,snapshot,2w,2d,路灯;street light,,false
        S0101,消防通道堵塞,Fire lane blocked,snapshot,0.5e,2e,消防通道;fire lane,,false
        S0105,其他公共设施安全,Other unsafe facility,snapshot,1w,1d,公共设施;安全隐患;unsafe,,false
        D0101,紧急求助,Urgent help,request,0.5e,2e,紧急;求助;urgent,,false
        D0103,一般诉求,Ordinary request,request,2w,7n,诉求;投诉;request,,false
        D0104,疑难诉求、建议,Complex request or suggestion,request,2w,15n,建议;suggestion,,false

        """

    static let routing = """
        # Owner rules, a sentence each, from the top: the first that fits decides. docs/packs.md tells the language.
        # For example, before the rule below:
        #
        # R2: E0102, S*, inside any compound -> the property company, because inside the walls it is theirs
        # R3: E0102, in some-community, at 22:00-06:00 -> some-unit on duty
        R1: everything -> city-hall

        """

    /// Rules for the kinds that there are categories of: one for another kind could never decide.
    static func points(for kinds: Set<ReportKind>, of start: PackStart) throws -> String {
        var lines = ["# Point rules, from the top: the first that fits decides. More can stand here: docs/packs.md."]
        lines.append(kinds.isEmpty ? "rules: []" : "rules:")
        if kinds.contains(.snapshot) {
            lines += ["  - rule: P1", "    name: 随手拍", "    kind: snapshot", "    points: 10"]
        }
        if kinds.contains(.request) {
            lines += ["  - rule: P2", "    name: 直通车", "    kind: request", "    points: 5"]
        }
        lines += [
            "# The most points that a person may be promised in a day.", "caps:", "  personDay: 50",
            "# No bonus for what is sent in these hours, so that nobody hurries at meal times.",
            "mealPeaks: [\"11:00-13:00\", \"17:00-19:00\"]",
            "# Who pays: no more is given out than was put in. line: how far the account may go below zero.",
            "funders:", "  - funder: city-hall", "    name: 市政服务中心",
            "    ledger: \(try ContractCoding.text(start.name))", "    line: 100000", "    budgets:",
            "      - { from: 2026-01-01, points: 100000 }",
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    static let webhooks = """
        # Units that want their own system to hear of their cases. The signing secret is no part of a pack.
        #
        # - unit: city-hall
        #   url: https://example.org/suishoupai
        #   events: [case.dispatched, case.overdue]

        """
}
