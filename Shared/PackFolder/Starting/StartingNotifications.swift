extension StartingTexts {
    /// A text for everything that people expect to be told.
    static let notifications = """
        # 通知文本 (what people read). 可用 {caseNumber} 案件号、{category} 类别、{reason} 原因、{points} 积分、{deadline} 期限。

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
          body: 案件 {caseNumber}（{category}）已处理并核查办结，谢谢您。若问题仍在，请再拍一次。
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
          body: 案件 {caseNumber} 未予立案，待发的 {points} 分已取消。
        - event: points.capped
          role: reporter
          title: 今天的积分已满
          body: 案件 {caseNumber} 照常办理。今天的积分已到上限，这次不再计分，谢谢您。

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

        """
}
