package opportunities

import (
	"slices"
	"time"
)

// Forecast says when a buyer is expected to call again, and why: it is what an
// opportunity of kind Expected has more. Days are civil days ("2006-01-02").
// docs/forecast.md states how it is computed.
type Forecast struct {
	// Series is what is followed: buyer, class of the CPV and territory.
	Series string `json:"series"`
	// On is the day the call is expected; it comes out between From and Until.
	// The buyer is to be called before From.
	On    string `json:"on"`
	From  string `json:"from"`
	Until string `json:"until"`
	// Ends is when the running contracts end.
	Ends string `json:"ends"`
	// Confidence is in 0..1, with its reasons, those for it and those against.
	Confidence float64  `json:"confidence"`
	Reasons    []Reason `json:"reasons"`
	// Contracts are those that end, then those that came before them.
	Contracts []Contract `json:"contracts"`
	// Amount is that of the contracts that end, excluding taxes; 0: not believed.
	Amount   float64 `json:"amount,omitempty"`
	Currency string  `json:"currency,omitempty"`
	// Word is what an officer said of it; nil: nothing. A later computation keeps it.
	Word *Word `json:"word,omitempty"`
	// End says how it ended; empty: the call is still expected. CallID is then
	// the procurement that came out, where one did.
	End    ForecastEnd `json:"end,omitempty"`
	CallID *ID         `json:"call_id,omitempty"`
}

// ForecastEnd is how an expectation ended.
type ForecastEnd string

// The ends of a forecast.
const (
	CameOut     ForecastEnd = "came_out"     // the call was published
	Lapsed      ForecastEnd = "lapsed"       // its window has passed without a call
	Groundless  ForecastEnd = "groundless"   // no award supports it any more
	NotExpected ForecastEnd = "not_expected" // an officer said so
)

// Reason is one ground of a confidence: a code that the doors put in words, and
// the number that goes with it (months, contracts, days), 0 where none does.
type Reason struct {
	Code string `json:"code"`
	N    int    `json:"n,omitempty"`
	// Against tells a ground for less confidence.
	Against bool `json:"against,omitempty"`
}

// Contract is an award that a forecast rests on.
type Contract struct {
	Key           string   `json:"key"` // of its procurement
	Number        string   `json:"number,omitempty"`
	OpportunityID *ID      `json:"opportunity_id,omitempty"`
	Title         string   `json:"title"`
	Holders       []Holder `json:"holders"`
	Amount        float64  `json:"amount,omitempty"`
	Notified      string   `json:"notified"`
	Months        int      `json:"months"`
	Ends          string   `json:"ends"`
	Procedure     string   `json:"procedure,omitempty"`
	// Before tells a contract that has been followed already.
	Before bool `json:"before,omitempty"`
}

// Motive is why a call is not to be expected.
type Motive string

// The motives.
const (
	NotAgain    Motive = "not_again"   // the buyer does not buy it again
	InHouse     Motive = "in_house"    // it does it itself, or through a body of its own
	GroupBuying Motive = "group_order" // it goes through a central purchasing body or a group of buyers
	BadData     Motive = "bad_data"    // the award is wrong
	OtherMotive Motive = "other"       // said in the note
)

// Motives lists why a call may not be expected.
func Motives() []Motive { return []Motive{NotAgain, InHouse, GroupBuying, BadData, OtherMotive} }

// Word is what an officer knows of an expected call: the month that the buyer
// confirmed ("2027-03"), or that it is not to be expected, and why.
type Word struct {
	Month  string    `json:"month,omitempty"`
	Motive Motive    `json:"motive,omitempty"`
	Note   string    `json:"note,omitempty"`
	UserID int64     `json:"user_id,omitempty"`
	At     time.Time `json:"at"`
}

// Refuses tells a word that says that the call is not to be expected.
func (w *Word) Refuses() bool { return w != nil && w.Motive != "" }

// afterConfirmed is how many days after its month a confirmed call may still
// come out: what a buyer announces is often late by a quarter at most.
const afterConfirmed = 92

// Told gives the forecast as the word of an officer makes it: the month that a
// buyer confirmed replaces the window that was computed.
func (f Forecast) Told(w *Word) Forecast {
	f.Word = w
	if w == nil || w.Month == "" {
		return f
	}
	first, err := time.Parse("2006-01", w.Month)
	if err != nil {
		return f
	}
	f.From, f.On = first.Format(time.DateOnly), first.AddDate(0, 0, 14).Format(time.DateOnly)
	f.Until = first.AddDate(0, 1, afterConfirmed).Format(time.DateOnly)
	f.Confidence = 0.95
	f.Reasons = append([]Reason{{Code: "confirmed"}}, f.Reasons...)
	return f
}

// Current lists the contracts that end, without those that came before.
func (f *Forecast) Current() []Contract {
	if f == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.Contracts), func(c Contract) bool { return c.Before })
}

// Holders names who holds the contracts that end, each once.
func (f *Forecast) Holders() (names []string) {
	for _, c := range f.Current() {
		for _, h := range c.Holders {
			if !slices.Contains(names, h.Name) {
				names = append(names, h.Name)
			}
		}
	}
	return names
}

// day is the civil day of an expected call, empty for what is no forecast.
func (f *Forecast) day() string {
	if f == nil {
		return ""
	}
	return f.On
}

// scrubForecast is scrub for what a forecast quotes of awards.
func scrubForecast(o *Opportunity) {
	if o.Forecast == nil {
		return
	}
	f := *o.Forecast
	f.Contracts = slices.Clone(f.Contracts)
	for i := range f.Contracts {
		c := &f.Contracts[i]
		c.Holders = slices.Clone(c.Holders)
		clean(&c.Key, &c.Number, &c.Title, &c.Procedure)
		for n := range c.Holders {
			clean(&c.Holders[n].Name, &c.Holders[n].SIRET)
		}
	}
	o.Forecast = &f
}
