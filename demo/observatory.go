package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/microdata"
)

// The observatory of the demonstration holds the two tables of the federation's
// activity report of 2012, as facts: its published totals of workforce, and counts
// of exits of which its published percentages are the rounding. The enterprises
// that they are shared between are invented, and so is what is said of each person.

// exitsOf are the exits observed of each thousand, by year and motive.
var exitsOf = map[int][]struct {
	motive string // as a file says it
	days   int
	count  int
}{
	2008: {{"cdi", 0, 150}, {"cdd", 240, 90}, {"interim", 200, 40}, {"creation", 0, 10}, {"cdd", 90, 130}, {"contrat aide", 0, 60}, {"formation", 0, 80}, {"siae", 0, 30}, {"recherche emploi", 0, 350}, {"autre", 0, 60}},
	2009: {{"cdi", 0, 140}, {"cdd", 240, 70}, {"interim", 200, 30}, {"creation", 0, 10}, {"cdd", 90, 110}, {"contrat aide", 0, 60}, {"formation", 0, 70}, {"siae", 0, 50}, {"recherche emploi", 0, 390}, {"autre", 0, 70}},
	2010: {{"cdi", 0, 150}, {"cdd", 240, 80}, {"interim", 200, 30}, {"creation", 0, 20}, {"cdd", 90, 130}, {"contrat aide", 0, 50}, {"formation", 0, 90}, {"siae", 0, 50}, {"recherche emploi", 0, 340}, {"autre", 0, 60}},
	2011: {{"cdi", 0, 147}, {"cdd", 240, 80}, {"interim", 200, 28}, {"creation", 0, 21}, {"cdd", 90, 149}, {"contrat aide", 0, 47}, {"formation", 0, 80}, {"siae", 0, 46}, {"recherche emploi", 0, 342}, {"autre", 0, 60}},
}

// notCollected marks what the report says ND of.
const notCollected = -1

// workforceOf are the totals of 2009, 2010 and 2011.
var workforceOf = []struct {
	question compute.Measure
	home     bool
	totals   [3]int
}{
	{compute.Workers, false, [3]int{77411, 70978, 79666}}, {compute.FTE, false, [3]int{9643, 9641, 11028}},
	{compute.PermanentPersons, false, [3]int{2972, 3456, 3270}}, {compute.PermanentFTE, false, [3]int{2277, 2634, 2265}},
	{compute.HomeWorkerPersons, true, [3]int{8069, 8288, 9996}}, {compute.HomeWorkerFTE, true, [3]int{2624, 3354, 3170}},
	{compute.ManagerPersons, true, [3]int{331, notCollected, notCollected}}, {compute.ManagerFTE, true, [3]int{275, 358, 338}},
}

// How many invented enterprises share the report's totals.
const (
	ofInsertion = 16
	ofHome      = 5
)

// heroines is which of the enterprises of the report is the heroine's own, so that
// her mirror has years that are released too. It is a small one.
const heroines = 1

// reported is the key of an enterprise of the report.
func (l *loader) reported(i int) string {
	if i == heroines {
		return l.ownKey()
	}
	return fmt.Sprintf("RAPPORT-%02d", i+1)
}

// ownKey is the key under which the heroine's enterprise is observed.
func (l *loader) ownKey() string {
	return string(l.heroine().SIRET) + "-" + string(l.heroine().Kind)
}

// loadObservatory imports the report's facts as files would be, then counts.
func (l *loader) loadObservatory(ctx context.Context) error {
	now := func() time.Time { return l.today }
	s := microdata.NewService(microdata.Config{Store: l.Store, Atlas: l.atlas, Now: now, Random: bytesOf{l.random}})
	for _, f := range []struct {
		sheet microdata.Sheet
		lines []string
	}{{microdata.Enterprises, l.reportedEnterprises()}, {microdata.Workers, l.reportedPeople()}, {microdata.Exits, l.reportedExits()}, {microdata.Answers, l.reportedAnswers()}} {
		r, err := s.Import(ctx, microdata.File{Sheet: f.sheet, Name: "rapport-2012.csv", Content: strings.NewReader(strings.Join(f.lines, "\n"))})
		if err != nil {
			return err
		}
		if r.Rejected > 0 {
			return fmt.Errorf("%s: line %d: %s", f.sheet, r.Refused[0].Line, r.Refused[0].Faults[0].Words("en"))
		}
	}
	if err := l.loadAgreement(ctx, now); err != nil {
		return err
	}
	_, err := figures.NewService(figures.Config{Store: l.Store, Atlas: l.atlas, Now: now}).Refresh(ctx)
	return err
}

func (l *loader) reportedEnterprises() []string {
	out := []string{"entreprise;annee;type;code_insee;groupe;siret"}
	for year := 2008; year <= 2011; year++ {
		for i := range ofInsertion + ofHome {
			kind, group, town, siret := []string{"AI", "ACI", "EI", "ETTI"}[i%4], "", towns[i%len(towns)][0], ""
			if i >= ofInsertion {
				kind = "SAP"
			}
			if i%7 == 6 { // some are two of one economic group
				group = fmt.Sprintf("G-%d", i/4)
			}
			if i == heroines {
				kind, town, siret = string(l.heroine().Kind), l.heroine().Sites[0].Commune, string(l.heroine().SIRET)
			}
			out = append(out, fmt.Sprintf("%s;%d;%s;%s;%s;%s", l.reported(i), year, kind, town, group, siret))
		}
	}
	return out
}

// reportedPeople says who left in the last two years, so that records read one by one
// under an agreement have something to tell.
func (l *loader) reportedPeople() []string {
	out := []string{"entreprise;salarie;sexe;tranche_age;publics"}
	for year := 2010; year <= 2011; year++ {
		for n := range 1000 {
			turn := (n*37 + n/ofInsertion*11 + year) % 97
			out = append(out, fmt.Sprintf("%s;S-%d-%d;%s;%s;%s", l.reported(n%ofInsertion), year, n, []string{"f", "m", "m", "f", "m"}[turn%5],
				[]string{"-25", "26-49", "50+", "26-49"}[turn/5%4], []string{"RSA", "DELD", "aucun", "TH", "ASS", "DETLD"}[turn/20]))
		}
	}
	return out
}

// reportedExits spreads each count over the enterprises, one after the other.
func (l *loader) reportedExits() []string {
	out := []string{"entreprise;salarie;date;motif;jours;constatee;entree_le"}
	for year := 2008; year <= 2011; year++ {
		n := 0
		for _, m := range exitsOf[year] {
			days := ""
			if m.days > 0 {
				days = fmt.Sprint(m.days)
			}
			for range m.count {
				out = append(out, fmt.Sprintf("%s;S-%d-%d;%d-%02d-%02d;%s;%s;oui;%s", l.reported(n%ofInsertion), year, n, year, 1+n%12, 1+n%28, m.motive, days, enteredOn(year, n)))
				n++
			}
		}
	}
	return out
}

// enteredOn is the first day of an invented journey of 4 to 22 months.
func enteredOn(year, n int) string {
	return time.Date(year, time.Month(1+n%12-4-n*7%19), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

func (l *loader) reportedAnswers() []string {
	out := []string{"entreprise;annee;question;valeur"}
	for _, w := range workforceOf {
		first, count := 0, ofInsertion
		if w.home {
			first, count = ofInsertion, ofHome
		}
		for y, total := range w.totals {
			for i := range count {
				value := "ND"
				if total != notCollected {
					value = fmt.Sprint(shareOf(total, i, count, !w.home))
				}
				out = append(out, fmt.Sprintf("%s;%d;%s;%s", l.reported(first+i), 2009+y, w.question, value))
			}
		}
	}
	return out
}

// shareOf is what one of some enterprises has of a total: the heroine's, which is
// small, a thousandth; the others the same, the remainder to the first ones.
func shareOf(total, i, count int, among bool) int {
	if !among {
		return (total + count - 1 - i) / count
	}
	own := total / 1000
	if i == heroines {
		return own
	}
	if i > heroines {
		i--
	}
	return (total - own + count - 2 - i) / (count - 1)
}
