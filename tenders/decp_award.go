package tenders

import "strings"

// AwardFacts says what an award tells of the contract itself: what is needed to
// know when it ends and comes up for renewal. It is absent from other notices,
// and from awards whose source gives none of it.
type AwardFacts struct {
	// Contract is the identifier of the contract at its buyer, Framework that of
	// the framework agreement it was called under; "" when not given.
	Contract  string `json:"contract"`
	Framework string `json:"framework"`
	// Kind and Procedure are in the words of the source ("Accord-cadre",
	// "Procédure adaptée").
	Kind      string `json:"kind"`
	Procedure string `json:"procedure"`
	// Notified is the civil date of notification ("2006-01-02"), "" when unknown
	// or impossible; Raw then has what was printed.
	Notified string `json:"notified"`
	// Months is the duration, modifications included; 0 when unknown.
	Months int `json:"months"`
	// Offers counts the offers received; 0 when unknown.
	Offers int `json:"offers"`
	// Considerations lists the social considerations as published.
	Considerations []string       `json:"considerations"`
	Modifications  []Modification `json:"modifications"`
	// Raw keeps what was printed in a field that could not be believed, by the
	// name of the field in the source: {"dureeMois": "NC"}.
	Raw map[string]string `json:"raw"`
}

// Modification is one change of a running contract. A zero or empty field did
// not change.
type Modification struct {
	Number    string  `json:"number"`
	Notified  string  `json:"notified"`
	Published string  `json:"published"`
	Object    string  `json:"object"`
	Months    int     `json:"months"`
	Amount    float64 `json:"amount"`
}

func newAwardFacts() *AwardFacts {
	return &AwardFacts{Considerations: []string{}, Modifications: []Modification{}, Raw: map[string]string{}}
}

// Ends is the civil day the contract ends, "" when its notification or its
// duration is unknown. A month is a calendar month; the 31st of a month plus
// one month is the last day of the next.
func (a *AwardFacts) Ends() string {
	if a == nil || a.Notified == "" || a.Months == 0 {
		return ""
	}
	return addMonths(a.Notified, a.Months)
}

// doubt keeps what was printed where it is not believed, with its warning.
func (d *draft) doubt(code, source, field, raw string) {
	if len(d.Award.Raw) < 20 {
		d.Award.Raw[source] = tidy(raw[:min(len(raw), 100)])
	}
	d.warn(code, field, "%s %.40q is not believed", source, strings.TrimSpace(raw))
}
