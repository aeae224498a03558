// ReportIntake
