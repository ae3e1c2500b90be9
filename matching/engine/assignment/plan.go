package assignment

// Plan is a batch of proposals to read, discuss and change. All its lists are
// ordered by identifier.
type Plan struct {
	Objective Objective
	K         int
	Seed      uint64
	Outcomes  []Outcome // one a person
	Fillings  []Filling // one a position
	Totals    Totals
	Gap       Gap   // zero: proven best
	Steps     int64 // edges read by the search

	draft  *draft
	person map[PersonID]int32
}

// Outcome is what the plan brings to one person.
type Outcome struct {
	Person    PersonID
	Proposals []Proposal   // new ones, best fit first
	Reason    Reason       // why there is none, or Served
	Other     *Alternative // their best position not proposed, and why; nil: there is none
}

// Proposal is a position for a person.
type Proposal struct {
	Position PositionID
	Fit      int
}

// Filling is what the plan brings to a position.
type Filling struct {
	Position PositionID
	People   []PersonID // by identifier: a plan ranks nobody
	Missing  int        // cards short of AtLeast
	Left     int        // cards left up to AtMost
}

// Totals of a plan.
type Totals struct {
	Fit       int // points, over all proposals
	Proposals int
	Served    int // people with at least one new proposal
	Missing   int // cards short of the minimums
	Longest   int // days waited by the one who waits longest without a new proposal though one was possible
}

// batch is a problem made ready.
type batch struct {
	Config
	*graph
	weights
}

func newBatch(p Problem, c Config) (*batch, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	g := newGraph(p, c)
	w, err := newWeights(int64(len(g.units)), wished(g.positions), c.Objective)
	if err != nil {
		return nil, err
	}
	return &batch{c, g, w}, nil
}

// Solve prepares the best batch. When the budget runs out, it gives the better
// of greedy and of what was found completed by greedy, and says the gap. It
// fails with [ErrInvalid], every fault located, or [ErrTooLarge].
func Solve(p Problem, c Config) (*Plan, error) {
	b, err := newBatch(p, c)
	if err != nil {
		return nil, err
	}
	f := newFlow(b.graph, b.weights, b.Budget)
	best := f.draft
	if !f.run() {
		f.tighten()
		best.fill(c.Objective)
		greedy := newDraft(b.graph)
		greedy.fill(c.Objective)
		if greedy.compare(best, c.Objective) > 0 {
			best = greedy
		}
	}
	return b.plan(best, f.gap(best.score()), f.steps), nil
}

// Choice sets both objectives side by side.
type Choice struct {
	FitFirst, WaitingFirst *Plan
	FitLost                int // points of fit that WaitingFirst gives up
	ServedMore             int // people whom WaitingFirst serves and FitFirst doesn't, in number
}

// Compare prepares the batch under both objectives, for whoever chooses.
func Compare(p Problem, c Config) (Choice, error) {
	var plans [2]*Plan
	for n, o := range []Objective{FitFirst, WaitingFirst} {
		c.Objective = o
		plan, err := Solve(p, c)
		if err != nil {
			return Choice{}, err
		}
		plans[n] = plan
	}
	fit, waiting := plans[0], plans[1]
	return Choice{fit, waiting, fit.Totals.Fit - waiting.Totals.Fit, waiting.Totals.Served - fit.Totals.Served}, nil
}
