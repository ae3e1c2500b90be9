package funder

import (
	"math/big"

	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/internal/fault"
)

func say(fr, en string) fault.Text { return fault.Text{FR: fr, EN: en} }

func percent(n, of *big.Rat) *big.Rat {
	share := new(big.Rat).Quo(n, of)
	return share.Mul(share, big.NewRat(100, 1))
}

// The units of the lines.
var (
	people = say("personnes", "persons")
	hours  = say("heures", "hours")
	fte    = say("ETP", "FTE")
	exits  = say("sorties", "exits")
	times  = say("nombre", "number")
)

// blocks lays out the whole report, nothing hidden.
func blocks(o *figures.Own, d compute.Definition) []Block {
	return []Block{activity(o), persons(o), entrants(o), training(o), leaving(o, d), apart(o)}
}

// measured is a line of one measure.
func measured(o *figures.Own, id string, label, unit fault.Text, m compute.Measure, c compute.Cross, cells ...string) Line {
	f := o.Amount(m, c)
	l := Line{ID: id, Label: label, Unit: unit, Status: unknown(o, m), cells: cells}
	if f.Outcome == compute.Value {
		l.Status, l.Value = Shown, f.Exact
	}
	return l
}

// unknown is why a measure has no number, where it has none.
func unknown(o *figures.Own, m compute.Measure) Status {
	if o.Awaits(m) {
		return Awaits
	}
	return ND
}

func (l Line) under(depth int) Line { l.Depth = depth; return l }

func (l Line) to(digits int) Line { l.Digits = digits; return l }

func activity(o *figures.Own) Block {
	return Block{ID: "activity", Title: say("Activité de l’année", "Activity of the year"), Note: say("Une personne compte dès une heure dans l’année. Les heures et les ETP sont ceux des salariés en parcours.", "A person counts from one hour in the year. Hours and FTE are those of the workers in insertion."), Lines: []Line{
		measured(o, "workers", say("Salariés en parcours", "Workers in insertion"), people, compute.Workers, compute.Total, cellWorkers),
		measured(o, "hours", say("Heures payées", "Hours paid"), hours, compute.PaidHours, compute.Total, cellWorkers),
		measured(o, "fte", say("Équivalents temps plein", "Full-time equivalents"), fte, compute.FTE, compute.Total, cellWorkers).to(2),
		measured(o, "permanent", say("Salariés permanents", "Permanent staff"), people, compute.PermanentPersons, compute.Total, string(compute.PermanentPersons)),
		measured(o, "permanent.fte", say("Salariés permanents", "Permanent staff"), fte, compute.PermanentFTE, compute.Total, string(compute.PermanentPersons)).to(2),
	}}
}

func persons(o *figures.Own) Block {
	b := Block{ID: "persons", Title: say("Qui a travaillé", "Who worked"), Shares: true,
		Lines: []Line{measured(o, "workers", say("Salariés en parcours", "Workers in insertion"), people, compute.Workers, compute.Total, cellWorkers)}}
	for _, s := range []struct {
		of    compute.Sex
		label fault.Text
	}{{compute.Women, say("Femmes", "Women")}, {compute.Men, say("Hommes", "Men")}, {compute.SexUnsaid, say("Sexe non dit", "Sex not said")}} {
		b.add(measured(o, "sex."+s.of.String(), s.label, people, compute.Workers, compute.CrossOf(s.of, 0, 0), cellOf(cellWorkers, "sex "+s.of.String())).under(1), s.of == compute.SexUnsaid)
	}
	for _, a := range []struct {
		of    compute.Age
		label fault.Text
	}{{compute.Under26, say("Moins de 26 ans", "Under 26")}, {compute.From26To49, say("De 26 à 49 ans", "26 to 49")}, {compute.From50, say("50 ans et plus", "50 and over")}, {compute.AgeUnsaid, say("Âge non dit", "Age not said")}} {
		b.add(measured(o, "age."+a.of.String(), a.label, people, compute.Workers, compute.CrossOf(0, a.of, 0), cellOf(cellWorkers, "age "+a.of.String())).under(1), a.of == compute.AgeUnsaid)
	}
	return b
}

// add adds a line; that of who did not say is left out where everybody did, which
// tells of the records and of nobody: see tables.shared.
func (b *Block) add(l Line, unsaid bool) {
	if !unsaid || l.Status != Shown || l.Value.Sign() > 0 {
		b.Lines = append(b.Lines, l)
	}
}

// publicNames are the criteria of eligibility, as the State names them.
var publicNames = map[compute.Public]fault.Text{
	compute.RSA:   say("Allocataires du RSA", "On minimum income (RSA)"),
	compute.ASS:   say("Allocataires de l’ASS", "On the specific solidarity allowance (ASS)"),
	compute.AAH:   say("Allocataires de l’AAH", "On the disabled adults’ allowance (AAH)"),
	compute.DETLD: say("Demandeurs d’emploi depuis deux ans ou plus (DETLD)", "Seeking work for two years or more (DETLD)"),
	compute.DELD:  say("Demandeurs d’emploi depuis un an ou plus (DELD)", "Seeking work for one year or more (DELD)"),
	compute.TH:    say("Travailleurs handicapés", "Disabled workers"),
	compute.QPV:   say("Habitants d’un quartier prioritaire (QPV)", "From a priority neighbourhood (QPV)"),
	compute.ZRR:   say("Habitants d’une zone de revitalisation rurale (ZRR)", "From a rural revitalisation zone (ZRR)"),
}

func entrants(o *figures.Own) Block {
	b := Block{ID: "entrants", Title: say("Publics à l’entrée", "Publics at entry"), Shares: true, Note: say("Une personne peut être de plusieurs publics : les lignes ne s’ajoutent pas.", "A person may be of several publics: the lines do not add up."),
		Lines: []Line{measured(o, "entrants", say("Entrées dans l’année", "Entries in the year"), people, compute.Entrants, compute.Total, cellEntrants)}}
	for _, p := range compute.Publics() {
		l := measured(o, "public."+p.String(), publicNames[p], people, compute.Entrants, compute.CrossOf(0, 0, p), cellOf(cellEntrants, p.String())).under(1)
		l.Least = leastOf(p)
		b.Lines = append(b.Lines, l)
	}
	b.add(measured(o, "public.unsaid", say("Critères non dits", "Criteria not said"), people, compute.Entrants, compute.CrossOf(0, 0, unsaidCriteria.Unsaid()), cellOf(cellEntrants, unsaidOf(unsaidCriteria))).under(1), true)
	return b
}

// unsaidCriteria stands for all of those that an enterprise says together, or not; QPV
// alone may be known without them.
const unsaidCriteria = compute.RSA

func training(o *figures.Own) Block {
	return Block{ID: "training", Title: say("Formations et mises en situation", "Trainings and work placements"), Note: say("Formés : sept heures de formation ou plus, ou une immersion (PMSMP), dans l’année.", "Trained: seven hours of training or more, or an immersion (PMSMP), in the year."), Lines: []Line{
		measured(o, "trained", say("Salariés formés", "Workers trained"), people, compute.Trained, compute.Total, cellOf(cellWorkers, "trained")),
		measured(o, "certifications", say("Certifications obtenues", "Certifications obtained"), times, compute.Certifications, compute.Total, string(compute.Certifications)),
		measured(o, "immersions", say("Immersions (PMSMP)", "Immersions (PMSMP)"), times, compute.Immersions, compute.Total, string(compute.Immersions)),
		measured(o, "missions", say("Missions chez un autre employeur", "Missions with another employer"), times, compute.Missions, compute.Total, string(compute.Missions)),
		measured(o, "hired", say("Embauches chez un autre employeur", "Hired by another employer"), times, compute.HiredCount, compute.Total, string(compute.HiredCount)),
	}}
}

// lengthUnsaid is the line of the contracts whose length nobody said.
const lengthUnsaid = "dynamic.length_unsaid"

// leaving is the table of the exits observed, every line of it: one left out would
// say zero. That of the lengths that nobody said tells of the records alone.
func leaving(o *figures.Own, d compute.Definition) Block {
	y, without := o.InYear(), unknown(o, compute.ExitsObserved)
	b := Block{ID: "exits", Title: say("Sorties constatées", "Observed exits"), Shares: true, Lines: []Line{counted("observed", say("Sorties constatées", "Observed exits"), 0, compute.ExitsObservedIn(y), without, nodeAll)}}
	for _, row := range compute.EveryExitRow() {
		b.add(counted(row.ID, fault.Text(row.Label), row.Depth, compute.ExitCount(y, row.ID, d), without, nodeOf(row.ID, d)), row.ID == lengthUnsaid)
	}
	return b
}

func counted(id string, label fault.Text, depth int, n compute.Number, without Status, node string) Line {
	l := Line{ID: id, Label: label, Unit: exits, Depth: depth, Status: without, cells: []string{cellOf(cellExits, node)}}
	if n.Known {
		l.Status, l.Value = Shown, n.Exact
	}
	return l
}

// apart are the exits that are in no share.
func apart(o *figures.Own) Block {
	return Block{ID: "apart", Title: say("Sorties à part", "Exits kept apart"), Note: say("Elles ne sont ni au numérateur ni au dénominateur.", "They are neither in the numerator nor in the denominator."), Lines: []Line{
		measured(o, "withdrawn", say("Retirées : leur motif n’entre pas dans la mesure", "Withdrawn: their motive is out of the measure"), exits, compute.ExitsWithdrawn, compute.Total, string(compute.ExitsWithdrawn)),
		measured(o, "ineligible", say("Trop courtes pour être constatées", "Too short to be observed"), exits, compute.ExitsIneligible, compute.Total, string(compute.ExitsIneligible)),
		measured(o, "undecided", say("Indécises : il manque une donnée", "Undecided: a fact is missing"), exits, compute.ExitsUndecided, compute.Total, string(compute.ExitsUndecided)),
	}}
}
