package publication

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"maillage/indicators/catalogue"
	"maillage/internal/fault"
)

// What is published stays published: a plan that comes later may let find what both hide,
// and is refused. The refusal says beside which releases, and the nearest plan that passes.

// The search of another plan is bounded: it is made while somebody waits for a refusal.
const (
	mostTried  = 4
	mostSought = 5 * time.Minute
	mostNamed  = 3
)

// explained adds to a refusal of what stands beside other releases which they are, and
// what may be asked instead. Any other error is left as it is.
func (s *Service) explained(ctx context.Context, p Plan, before ledger, err error) error {
	if !fault.Is(err, fault.KindConflict) || !slices.Contains([]string{unsafePlan, unprovedPlan, tooWidePlan}, fault.Of(err).Code) {
		return err
	}
	beside, readErr := s.beside(ctx, p, before)
	if readErr != nil {
		return readErr
	}
	why := fault.Of(err)
	text := why.Message
	if beside.FR != "" {
		text = say(text.FR+" Publié avant, sur les mêmes personnes ou les mêmes heures : "+beside.FR+".", text.EN+" Released before, of the same persons or the same hours: "+beside.EN+".")
	}
	near, ok, err := s.nearest(ctx, p, before)
	if err != nil {
		return err
	}
	if ok {
		words := near.nearWords()
		text = say(text.FR+" Au plus près, ceci peut être publié : "+words.FR+".", text.EN+" The nearest that may be released: "+words.EN+".")
	}
	return fault.New(fault.KindConflict, why.Code, text.FR, text.EN)
}

// beside names the releases that have figures of the years and the families of a plan, the
// latest first.
func (s *Service) beside(ctx context.Context, p Plan, before ledger) (t fault.Text, err error) {
	all, err := catalogue.Load()
	if err != nil {
		return t, err
	}
	of := map[int64]bool{}
	for _, year := range p.Years {
		names := p.wantsBeside(before, year, all)
		for _, f := range before.all {
			if _, read := names[familyOf(f.Measure).name]; read && f.Year == year {
				of[f.VersionID] = true
			}
		}
	}
	ids := slices.Sorted(mapsKeys(of))
	slices.Reverse(ids)
	var fr, en []string
	for _, id := range ids[:min(mostNamed, len(ids))] {
		v, err := versionByID(ctx, s.store.Read(), id)
		if err != nil {
			return t, err
		}
		fr, en = append(fr, fmt.Sprintf("« %s », version %s", v.TitleFR, v.Version)), append(en, fmt.Sprintf("“%s”, version %s", v.TitleEN, v.Version))
	}
	if more := len(ids) - mostNamed; more > 0 {
		fr, en = append(fr, fmt.Sprintf("et %d de plus", more)), append(en, fmt.Sprintf("and %d more", more))
	}
	return say(strings.Join(fr, " ; "), strings.Join(en, "; ")), nil
}

// nearest is the first of the wider plans that passes and tells something.
func (s *Service) nearest(ctx context.Context, p Plan, before ledger) (near Plan, ok bool, err error) {
	within, stop := context.WithTimeout(ctx, mostSought)
	defer stop()
	for _, q := range p.wider() {
		v, err := s.protect(within, q, before, false)
		switch {
		case ctx.Err() != nil:
			return near, false, ctx.Err()
		case within.Err() != nil:
			return near, false, nil
		case err == nil && len(v.told) > 0:
			return q, true, nil
		case err != nil && lasting(err) == nil:
			return near, false, err
		}
	}
	return near, false, nil
}

// wider are the plans that tell less than a plan, the nearest first: without the details
// of persons, then without the kinds, then of wider territories, at last of France alone.
func (p Plan) wider() (list []Plan) {
	add := func(q Plan) {
		if q.writing() != p.writing() && !slices.ContainsFunc(list, func(o Plan) bool { return o.writing() == q.writing() }) {
			list = append(list, q)
		}
	}
	if p.Report {
		return nil
	}
	p.Reference = 0
	q := p
	q.Sex, q.Age, q.Public = false, false, false
	add(q)
	by := q.Kinds
	q.Kinds = false
	add(q)
	for _, l := range p.Level.wider() {
		if q.Level, q.Kinds = l, by; l == Federation {
			q.Territories = nil
		}
		add(q)
	}
	q.Level, q.Kinds, q.Territories = Federation, false, nil
	add(q)
	if len(list) > mostTried {
		list = append(list[:mostTried-1], q)
	}
	return list
}

// wider are the levels above one, the nearest first.
func (l Level) wider() []Level {
	switch l {
	case Departement:
		return []Level{Region, Federation}
	case Region, Zones:
		return []Level{Federation}
	}
	return nil
}

// nearWords say a plan beside the one that was asked: the same indicators and years.
func (p Plan) nearWords() fault.Text {
	of := levelWords[p.Level]
	cut := p.cutWords()
	if cut.FR == "" {
		cut = say(", sans autre détail", ", without other details")
	}
	return say("les mêmes indicateurs, "+of.FR+cut.FR, "the same indicators, "+of.EN+cut.EN)
}
