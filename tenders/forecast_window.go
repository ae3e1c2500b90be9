package tenders

import (
	"slices"
	"strings"

	"maillage/opportunities"
)

// Reasons of a forecast, in the order in which they are said.
const (
	ReasonEnd       = "contract_end"  // n contracts end
	ReasonSteady    = "steady"        // n calls in a regular series
	ReasonRepeated  = "repeated"      // n calls already
	ReasonOnce      = "once"          // seen once
	ReasonFramework = "framework"     // a framework agreement comes up again
	ReasonRenewal   = "renewal"       // may be renewed, up to n months in all
	ReasonAmended   = "amended"       // its duration or amount was changed n times
	ReasonUnknown   = "no_procedure"  // the procedure is not known
	ReasonNoPlace   = "no_place"      // the territory is not known
	ReasonUnheard   = "unpublished"   // last time without publication
	ReasonOften     = "often"         // n such contracts run at once
	ReasonWorks     = "works"         // works repeat less
	ReasonClause    = "clause"        // last time with a social clause or a reservation
	ReasonRenewed   = "renewed_since" // a window has passed: supposed renewed
)

// expectation computes what the last wave of a chain foretells, among so many
// chains of its series.
func expectation(series string, chain []wave, among int) Expectation {
	last := chain[len(chain)-1]
	e := Expectation{Series: series, Ending: last.contracts, Confidence: 0.5}
	for _, w := range chain[:len(chain)-1] {
		e.Before = append(e.Before, w.contracts...)
	}
	slices.Reverse(e.Before)
	e.reason(ReasonEnd, len(last.contracts), 0)
	days, steady := period(chain)
	switch {
	case steady:
		e.reason(ReasonSteady, len(chain), 0.3)
	case len(chain) > 1:
		e.reason(ReasonRepeated, len(chain), 0.15)
	default:
		e.reason(ReasonOnce, 0, -0.05)
	}
	wide := e.doubts(among)
	e.windows(&last, days, steady, wide)
	if len(e.Windows) > 1 {
		e.reason(ReasonRenewal, longestRenewed, -0.1)
	}
	e.Confidence = max(0.1, min(e.Confidence, 0.9))
	return e
}

// reason adds a ground and what it weighs.
func (e *Expectation) reason(code string, n int, weight float64) {
	e.Reasons = append(e.Reasons, opportunities.Reason{Code: code, N: n, Against: weight < 0})
	e.Confidence += weight
}

// doubts weighs what the awards say and do not say; it gives the days by which
// the window is wider for it.
func (e *Expectation) doubts(among int) (wide int) {
	last, amended := e.Ending[len(e.Ending)-1], 0
	for _, r := range e.Ending {
		if r.Amended {
			amended++
		}
	}
	if slices.ContainsFunc(e.Ending, func(r Running) bool { return r.framework() }) {
		e.reason(ReasonFramework, 0, 0.1)
	}
	if amended > 0 {
		e.reason(ReasonAmended, amended, -0.05)
		wide += doubt
	}
	if _, known := last.lead(); !known {
		e.reason(ReasonUnknown, 0, -0.05)
		wide += doubt
	}
	if last.Place.Scope != InCommunes && last.Place.Scope != InCountry {
		e.reason(ReasonNoPlace, 0, -0.1)
	}
	if strings.Contains(foldText(last.Procedure), "sans publicite") {
		e.reason(ReasonUnheard, 0, -0.15)
	}
	if among > 1 {
		e.reason(ReasonOften, among, -0.1)
	}
	if last.works() {
		e.reason(ReasonWorks, 0, -0.1)
	}
	if slices.Contains([]Verdict{Reserved, Execution, Criterion, Object}, last.Social) {
		e.reason(ReasonClause, 0, 0)
	}
	return wide
}

// windows lays the window of each end: a lead before it, a margin on each side,
// and never past the end of the contract less than the margin. A steady series
// has one, at its own period.
func (e *Expectation) windows(last *wave, days int, steady bool, wide int) {
	lead, _ := last.contracts[len(last.contracts)-1].lead()
	if steady {
		e.window(last, addDays(last.begins, days-lead), steadyMargin+wide, last.ends)
		return
	}
	for _, end := range last.possibleEnds() {
		e.window(last, addDays(end, -lead), margin+wide, end)
	}
}

// window lays one, after the last notification in any case.
func (e *Expectation) window(last *wave, on string, side int, end string) {
	begun := last.contracts[len(last.contracts)-1].Notified
	on = max(on, addDays(begun, doubt))
	from := max(addDays(on, -side), addDays(begun, 1))
	e.Windows = append(e.Windows, Window{From: from, On: on, Until: max(addDays(on, side), end), Ends: end})
}

// At gives the forecast on a day: at the first window that has not passed, or
// the last one.
func (e *Expectation) At(today string) opportunities.Forecast {
	i := slices.IndexFunc(e.Windows, func(w Window) bool { return w.Until >= today })
	if i < 0 {
		i = len(e.Windows) - 1
	}
	w := e.Windows[i]
	f := opportunities.Forecast{Series: e.Series, On: w.On, From: w.From, Until: w.Until, Ends: w.Ends,
		Confidence: hundredths(e.Confidence), Reasons: slices.Clone(e.Reasons), Currency: "EUR"}
	if i > 0 {
		f.Reasons = append(f.Reasons, opportunities.Reason{Code: ReasonRenewed, N: i, Against: true})
		f.Confidence = hundredths(max(0.1, e.Confidence-0.1*float64(i)))
	}
	for _, r := range e.Ending {
		f.Contracts = append(f.Contracts, r.contract(false))
		f.Amount += r.Amount
		f.Currency = firstNonEmpty(r.Currency, f.Currency)
	}
	for _, r := range e.Before[:min(len(e.Before), maxList)] {
		f.Contracts = append(f.Contracts, r.contract(true))
	}
	return f
}

// hundredths keeps a share to what is shown of it, so that sums in another
// order give the same bytes.
func hundredths(v float64) float64 { return float64(int(v*100+0.5)) / 100 }

func (r *Running) contract(before bool) opportunities.Contract {
	c := opportunities.Contract{Key: r.Key, Number: r.Number, OpportunityID: r.OpportunityID, Title: cut(r.Title, maxTitle), Holders: []opportunities.Holder{},
		Amount: r.Amount, Notified: r.Notified, Months: r.Months, Ends: r.ends(), Procedure: r.Procedure, Before: before}
	for _, h := range r.Holders {
		c.Holders = append(c.Holders, opportunities.Holder{Name: h.Name, SIRET: h.SIRET})
	}
	return c
}
