package compute

import (
	"slices"
	"time"

	"maillage/indicators/catalogue"
)

// Motive is why somebody left: a closed list, without any detail of health,
// justice or family.
type Motive string

// The motives.
const (
	CDI        Motive = "cdi"
	CDD        Motive = "cdd"
	Interim    Motive = "interim"
	Creation   Motive = "creation" // or takeover of an enterprise
	PublicPost Motive = "public"   // tenure or traineeship in a public service
	Aided      Motive = "aided"    // an aided contract outside a SIAE
	Qualifying Motive = "training" // a pre-qualifying or qualifying training
	OtherSIAE  Motive = "siae"     // the journey goes on in another SIAE
	JobSeeking Motive = "job_seeking"
	Inactive   Motive = "inactive"
	Unknown    Motive = "unknown"
	OtherExit  Motive = "other"
	Withdrawn  Motive = "withdrawn" // leaves the exits observed, whatever the reason, which is not kept
)

// Motives lists them in the order of the report.
func Motives() []Motive {
	return []Motive{CDI, CDD, Interim, Creation, PublicPost, Aided, Qualifying, OtherSIAE, JobSeeking, Inactive, Unknown, OtherExit, Withdrawn}
}

// Timed tells the motives whose contract lasts a number of days.
func (m Motive) Timed() bool { return m == CDD || m == Interim }

// addMonths adds months and stays in the last month reached: 31 August and six
// months is 28 February.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return time.Date(first.Year(), first.Month(), min(t.Day(), last), 0, 0, 0, 0, time.UTC)
}

// category is the measure that counts an exit by its motive.
func (e *Exit) category() Measure {
	switch e.Motive {
	case CDD, Interim:
		return e.ofLength()
	case CDI:
		return ExitsCDI
	case Creation:
		return ExitsCreation
	case PublicPost:
		return ExitsPublic
	case Aided:
		return ExitsAided
	case Qualifying:
		return ExitsTraining
	case OtherSIAE:
		return ExitsSIAE
	case Withdrawn:
		return ExitsWithdrawn
	}
	return ExitsOther
}

// The two readings of six months. COORACE says "more than", Dares "at least":
// days are kept and the rule is applied late, and a contract of exactly six
// months is what they disagree about.
var (
	overSix = catalogue.Duration{Months: 6}
	fromSix = catalogue.Duration{Months: 6, Inclusive: true}
)

func (e *Exit) ofLength() Measure {
	switch {
	case e.Days == 0:
		return ExitsTimedUnsaid
	case overSix.Met(e.Days):
		return ExitsOver6
	case fromSix.Met(e.Days):
		return ExitsAt6
	}
	return ExitsUnder6
}

// gathered are the sums that each category goes into, by definition. A fixed-term
// contract whose length nobody said is dynamic, and neither durable nor transition.
var gathered = map[Measure][]Measure{
	ExitsDurable:         {ExitsCDI, ExitsPublic, ExitsCreation, ExitsOver6},
	ExitsDurableDares:    {ExitsCDI, ExitsPublic, ExitsCreation, ExitsOver6, ExitsAt6},
	ExitsTransition:      {ExitsUnder6, ExitsAt6, ExitsAided},
	ExitsTransitionDares: {ExitsUnder6, ExitsAided},
	ExitsPositive:        {ExitsTraining, ExitsSIAE},
	ExitsDynamic: {ExitsCDI, ExitsPublic, ExitsCreation, ExitsOver6, ExitsAt6, ExitsUnder6, ExitsTimedUnsaid,
		ExitsAided, ExitsTraining, ExitsSIAE},
}

// older is the count of the same exits under the older rule of presence.
func (m Measure) older() Measure { return m + ".3m" }

// measures are the counts that one observed exit goes into, each once.
func (e *Exit) measures(older bool) []Measure {
	category := e.category()
	out := []Measure{ExitsObserved, category}
	for sum, of := range gathered {
		if slices.Contains(of, category) {
			out = append(out, sum)
		}
	}
	if older {
		for _, m := range slices.Clone(out) {
			out = append(out, m.older())
		}
	}
	return out
}

// The thresholds of an observed exit, in hundredths of hours.
const (
	leastHours = 1_00
	leastAnnex = 150_00
)

// The presence of an observed exit of an ACI or an EI: more than 2.65 months, and
// under the older rule three months or more.
var (
	presence      = catalogue.Duration{Months: 2.65}
	olderPresence = catalogue.Duration{Months: 3, Inclusive: true}
)

// verdict is what the rule says of an exit.
type verdict uint8

const (
	undecided verdict = iota // a fact that the rule asks for was not collected
	ineligible
	observed      // under the present rule
	observedOlder // under the older one too
)

// judge applies the rule of the exits observed to an exit that is not withdrawn:
// in an ACI or an EI, at least one hour and more than 2.65 months of presence (an
// older rule: three months or more); in an AI or an ETTI, at least 150 hours in
// the year; in an EITI, at least one hour.
func (e *Exit) judge(kind Kind, w *Worker, hours Status) verdict {
	switch e.Declared {
	case DeclaredYes:
		return observedOlder
	case DeclaredNo:
		return ineligible
	}
	switch kind {
	case AI, ETTI:
		return byHours(hours, w.workedHours(), leastAnnex)
	case EITI:
		return byHours(hours, w.workedHours()+w.Earlier, leastHours)
	case ACI, EI:
		return e.byPresence(w, hours)
	}
	return undecided
}

func byHours(hours Status, worked, least int64) verdict {
	switch {
	case hours != Collected:
		return undecided
	case worked < least:
		return ineligible
	}
	return observedOlder
}

// byPresence takes the hour as worked where hours were not collected: nobody is
// under contract for three months without one.
func (e *Exit) byPresence(w *Worker, hours Status) verdict {
	entered := e.Entered
	if entered.IsZero() {
		entered = w.first()
	}
	if entered.IsZero() || entered.After(e.On) {
		return undecided
	}
	switch {
	case hours == Collected && w.workedHours()+w.Earlier < leastHours, !presence.MetBetween(entered, e.On):
		return ineligible
	case olderPresence.MetBetween(entered, e.On):
		return observedOlder
	}
	return observed
}

// workedHours are those of the year: the worked ones, or the paid ones where they alone are said.
func (w *Worker) workedHours() int64 {
	var sum int64
	for _, m := range w.Months {
		switch {
		case m.Worked != nil:
			sum += *m.Worked
		case m.Paid != nil:
			sum += *m.Paid
		}
	}
	return sum
}
