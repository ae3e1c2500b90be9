package opportunities

// Inert is a cell that no spreadsheet runs, for the tables of others: one that
// would be a formula is preceded by an apostrophe.
func Inert(cell string) string { return inert(cell) }
