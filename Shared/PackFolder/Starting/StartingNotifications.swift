extension StartingTexts {
    /// A text for everything that people expect to be told.
    static let notifications = """
        # 通知 (who reads what, by which ways, when); docs/packs.md explains every line.
        # 可用 {caseNumber} 案件号、{category} 类别、{community} 社区、{reason} 原因、{points} 积分、{deadline} 期限。
        languages: [zh]
        texts:

        # 给上报人 (to the reporter)
        - event: case.opened
          role: reporter
          title: 收到，已编案件号
          body: 您反映的“{category}”已收到，案件号 {caseNumber}，我们会尽快核实。如有人身危险，请立即拨打急救电话。
        - event: case.report-joined
          role: reporter
          title: 收到，已并入同一案件
          body: 您反映的“{category}”与案件 {caseNumber} 是同一处问题，已并入，进展会同样告诉您。
        - event: case.filed
          role: reporter
          title: 核实属实，已立案
          body: 案件 {caseNumber}（{category}）核实属实，已立案，正在安排责任单位。
        - event: case.refused
          role: reporter
          title: 未予立案
          body: 案件 {caseNumber}（{category}）未予立案。原因：{reason}
        - event: case.dispatched
          role: reporter
          title: 已派责任单位处理
          body: 案件 {caseNumber}（{category}）已派责任单位处理，期限 {deadline}。
        - event: case.closed
          role: reporter
          title: 已办结
          body: 案件 {caseNumber}（{category}）已处理并核查办结。请问您满意吗？问题解决了吗？请在案件里评价；未解决的，在重新打开期限内可以写明原因重新打开，之后再有问题请再拍一次。
        - event: case.reopened
          role: reporter
          title: 案件重新办理
          body: 案件 {caseNumber}（{category}）已重新办理。原因：{reason}
        - event: points.pended
          role: reporter
          title: 积分待发 {points} 分
          body: 案件 {caseNumber} 已立案，记 {points} 分，办结后发放。
        - event: points.released
          role: reporter
          title: 积分到账 {points} 分
          body: 案件 {caseNumber} 已办结，{points} 分已到账，可以兑换。
        - event: points.voided
          role: reporter
          title: 待发积分已取消
          body: '{reason}'
        - event: points.capped
          role: reporter
          title: 这次不计分
          body: 案件 {caseNumber} 照常办理，这次不计分：{reason}
        - event: points.shared
          role: reporter
          title: 待发积分 {points} 分
          body: 案件 {caseNumber}：您的待发积分 {points} 分。{reason}
        - event: points.awarded
          role: reporter
          title: 积分到账 {points} 分
          body: '{reason}'
        - event: points.timed-out
          role: reporter
          title: 预留的 {points} 分已退回
          body: '{reason}'
        - event: points.refunded
          role: reporter
          title: 退还 {points} 分
          body: '{reason}'
        - event: points.expired
          role: reporter
          title: '{points} 分已过期'
          body: '{reason}'
        - event: points.clawed-back
          role: reporter
          title: 追回 {points} 分
          body: '{reason}'
        - event: points.corrected
          role: reporter
          title: 积分更正 {points} 分
          body: '{reason}'
        - event: notice.given
          role: reporter
          title: 拟追回 {points} 分，您可以申诉
          body: '原因：{reason}。您可在 {deadline} 前提出申诉，期间不扣分；申诉由另一人复核。'
        - event: notice.upheld
          role: reporter
          title: 申诉复核：维持，追回 {points} 分
          body: '{reason}'
        - event: notice.lapsed
          role: reporter
          title: 申诉期满，追回 {points} 分
          body: '{reason}'
        - event: notice.dismissed
          role: reporter
          title: 告知已撤销，不扣分
          body: '{reason}'

        # 给处置人员 (to the handler)
        - event: case.dispatched
          role: handler
          title: 新任务：{category}
          body: 案件 {caseNumber}（{category}）派给您处理，期限 {deadline}。
        - event: case.overdue
          role: handler
          title: 已超期：{category}
          body: 案件 {caseNumber}（{category}）已过期限 {deadline}，请尽快处理，或退回并说明原因。
        - event: case.verified
          role: handler
          title: 核查结果
          body: 案件 {caseNumber}（{category}）已核查。{reason}
        - event: case.reopened
          role: handler
          title: 需要再处理
          body: 案件 {caseNumber}（{category}）需要再处理。原因：{reason}

        # 旁路：给上报人 (side roads: to the reporter)
        - event: case.information-asked
          role: reporter
          title: 请您补充情况
          body: 案件 {caseNumber}（{category}）需要您补充：{reason} 收到后继续计时办理。
        - event: case.parked
          role: reporter
          title: 暂时挂账
          body: 案件 {caseNumber}（{category}）暂时不能办结，已挂账并订了计划：{reason}
        - event: case.handed-over
          role: reporter
          title: 已交专业单位处理
          body: 案件 {caseNumber}（{category}）已交专业单位处理，我们会继续督办、核查。
        - event: case.referred
          role: reporter
          title: 已提交议事
          body: 案件 {caseNumber}（{category}）已提交五方议事。原因：{reason}
        - event: case.cancelled
          role: reporter
          title: 案件已撤销
          body: 案件 {caseNumber}（{category}）已撤销。原因：{reason}

        # 旁路：给处置人员 (side roads: to the handler)
        - event: case.near-due
          role: handler
          title: 临期提醒：{category}
          body: 案件 {caseNumber}（{category}）的时限已用去大半，期限 {deadline}。来不及请申请延期。
        - event: case.resumed
          role: handler
          title: 恢复计时
          body: 案件 {caseNumber}（{category}）恢复计时，期限 {deadline}。{reason}
        - event: case.information-given
          role: handler
          title: 上报人已补充
          body: 案件 {caseNumber}（{category}）的上报人已补充，恢复计时，期限 {deadline}。{reason}
        - event: case.extension-decided
          role: handler
          title: 延期审批结果
          body: 案件 {caseNumber}（{category}）的延期申请已审批，期限 {deadline}。{reason}
        - event: case.rated
          role: handler
          title: 上报人的评价
          body: 案件 {caseNumber}（{category}）的上报人已评价。{reason}

        # 给单位人员 (to the people of a unit)
        - event: case.escalated
          role: member
          title: 请督办：{category}
          body: 案件 {caseNumber}（{category}）已升级到贵单位。{reason}
        - event: case.whistled
          role: member
          title: 吹哨：请到现场
          body: 案件 {caseNumber}（{category}）请贵单位于 {deadline} 前到现场报到。{reason}
        - event: case.co-owner-added
          role: member
          title: 请协办：{category}
          body: 案件 {caseNumber}（{category}）请贵单位协办，期限 {deadline}。{reason}
        - event: case.co-owner-overdue
          role: member
          title: 协办已超期：{category}
          body: 案件 {caseNumber}（{category}）的协办已过期限 {deadline}，请尽快完成并反馈。
        - event: case.kept-overdue
          role: member
          title: 首接案件已超期：{category}
          body: 案件 {caseNumber}（{category}）退回后尚无单位签收，仍由贵单位负责，已过期限 {deadline}。请尽快处理或协调。

        # 给派遣员、核查员 (to dispatchers and verifiers)
        - event: case.filing-overdue
          role: dispatcher
          kind: alert
          title: 立案超时：{category}
          body: '{community}的案件 {caseNumber}（{category}）应在 {deadline} 前立案，已超时，请尽快核实立案或不予立案。'
        - event: case.dispatch-overdue
          role: dispatcher
          kind: alert
          title: 派遣超时：{category}
          body: '{community}的案件 {caseNumber}（{category}）应在 {deadline} 前派遣，已超时，请尽快派遣。'
        - event: case.verification-overdue
          role: dispatcher
          kind: alert
          title: 核查超时：{category}
          body: '{community}的案件 {caseNumber}（{category}）应在 {deadline} 前核查，已超时，请安排核查。'
        - event: case.verification-overdue
          role: verifier
          kind: alert
          title: 请尽快核查：{category}
          body: '{community}的案件 {caseNumber}（{category}）应在 {deadline} 前核查，已超时，请尽快到现场核查。'

        """
}
