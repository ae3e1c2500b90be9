package catalogue

// Publication is when a figure may be shown at all; the secondary suppressions of
// a release come on top. A zero bound asks for nothing.
type Publication struct {
	Persons      int  `json:"persons,omitempty"`      // fewest persons behind a cell
	Sensitive    int  `json:"sensitive,omitempty"`    // the same where the cell tells health, justice or origin
	Contributors int  `json:"contributors,omitempty"` // fewest economic groups, not legal entities
	Dominance    int  `json:"dominance,omitempty"`    // most that one group may weigh, in percent
	Respondents  int  `json:"respondents,omitempty"`  // fewest answers (or pairs of answers) to a survey
	Register     bool `json:"register,omitempty"`     // what a public register already names may be shown below the bound on contributors
	Free         bool `json:"free,omitempty"`         // counts of communes: nobody is behind them
}

// Allows applies the rule to a cell. Share is the weight of the largest economic
// group, 0 to 1. A cell of a rate must pass for its numerator, its complement and
// its base, each asked apart.
func (p Publication) Allows(persons, contributors int, share float64, sensitive bool) bool {
	least := p.Persons
	if sensitive {
		least = max(least, p.Sensitive)
	}
	dominated := p.Dominance > 0 && share*100 > float64(p.Dominance)
	return p.Free || persons >= least && contributors >= p.Contributors && !dominated
}
