/// Whose public holidays a new pack begins with.
package enum PublicHolidays: String, Sendable, CaseIterable {
    /// As the State Council of China announced them, with the days worked in exchange 调休.
    case china
    /// A place that writes its own.
    case none
}

extension StartingTexts {
    static func holidays(of country: PublicHolidays) -> String {
        switch country {
        case .china: china
        case .none: none
        }
    }

    /// The same text as the demo pack's, which a test compares.
    private static let china = """
        # 国务院办公厅公布的放假调休安排，一年一项，照原文；每年秋天公布下一年的，届时补上。
        # Public holidays of mainland China, one item a year, as the State Council announces them each autumn for the
        # next year: add it then. `work` are days worked in exchange 调休上班, with Monday's hours. A year that is not
        # here counts by the week alone.
        - year: 2024
          source: 国办发明电〔2023〕7号, 2023-10-25
          festivals:
            - { name: 元旦, english: New Year, rest: 2024-01-01 }
            - { name: 春节, english: Spring Festival, rest: 2024-02-10/2024-02-17, work: [2024-02-04, 2024-02-18] }
            - { name: 清明节, english: Qingming, rest: 2024-04-04/2024-04-06, work: 2024-04-07 }
            - { name: 劳动节, english: Labour Day, rest: 2024-05-01/2024-05-05, work: [2024-04-28, 2024-05-11] }
            - { name: 端午节, english: Dragon Boat Festival, rest: 2024-06-10 }
            - { name: 中秋节, english: Mid-Autumn Festival, rest: 2024-09-15/2024-09-17, work: 2024-09-14 }
            - { name: 国庆节, english: National Day, rest: 2024-10-01/2024-10-07, work: [2024-09-29, 2024-10-12] }
        - year: 2025
          source: 国办发明电〔2024〕12号, 2024-11-12
          festivals:
            - { name: 元旦, english: New Year, rest: 2025-01-01 }
            - { name: 春节, english: Spring Festival, rest: 2025-01-28/2025-02-04, work: [2025-01-26, 2025-02-08] }
            - { name: 清明节, english: Qingming, rest: 2025-04-04/2025-04-06 }
            - { name: 劳动节, english: Labour Day, rest: 2025-05-01/2025-05-05, work: 2025-04-27 }
            - { name: 端午节, english: Dragon Boat Festival, rest: 2025-05-31/2025-06-02 }
            - name: 国庆节、中秋节
              english: National Day and Mid-Autumn Festival
              rest: 2025-10-01/2025-10-08
              work: [2025-09-28, 2025-10-11]
        - year: 2026
          source: 国办发明电〔2025〕7号, 2025-11-04
          festivals:
            - { name: 元旦, english: New Year, rest: 2026-01-01/2026-01-03, work: 2026-01-04 }
            - { name: 春节, english: Spring Festival, rest: 2026-02-15/2026-02-23, work: [2026-02-14, 2026-02-28] }
            - { name: 清明节, english: Qingming, rest: 2026-04-04/2026-04-06 }
            - { name: 劳动节, english: Labour Day, rest: 2026-05-01/2026-05-05, work: 2026-05-09 }
            - { name: 端午节, english: Dragon Boat Festival, rest: 2026-06-19/2026-06-21 }
            - { name: 中秋节, english: Mid-Autumn Festival, rest: 2026-09-25/2026-09-27 }
            - { name: 国庆节, english: National Day, rest: 2026-10-01/2026-10-07, work: [2026-09-20, 2026-10-10] }

        """

    private static let none = """
        # Public holidays, one item a year. A year that is not here counts by the week alone. For example:
        #
        # - year: 2026
        #   source: where they were published
        #   festivals:
        #     - { name: New Year, rest: 2026-01-01 }
        #     - { name: Spring Festival, rest: 2026-02-15/2026-02-23, work: [2026-02-14, 2026-02-28] }

        """
}
