package tenders

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"maillage/nomenclatures"
	"maillage/opportunities"
)

// The forecast of the next call, from the contracts of one buyer. It is pure:
// the same contracts in any order, on the same day, give the same forecasts.
// docs/forecast.md states the rules, their sources and what was measured.

// Bounds and working assumptions, in days unless said otherwise.
const (
	// shortestMonths and longestMonths bound a duration that a forecast trusts.
	// Under three months nothing is renewed; over ten years it is a mistake of
	// entry or a concession, which is another trade.
	shortestMonths = 3
	longestMonths  = 120
	// yearly is from how many months a service or a supply bought once is
	// expected again.
	yearly = 12
	// longestRenewed is how long a contract that is renewed by tacit agreement
	// lasts in all, in months: the four years of a framework agreement (public
	// procurement code, L2125-1), which buyers keep for renewable contracts too.
	longestRenewed = 48
	// together: contracts that end so near one another are called again at once.
	together = 61
	// soonestNext and latestNext bound when the next contract begins around the
	// end of the one before it: it may be notified early, or the old one prolonged.
	soonestNext = 270
	latestNext  = 183
	// margin is on each side of the day a call is expected, steadyMargin where a
	// regular series says it, doubt what each unknown adds.
	margin       = 60
	steadyMargin = 45
	doubt        = 30
	// grace is how long after its window a call still counts, and how long
	// before.
	grace = 92
)

// leads is the time from the publication of a call to the notification of the
// contract, by procedure. The law gives the floor of formal procedures only: 35
// days to tender (R2161-2) or 30 and 30 (R2161-6, R2161-7), then 11 days of
// standstill (R2182-1); what is above it, and the whole of adapted procedures,
// is a working assumption.
var leads = []struct {
	word string
	days int
}{
	{"adaptee", 90}, {"sans publicite", 60}, {"sans mise en concurrence", 60}, {"dialogue", 270}, {"negociation", 210},
	{"negocie", 210}, {"restreint", 180}, {"ouvert", 150}, {"open", 150}, {"selective", 180},
}

// usualLead is taken where the procedure is not known.
const usualLead = 120

// Running is what an award says of a contract that may be called again.
type Running struct {
	Key           string // of the award: source and identifier
	Number        string // of the contract at its buyer
	OpportunityID *opportunities.ID
	Buyer         Buyer
	Title         string
	CPV           nomenclatures.CPV
	Place         Place
	Notified      string // civil day
	Months        int
	Amended       bool
	Kind          string // in the words of the source: "Accord-cadre"
	Procedure     string
	Framework     string // the framework agreement it was called under
	Amount        float64
	Currency      string
	Holders       []Winner
	Social        Verdict
}

// Why a contract foretells nothing.
const (
	UnfitBuyer     = "no_buyer"
	UnfitTrade     = "no_trade"
	UnfitDate      = "no_date"
	UnfitDuration  = "no_duration"
	UnfitShort     = "too_short"
	UnfitLong      = "too_long"
	UnfitFramework = "under_framework" // it is the framework agreement that comes up again
	UnfitWorks     = "works_once"
	UnfitOnce      = "short_once"
)

// unfit says why a contract alone foretells nothing; "" when it may.
func (r *Running) unfit() string {
	year, _ := strconv.Atoi(r.Notified[:min(4, len(r.Notified))])
	switch {
	case len(r.Buyer.SIREN) != 9:
		return UnfitBuyer
	case len(r.CPV) != 8:
		return UnfitTrade
	case dayOf(r.Notified).IsZero() || year < firstYear || year > lastYear:
		return UnfitDate
	case r.Months <= 0:
		return UnfitDuration
	case r.Months < shortestMonths:
		return UnfitShort
	case r.Months > longestMonths:
		return UnfitLong
	case r.Framework != "" && !r.framework():
		return UnfitFramework
	}
	return ""
}

// framework tells a framework agreement from what is ordered under one.
func (r *Running) framework() bool {
	kind := foldText(r.Kind)
	return strings.Contains(kind, "accord") && !strings.Contains(kind, "subsequent")
}

// works tells construction (CPV 45) and the engineering that goes with it (71):
// what is built once is not built again.
func (r *Running) works() bool {
	return strings.HasPrefix(string(r.CPV), "45") || strings.HasPrefix(string(r.CPV), "71")
}

func (r *Running) ends() string { return addMonths(r.Notified, r.Months) }

// series is what is followed: the buyer, the class of the CPV (four digits, or
// the group where the code stops there) and the territory.
func (r *Running) series() string {
	return r.Buyer.SIREN + ":" + r.class() + ":" + territoryOf(r.Place)
}

func (r *Running) class() string { return string(r.CPV[:4]) }

// mostNamed is how many départements name a territory; more are counted.
const mostNamed = 6

func territoryOf(p Place) string {
	switch {
	case p.Scope == InCountry:
		return "france"
	case p.Scope != InCommunes || len(p.Departements) == 0:
		return "?"
	case len(p.Departements) > mostNamed:
		return strconv.Itoa(len(p.Departements)) + "-departements"
	}
	return strings.Join(p.Departements, "+")
}

// lead is how long before its notification a contract was called.
func (r *Running) lead() (days int, known bool) {
	said := foldText(r.Procedure)
	for _, l := range leads {
		if strings.Contains(said, l.word) {
			return l.days, true
		}
	}
	return usualLead, false
}

// Expectation is a forecast with the contracts that it rests on.
type Expectation struct {
	Series  string
	Ending  []Running // what ends, in the order of notification
	Before  []Running // what these followed
	Windows []Window  // when the call may come out: one, or one at each renewal
	// Reasons and Confidence are those of the first window.
	Reasons    []opportunities.Reason
	Confidence float64
}

// Window is the days between which a call is expected, and the end it precedes.
type Window struct{ From, On, Until, Ends string }

// Outlook is all that the contracts of a buyer foretell.
type Outlook struct {
	Expected []Expectation
	// Followed gives, for each contract that another followed, the procurement
	// of that one.
	Followed map[string]*opportunities.ID
	// Unfit counts the contracts that foretell nothing, by reason.
	Unfit map[string]int
}

// Foretell computes the outlook of contracts, of one buyer or several.
func Foretell(contracts []Running) Outlook {
	out := Outlook{Followed: map[string]*opportunities.ID{}, Unfit: map[string]int{}}
	bySeries := map[string][]Running{}
	for i := range contracts {
		if why := contracts[i].unfit(); why != "" {
			out.Unfit[why]++
			continue
		}
		bySeries[contracts[i].series()] = append(bySeries[contracts[i].series()], contracts[i])
	}
	for series, list := range bySeries {
		chains := chained(waves(list))
		for _, chain := range chains {
			out.follow(chain)
			last := chain[len(chain)-1]
			if why := once(chain); why != "" {
				out.Unfit[why] += len(last.contracts)
				continue
			}
			out.Expected = append(out.Expected, expectation(series, chain, len(chains)))
		}
	}
	slices.SortFunc(out.Expected, func(a, b Expectation) int {
		return cmp.Or(cmp.Compare(a.Windows[0].On, b.Windows[0].On), cmp.Compare(a.Series, b.Series), cmp.Compare(a.Ending[0].Key, b.Ending[0].Key))
	})
	return out
}

func (o *Outlook) follow(chain []wave) {
	for i := range len(chain) - 1 {
		for _, c := range chain[i].contracts {
			o.Followed[c.Key] = chain[i+1].contracts[0].OpportunityID
		}
	}
}

// once says why a chain is not expected to go on: works that no regular series
// nor framework agreement repeats, and what is bought once for less than a year.
func once(chain []wave) string {
	last := chain[len(chain)-1].contracts
	framework := slices.ContainsFunc(last, func(r Running) bool { return r.framework() })
	_, steady := period(chain)
	switch {
	case last[0].works() && !framework && !steady:
		return UnfitWorks
	case !framework && len(chain) == 1 && longest(last) < yearly:
		return UnfitOnce
	}
	return ""
}

func longest(list []Running) (months int) {
	for _, r := range list {
		months = max(months, r.Months)
	}
	return months
}

// dayOf reads a civil day; zero when it is none.
func dayOf(day string) time.Time {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}
	}
	return t
}

// daysFrom counts the days from a civil day to another.
func daysFrom(a, b string) int { return int(dayOf(b).Sub(dayOf(a)).Hours() / 24) }

func addDays(day string, n int) string { return dayOf(day).AddDate(0, 0, n).Format(time.DateOnly) }
