package microdata

import (
	"maillage/indicators/compute"
	"maillage/territories"
)

func readContract(c *cells, _ *territories.Atlas) *entry[Contract] {
	e := begin[Contract](c, true)
	e.sub = c.day("debut")
	last := c.today.Year()
	if ends, known := c.maybeDay("fin"); known {
		if ends != "" && ends < e.sub {
			c.refuse("fin", "la fin précède le début", "the end comes before the start")
		}
		if ends != "" {
			last = min(last, yearOf(ends))
		}
		e.edit(func(k *Contract) { k.EndsOn = ends })
	}
	if v, known := c.hours("heures_hebdo", 48); known {
		e.edit(func(k *Contract) { k.Weekly = v })
	}
	e.spans(compute.Contracts, yearOf(e.sub), last)
	return e
}

// mostMonth is an hour more than a month of full time with every hour of overtime.
const mostMonth = 220

func readHours(c *cells, _ *territories.Atlas) *entry[MonthHours] {
	e := begin[MonthHours](c, true)
	e.sub = c.month("mois")
	said := len(c.faults)
	for _, f := range []struct {
		column string
		of     func(*MonthHours) **int64
	}{{"heures_payees", func(h *MonthHours) **int64 { return &h.Paid }}, {"heures_travaillees", func(h *MonthHours) **int64 { return &h.Worked }}, {"heures_clause", func(h *MonthHours) **int64 { return &h.Clause }}} {
		if v, known := c.hours(f.column, mostMonth); known {
			e.edit(func(h *MonthHours) { *f.of(h) = v })
		}
	}
	if len(e.edits) == 0 && len(c.faults) == said {
		c.refuse("heures_payees", "des heures, payées ou travaillées, ou ND : cette ligne n’en dit aucune", "hours, paid or worked, or ND: this row says none")
	}
	e.spans(compute.Hours, yearOf(e.sub), yearOf(e.sub))
	return e
}

func readExit(c *cells, _ *territories.Atlas) *entry[Exit] {
	e := begin[Exit](c, true)
	e.sub = c.day("date")
	var words []string
	for _, m := range motiveWords {
		words = append(words, m.word)
	}
	if _, said := c.asked("motif"); said {
		motive := motiveWords[max(0, c.oneOf("motif", words))].motive
		e.edit(func(x *Exit) { x.Motive = motive })
	}
	if n, known := c.whole("jours", 1, 3660); known {
		e.edit(func(x *Exit) { x.Days = n })
	}
	if d, known := c.maybeDay("entree_le"); known {
		if e.sub != "" && d > e.sub {
			c.refuse("entree_le", "l’entrée suit la sortie", "the entry comes after the exit")
		}
		e.edit(func(x *Exit) { x.EnteredOn = d })
	}
	if v, known := c.said("constatee"); known {
		declared := compute.Undeclared
		if v != "" {
			declared = []compute.Declared{compute.DeclaredNo, compute.DeclaredYes}[max(0, c.oneOf("constatee", []string{"non", "oui"}))]
		}
		e.edit(func(x *Exit) { x.Declared = declared })
	}
	e.spans(compute.Exits, yearOf(e.sub), yearOf(e.sub))
	return e
}

func readPlacement(c *cells, _ *territories.Atlas) *entry[Placement] {
	e := begin[Placement](c, true)
	day := c.day("debut")
	if i := c.oneOf("nature", []string{"embauche", "immersion", "mission"}); i >= 0 {
		e.sub = day + "|" + string(compute.PlacementKinds()[i])
	}
	e.spans(compute.Placements, yearOf(day), yearOf(day))
	return e
}

func readTraining(c *cells, _ *territories.Atlas) *entry[Training] {
	e := begin[Training](c, true)
	day, certification := c.day("debut"), ""
	if v, _ := c.said("certification"); v != "" {
		if i := c.oneOf("certification", Certifications()); i >= 0 {
			certification = Certifications()[i]
		}
	}
	e.sub = day + "|" + certification
	if v, known := c.hours("heures", 2000); known {
		e.edit(func(t *Training) { t.Hours = v })
	}
	e.spans(compute.Trainings, yearOf(day), yearOf(day))
	return e
}
