package microdata

import (
	"context"

	"maillage/indicators/compute"
	"maillage/internal/fault"
	"maillage/territories"
)

// shape is how a sheet becomes records of type T.
type shape[T any] struct {
	read    func(*cells, *territories.Atlas) *entry[T]
	owner   string   // column: worker_id, enterprise_id, or none
	sub     string   // the first column of the rest of the natural key
	key     []string // the whole natural key, in the database
	blank   func(enterprise, owner int64, sub string) *T
	subOf   func(*T) (owner int64, sub string)
	trace   func(*T) *Trace
	check   func(*T, *Year) []Located
	guard   func(context.Context, *chunk[T], []*decided[T]) error // looks at records beside the others: see guard.go
	records bool                                                  // of workers
}

// begun and rest cut a natural key of two parts.
func begun(sub string) string { return sub[:min(len(sub), 10)] }

func rest(sub string) string {
	if len(sub) > 11 {
		return sub[11:]
	}
	return ""
}

func located(column, fr, en string) []Located {
	return []Located{{column, fault.Text{FR: fr, EN: en}}}
}

func yearShape() shape[Year] {
	return shape[Year]{read: readYear, owner: "enterprise_id", sub: "year", key: []string{"enterprise_id", "year"},
		blank: func(e, _ int64, sub string) *Year { return &Year{EnterpriseID: e, Year: yearOf(sub)} },
		subOf: func(y *Year) (int64, string) { return y.EnterpriseID, pad(y.Year) },
		trace: func(y *Year) *Trace { return &y.Trace },
		guard: yearStays}
}

func workerShape() shape[Worker] {
	return shape[Worker]{read: readWorker, owner: "enterprise_id", sub: "mark", key: []string{"enterprise_id", "mark"},
		blank: func(e, _ int64, sub string) *Worker { return &Worker{EnterpriseID: e, Mark: sub} },
		subOf: func(w *Worker) (int64, string) { return w.EnterpriseID, w.Mark },
		trace: func(w *Worker) *Trace { return &w.Trace },
		check: func(w *Worker, _ *Year) []Located {
			if w.BirthYear != 0 && w.AgeBand != "" {
				return located("tranche_age", "l’année de naissance est connue et suffit, d’année en année : laissez la tranche vide, ou effacez-la (-)", "the year of birth is known and is enough, year after year: leave the band empty, or empty it (-)")
			}
			return nil
		}}
}

func contractShape() shape[Contract] {
	return shape[Contract]{read: readContract, owner: "worker_id", sub: "begins_on", key: []string{"worker_id", "begins_on"}, records: true,
		blank: func(e, w int64, sub string) *Contract {
			return &Contract{EnterpriseID: e, WorkerID: w, BeginsOn: sub}
		},
		subOf: func(c *Contract) (int64, string) { return c.WorkerID, c.BeginsOn }, trace: func(c *Contract) *Trace { return &c.Trace }}
}

func hoursShape() shape[MonthHours] {
	return shape[MonthHours]{read: readHours, owner: "worker_id", sub: "month", key: []string{"worker_id", "month"}, records: true,
		blank: func(e, w int64, sub string) *MonthHours {
			return &MonthHours{EnterpriseID: e, WorkerID: w, Month: sub}
		},
		subOf: func(h *MonthHours) (int64, string) { return h.WorkerID, h.Month }, trace: func(h *MonthHours) *Trace { return &h.Trace },
		check: func(h *MonthHours, _ *Year) []Located {
			if h.Clause != nil && h.Worked != nil && *h.Clause > *h.Worked {
				return located("heures_clause", "plus d’heures de clause que d’heures travaillées", "more hours of clause than hours worked")
			}
			return nil
		}}
}

func exitShape() shape[Exit] {
	return shape[Exit]{read: readExit, owner: "worker_id", sub: "exit_on", key: []string{"worker_id", "exit_on"}, records: true,
		blank: func(e, w int64, sub string) *Exit { return &Exit{EnterpriseID: e, WorkerID: w, On: sub} },
		subOf: func(x *Exit) (int64, string) { return x.WorkerID, x.On }, trace: func(x *Exit) *Trace { return &x.Trace },
		guard: onceEachJourney,
		check: func(x *Exit, _ *Year) []Located {
			switch {
			case x.Motive.Timed() && x.Days == 0:
				return located("jours", "la durée en jours du contrat obtenu : sans elle, rien ne dit s’il dépasse six mois", "the length in days of the contract obtained: without it nothing says whether it is over six months")
			case !x.Motive.Timed() && x.Days != 0:
				return located("jours", "seuls un CDD et un intérim ont une durée", "only fixed-term and temporary work have a length")
			}
			return nil
		}}
}

func placementShape() shape[Placement] {
	return shape[Placement]{read: readPlacement, owner: "worker_id", sub: "begins_on", key: []string{"worker_id", "begins_on", "kind"}, records: true,
		blank: func(e, w int64, sub string) *Placement {
			return &Placement{EnterpriseID: e, WorkerID: w, BeginsOn: begun(sub), Kind: compute.PlacementKind(rest(sub))}
		},
		subOf: func(p *Placement) (int64, string) { return p.WorkerID, p.BeginsOn + "|" + string(p.Kind) }, trace: func(p *Placement) *Trace { return &p.Trace }}
}

func trainingShape() shape[Training] {
	return shape[Training]{read: readTraining, owner: "worker_id", sub: "begins_on", key: []string{"worker_id", "begins_on", "certification"}, records: true,
		blank: func(e, w int64, sub string) *Training {
			return &Training{EnterpriseID: e, WorkerID: w, BeginsOn: begun(sub), Certification: rest(sub)}
		},
		subOf: func(t *Training) (int64, string) { return t.WorkerID, t.BeginsOn + "|" + t.Certification }, trace: func(t *Training) *Trace { return &t.Trace }}
}

func answerShape() shape[Answer] {
	return shape[Answer]{read: readAnswer, owner: "enterprise_id", sub: "year", key: []string{"enterprise_id", "year", "question"},
		blank: func(e, _ int64, sub string) *Answer {
			return &Answer{EnterpriseID: e, Year: yearOf(sub), Question: compute.Measure(sub[5:])}
		},
		subOf: func(a *Answer) (int64, string) { return a.EnterpriseID, pad(a.Year) + "|" + string(a.Question) }, trace: func(a *Answer) *Trace { return &a.Trace },
		guard: answersStand,
		check: func(a *Answer, y *Year) []Located {
			if y != nil && !a.Question.Applies(y.Kind) {
				return located("question", "cette question ne se pose pas à une entreprise de ce type", "this is not asked of an enterprise of this kind")
			}
			return nil
		}}
}

func referenceShape() shape[Reference] {
	return shape[Reference]{read: readReference, sub: "kind", key: []string{"kind", "year"},
		blank: func(_, _ int64, sub string) *Reference {
			return &Reference{Kind: compute.Kind(sub[:len(sub)-5]), Year: yearOf(sub[len(sub)-4:])}
		},
		subOf: func(r *Reference) (int64, string) { return 0, string(r.Kind) + "|" + pad(r.Year) }, trace: func(r *Reference) *Trace { return &r.Trace },
		guard: partsOfAnHour}
}

func breakShape() shape[Break] {
	return shape[Break]{read: readBreak, sub: "year", key: []string{"year", "indicator", "kind"},
		blank: func(_, _ int64, sub string) *Break {
			cut := len(sub) - 1
			for sub[cut] != '|' {
				cut--
			}
			return &Break{Year: yearOf(sub), Indicator: sub[5:cut], Kind: compute.Kind(sub[cut+1:])}
		},
		subOf: func(b *Break) (int64, string) { return 0, pad(b.Year) + "|" + b.Indicator + "|" + string(b.Kind) }, trace: func(b *Break) *Trace { return &b.Trace }}
}

// Import reads a file of one sheet, described in docs/import-observatoire.md. A
// row is a record, known by its natural key; the same file again changes nothing;
// an empty cell leaves what is known and a dash empties it. A row that cannot be
// kept is in Report.Refused with every fault located, is kept with its batch, and
// stops nothing. It fails (fault.Invalid) when the file or its header cannot be
// understood, before anything is written.
func (s *Service) Import(ctx context.Context, in File) (*Report, error) {
	switch in.Sheet {
	case Enterprises:
		return importAs(ctx, s, in, yearShape())
	case Workers:
		return importAs(ctx, s, in, workerShape())
	case Contracts:
		return importAs(ctx, s, in, contractShape())
	case Hours:
		return importAs(ctx, s, in, hoursShape())
	case Exits:
		return importAs(ctx, s, in, exitShape())
	case Placements:
		return importAs(ctx, s, in, placementShape())
	case Trainings:
		return importAs(ctx, s, in, trainingShape())
	case Answers:
		return importAs(ctx, s, in, answerShape())
	case References:
		return importAs(ctx, s, in, referenceShape())
	case Breaks:
		return importAs(ctx, s, in, breakShape())
	}
	_, err := ParseSheet(string(in.Sheet))
	return nil, err
}
