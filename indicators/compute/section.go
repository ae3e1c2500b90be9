package compute

// Section is the sort of record that a measure is counted from; empty: the
// enterprise answers it itself.
func (m Measure) Section() Section { t, _ := traitsOf(m); return t.section }

// Insertion tells a kind of insertion by economic activity.
func (k Kind) Insertion() bool { return ofInsertion.holds(k) }

// EveryExitRow are the lines of the table of exits, the rare ones included: where
// small numbers are hidden, a line left out would say that it is zero.
func EveryExitRow() []ReportRow {
	var out []ReportRow
	for _, l := range exitLines() {
		out = append(out, l.ReportRow)
	}
	return out
}
