package assignment

import "fmt"

// Objective says what leads: see the package comment.
type Objective int

const (
	FitFirst     Objective = iota // total fit, then the longest waiting
	WaitingFirst                  // the longest waiting, then total fit
)

// String is a stable key, the same in logs and in answers.
func (o Objective) String() string {
	if o == WaitingFirst {
		return "waiting-first"
	}
	return "fit-first"
}

// MaxK bounds Config.K.
const MaxK = 100

// Config chooses how a batch is prepared. Its zero value works.
type Config struct {
	K         int       // proposals a person may have at once, pending ones counted; 0 means 1
	Objective Objective // what leads
	Seed      uint64    // of the draw between equals; keep it with the batch
	Budget    int64     // edges that may be read while searching; 0 means no limit

	// A search that is stopped then tightens its gap: that reads at most three
	// times the sum of the squares of the degrees of the people, whatever the budget.
}

func (c Config) checked() (Config, error) {
	if c.K == 0 {
		c.K = 1
	}
	if c.K < 0 || c.K > MaxK || c.Budget < 0 || c.Objective < FitFirst || c.Objective > WaitingFirst {
		return c, fmt.Errorf("%w: k %d, budget %d, objective %d", ErrInvalid, c.K, c.Budget, c.Objective)
	}
	return c, nil
}
