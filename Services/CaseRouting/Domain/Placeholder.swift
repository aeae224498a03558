// CaseRouting
