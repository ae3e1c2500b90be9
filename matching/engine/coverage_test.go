package engine_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"maillage/matching/engine"
	"maillage/nomenclatures"
	"maillage/territories"
)

// plainHole is what the definition says of a sector in a territory, by counting
// commune by commune, lot by lot and enterprise by enterprise.
type plainHole struct {
	lots, expected, unmet, unsure int
	own                           int // lots that people lent cannot fill, or fill for sure
	covered, supposed             float64
	sure, assumed                 int
	ableSure, ableAssumed         bool // one of them could answer a lot that waits, as far as its way and the reservation go
	all, waiting                  []*engine.Lot
}

type plainKey struct {
	sector nomenclatures.Sector
	ref    territories.Ref
}

// plainly finds the holes from their definition.
func plainly(a *territories.Atlas, r *engine.Rules, es []*engine.Enterprise, ls []*engine.Lot, by territories.Kind, minLots int, minShare float64) map[plainKey]plainHole {
	cells := map[plainKey]*plainHole{}
	for _, l := range ls {
		sector, ok := engine.SectorOf(l)
		if !ok || l.Scope != engine.PlaceCommunes || l.Place == nil || l.Kind != engine.ExpectedCall && !lately(l, now.AddDate(-1, 0, 0)) {
			continue
		}
		for ref, share := range places(a, l.Place, by) {
			if share < 0.1 {
				continue
			}
			c := cells[plainKey{sector, ref}]
			if c == nil {
				c = &plainHole{}
				cells[plainKey{sector, ref}] = c
			}
			c.take(r, l, sector, es)
		}
	}
	out := map[plainKey]plainHole{}
	for key, c := range cells {
		set, err := a.Of(key.ref)
		if err != nil {
			panic(err)
		}
		c.offered(a, r, key.sector, set, es)
		if c.lots >= minLots && (c.covered < minShare && c.own > 0 || c.unmet > 0) {
			out[key] = *c
		}
	}
	return out
}

func places(a *territories.Atlas, place *territories.Perimeter, by territories.Kind) map[territories.Ref]float64 {
	out, total := map[territories.Ref]float64{}, 0.0
	one := func(ord int) float64 {
		if place.Population == 0 {
			return 1
		}
		return float64(a.Commune(ord).Population)
	}
	for _, n := range place.Set.Ordinals() {
		ord := int(n)
		total += one(ord)
		ref := territories.Ref{Kind: by, Code: a.Commune(ord).Departement}
		if by == territories.KindEPCI {
			ref.Code = a.Commune(ord).EPCI
		}
		if ref.Code != "" {
			out[ref] += one(ord)
		}
	}
	for ref := range out {
		out[ref] /= total
	}
	return out
}

func (c *plainHole) take(r *engine.Rules, l *engine.Lot, sector nomenclatures.Sector, es []*engine.Enterprise) {
	if l.Kind == engine.ExpectedCall {
		c.expected++
		return
	}
	c.lots++
	c.all = append(c.all, l)
	found := r.Scan(l, es, now, engine.Options{}).Matches
	known := slices.ContainsFunc(found, func(m engine.Match) bool {
		e := es[slices.IndexFunc(es, func(e *engine.Enterprise) bool { return e.ID == m.Enterprise })]
		a := e.Activities[slices.IndexFunc(e.Activities, func(a engine.Activity) bool { return a.ID == m.Activity })]
		return !a.AssumedTrade && !a.AssumedZone
	})
	if !known {
		c.waiting = append(c.waiting, l)
	}
	switch {
	case len(found) == 0:
		c.unmet++
	case !known:
		c.unsure++
	}
	if !known || staffing(nomenclatures.Code{Scheme: nomenclatures.SchemeSector, Value: string(sector)}) || !fillable(l) {
		c.own++
	}
}

// fillable says that people lent can fill a lot.
func fillable(l *engine.Lot) bool {
	return l.Kind == engine.JobNeed || l.Kind == engine.InsertionHours || l.Modes&engine.Secondment != 0 || slices.ContainsFunc(l.Codes, staffing)
}

func staffing(c nomenclatures.Code) bool {
	info, ok := nomenclatures.LookupSector(nomenclatures.Sector(c.Value))
	return c.Scheme == nomenclatures.SchemeCPV && strings.HasPrefix(c.Value, "796") || c.Scheme == nomenclatures.SchemeSector && ok && info.Staffing
}

func (c *plainHole) offered(a *territories.Atlas, r *engine.Rules, sector nomenclatures.Sector, set *territories.Set, es []*engine.Enterprise) {
	sure, all, people := map[int]bool{}, map[int]bool{}, 0.0
	info, _ := nomenclatures.LookupSector(sector)
	for _, e := range es {
		if !e.Active || e.Reachable == engine.No {
			continue
		}
		some, known := false, false
		for _, act := range e.Activities {
			fits := info.Staffing && e.Kind.Lends() && len(act.Codes) > 0 && (act.Modes == 0 || act.Modes&engine.Secondment != 0)
			for _, code := range act.Codes {
				_, v := nomenclatures.Closeness(code, sector.Code())
				fits = fits || v >= 0.45
			}
			if !fits || act.Zone == nil {
				continue
			}
			if able := c.able(r, e, act); able && act.Zone.Set.Intersects(set) {
				c.ableSure = c.ableSure || !act.AssumedTrade && !act.AssumedZone
				c.ableAssumed = true
			}
			for _, ord := range set.Ordinals() {
				if act.Zone.Set.Contains(int(ord)) {
					some, all[int(ord)] = true, true
					if !act.AssumedTrade && !act.AssumedZone {
						known, sure[int(ord)] = true, true
					}
				}
			}
		}
		switch {
		case known:
			c.sure++
		case some:
			c.assumed++
		}
	}
	for _, ord := range set.Ordinals() {
		people += float64(a.Commune(int(ord)).Population)
		if sure[int(ord)] {
			c.covered += float64(a.Commune(int(ord)).Population)
		}
		if all[int(ord)] {
			c.supposed += float64(a.Commune(int(ord)).Population)
		}
	}
	c.covered, c.supposed = c.covered/people, c.supposed/people
}

// able says that neither its way nor the reservation keeps an activity out of every lot that waits.
func (c *plainHole) able(r *engine.Rules, e *engine.Enterprise, act engine.Activity) bool {
	lots := c.waiting
	if len(lots) == 0 {
		lots = c.all
	}
	return slices.ContainsFunc(lots, func(l *engine.Lot) bool {
		way := l.Modes == 0 || act.Modes == 0 || l.Modes&act.Modes != 0
		return way && r.Offer(l, e, now).Reserved.State != engine.Missed
	})
}

// lack is that of the definition.
func (c *plainHole) lack(minShare float64) engine.Lack {
	sure, some := c.ableSure, c.ableAssumed
	if c.unmet == 0 {
		sure, some = c.sure > 0, c.sure+c.assumed > 0
	}
	switch {
	case c.covered >= minShare || c.sure+c.assumed > 0 && !some:
		return engine.LackGate
	case sure:
		return engine.LackPart
	case some:
		return engine.LackSure
	}
	return engine.LackAll
}

func alike(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// The holes are those of the definition, whatever the order of what is given, and
// a lot that somebody can answer is in no hole's count of unmet lots.
func TestSurveyEqualsItsDefinition(t *testing.T) {
	t.Parallel()
	a, cfg, lacks := atlas(t), engine.Config{Atlas: atlas(t)}, map[engine.Lack]int{}
	rules, unmet := engine.NewRules(cfg), 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		es, ls := w.people(16, 30)
		ls = w.aged(ls)
		o := engine.Surveying{By: pick(w.r, territories.KindEPCI, territories.KindDepartement), MinLots: 1 + w.r.IntN(2), MinShare: pick(w.r, 0.5, 0.2, 0.9)}
		got, want := load(cfg, es, ls).View().Survey(now, o), plainly(a, rules, es, ls, o.By, o.MinLots, o.MinShare)
		if len(got.Holes) != len(want) {
			rt.Fatalf("%d holes, the definition says %d", len(got.Holes), len(want))
		}
		for _, h := range got.Holes {
			p, ok := want[plainKey{h.Sector, h.Territory}]
			same := ok && p.lots == len(h.Demand.Lots) && p.expected == h.Expected && p.unmet == len(h.Unmet) && p.unsure == len(h.Unsure) &&
				alike(p.covered, h.Covered) && alike(p.supposed, h.Supposed) && p.sure == h.Sure && p.assumed == h.Assumed
			if !same {
				rt.Fatalf("%+v\nthe definition says %v %+v", h, ok, p)
			}
			for _, id := range h.Unmet {
				lot := ls[slices.IndexFunc(ls, func(l *engine.Lot) bool { return l.ID == id })]
				if n := rules.Scan(lot, es, now, engine.Options{}).Total; n > 0 {
					rt.Fatalf("lot %d has %d candidates and is said unmet", id, n)
				}
			}
			if want := p.lack(o.MinShare); h.Lack != want {
				rt.Fatalf("%v of the people are covered and the hole is %s, not %s", p.covered, h.Lack, want)
			}
			lacks[h.Lack]++
			unmet += len(h.Unmet)
		}
		slices.Reverse(es)
		slices.Reverse(ls)
		if x, y := text(rt, got), text(rt, load(cfg, es, ls).View().Survey(now, o)); x != y {
			rt.Fatalf("the order of what is given changes the answer\n%s\n%s", x, y)
		}
	})
	if unmet == 0 || lacks[engine.LackAll] == 0 || lacks[engine.LackSure] == 0 || lacks[engine.LackPart] == 0 || lacks[engine.LackGate] == 0 {
		t.Errorf("the worlds drawn hold %d unmet lots and %v: they prove nothing", unmet, lacks)
	}
}

// Every lot that has a sector and a place, and that nobody can answer, is told in
// one hole of each territory that it is asked in, and never twice in one.
func TestALotNobodyCanAnswerIsAlwaysTold(t *testing.T) {
	t.Parallel()
	a, cfg := atlas(t), engine.Config{Atlas: atlas(t)}
	rules, told := engine.NewRules(cfg), 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(rt, "seed"))
		es, ls := w.people(16, 30)
		got := load(cfg, es, ls).View().Survey(now, engine.Surveying{})
		times := map[engine.LotID]int{}
		for _, h := range got.Holes {
			for _, id := range h.Unmet {
				times[id]++
			}
		}
		for _, l := range ls {
			_, sorted := engine.SectorOf(l)
			if !sorted || l.Scope != engine.PlaceCommunes || l.Place == nil || l.Kind == engine.ExpectedCall || !lately(l, now.AddDate(-1, 0, 0)) || rules.Scan(l, es, now, engine.Options{}).Total > 0 {
				continue
			}
			want := 0
			for _, share := range places(a, l.Place, territories.KindEPCI) {
				if share >= 0.1 {
					want++
				}
			}
			if told += want; times[l.ID] != want {
				rt.Fatalf("lot %d has no candidate and is told in %d holes, of %d territories", l.ID, times[l.ID], want)
			}
		}
	})
	if told == 0 {
		t.Error("somebody can answer every lot of the worlds drawn: they prove nothing")
	}
}

// A story: gardens are done all over the Diois, by nobody whom a lot reserved to
// adapted enterprises admits.
func TestSurveyTellsAReservedLot(t *testing.T) {
	t.Parallel()
	a := atlas(t)
	ord, _ := a.Ordinal("26113") // Die
	diois := a.Commune(ord).EPCI
	gardens := []nomenclatures.Code{nomenclatures.CPV("77310000").Code()}
	open := &engine.Lot{ID: 1, Revision: 1, Kind: engine.Tender, Codes: gardens, Modes: engine.Provision, Scope: engine.PlaceCommunes, Place: perimeter(t, `{"territory":"commune:26113"}`), Deadline: now.AddDate(0, 1, 0)}
	reserved := *open
	reserved.ID, reserved.Reservation = 2, engine.ReservedEAESAT
	e := &engine.Enterprise{ID: 1, Revision: 1, Kind: engine.ACI, Active: true, Reachable: engine.Yes, Site: engine.NoSite, StatusesKnown: true,
		Activities: []engine.Activity{{ID: 1, Codes: gardens, Modes: engine.Provision, Zone: perimeter(t, `{"territory":"epci:`+diois+`"}`)}}}
	v := load(engine.Config{Atlas: a}, []*engine.Enterprise{e}, []*engine.Lot{open, &reserved}).View()
	got := v.Survey(now, engine.Surveying{})
	if len(got.Holes) != 1 || got.Holes[0].Lack != engine.LackGate || !slices.Equal(got.Holes[0].Unmet, []engine.LotID{2}) || len(got.Holes[0].Demand.Lots) != 2 {
		t.Fatalf("%+v", got.Holes)
	}
	if v.Extend(now, got.Holes, nil); len(got.Holes[0].Nearest) != 0 {
		t.Errorf("they are there already: %+v", got.Holes[0].Nearest)
	}
}

// A story: gardens are asked in the Diois, and nobody does them there.
func TestSurveyOfTheDiois(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	ord, _ := w.atlas.Ordinal("26113") // Die
	diois := w.atlas.Commune(ord).EPCI
	gardens := []nomenclatures.Code{nomenclatures.CPV("77310000").Code()}
	lot := func(id engine.LotID, place string, kind engine.LotKind) *engine.Lot {
		return &engine.Lot{ID: id, Revision: 1, Kind: kind, Codes: gardens, Modes: engine.Provision, Scope: engine.PlaceCommunes, Place: perimeter(t, place), Deadline: now.AddDate(0, -2, 0)}
	}
	die := lot(1, `{"territory":"commune:26113"}`, engine.Tender)
	die.Asked.Amount, die.InsertionHours = 30_000, 200
	wide := lot(2, `{"territory":"departement:26"}`, engine.Tender) // three in a hundred of its people live in the Diois
	coming := lot(3, `{"territory":"commune:26113"}`, engine.ExpectedCall)
	country := lot(4, `{"territory":"commune:26113"}`, engine.Tender)
	country.Scope, country.Place = engine.PlaceCountry, nil
	does := func(id engine.EnterpriseID, zone string, codes ...nomenclatures.Code) *engine.Enterprise {
		return &engine.Enterprise{ID: id, Revision: 1, Kind: engine.ACI, Active: true, Reachable: engine.Yes, Site: engine.NoSite,
			Activities: []engine.Activity{{ID: int64(id), Codes: codes, Modes: engine.Provision, Zone: perimeter(t, zone)}}}
	}
	crest := does(1, `{"radius":{"commune":"26108","km":10}}`, gardens...)
	sibling := does(2, `{"territory":"epci:`+diois+`"}`, nomenclatures.Sector("agriculture").Code())
	unsaid := does(3, `{"territory":"epci:`+diois+`"}`)
	v := load(engine.Config{Atlas: w.atlas}, []*engine.Enterprise{crest, sibling, unsaid}, []*engine.Lot{die, wide, coming, country}).View()
	got := v.Survey(now, engine.Surveying{})
	v.Extend(now, got.Holes, []engine.Area{{ID: 9, Place: perimeter(t, `{"territory":"commune:26108"}`)}, {ID: 8, Place: perimeter(t, `{"territory":"departement:59"}`)}})
	if got.Lots != 3 || got.Unplaced != 1 {
		t.Errorf("%d lots, %d unplaced", got.Lots, got.Unplaced)
	}
	at := slices.IndexFunc(got.Holes, func(h engine.Hole) bool { return h.Territory.Code == diois })
	if at < 0 {
		t.Fatalf("no hole in the Diois: %+v", got.Holes)
	}
	h := got.Holes[at]
	if h.Lack != engine.LackAll || len(h.Demand.Lots) != 1 || h.Demand.Amount != 30_000 || h.Demand.Hours != 200 || h.Expected != 1 || len(h.Unmet) != 1 || h.ToSpecify != 1 {
		t.Errorf("%+v", h)
	}
	if len(h.Poles) != 1 || h.Poles[0].ID != 9 {
		t.Errorf("the poles near the Diois: %+v", h.Poles)
	}
	if len(h.Nearest) == 0 || h.Nearest[0].Enterprise != 1 || h.Nearest[0].Way != engine.ByZone || h.Nearest[0].Km <= 0 || h.Nearest[0].Km > 40 {
		t.Errorf("the nearest: %+v", h.Nearest)
	}
	rules := v.Rules()
	closer := rules.Suppose(crest, engine.Supposition{Kind: engine.SupposeKm, Km: h.Nearest[0].Km})
	if rules.Suppose(crest, engine.Supposition{Kind: engine.SupposeKm, Km: h.Nearest[0].Km - 0.01}).Activities[0].Zone.Set.Intersects(die.Place.Set) {
		t.Error("fewer km would do")
	}
	if !closer.Activities[0].Zone.Set.Intersects(die.Place.Set) {
		t.Error("the km said do not reach the lot that waits")
	}
}

// BenchmarkSurvey is as large as the sample data: 5,000 lots, 3,853 enterprises.
//
//	go test ./matching/engine -run '^$' -bench Survey -benchtime 5x
func BenchmarkSurvey(b *testing.B) {
	w := newWorld(b, 2028)
	p, sectors := newPopulous(w.atlas), nomenclatures.Sectors()
	var es []*engine.Enterprise
	for i := range 3853 {
		ord, c := p.draw(w.r)
		e := &engine.Enterprise{ID: engine.EnterpriseID(i + 1), Kind: engine.ACI, Active: true, Reachable: engine.Yes, Site: ord}
		for j := range 1 + w.r.IntN(2) {
			e.Activities = append(e.Activities, engine.Activity{ID: int64(j), Codes: []nomenclatures.Code{sectors[w.r.IntN(len(sectors))].Code.Code()}, Modes: engine.Provision,
				Zone: w.compile(territories.RadiusOf(c.Code, 30)), AssumedZone: w.chance(0.7)})
		}
		es = append(es, e)
	}
	lots := make([]*engine.Lot, 5000)
	for i := range lots {
		_, c := p.draw(w.r)
		lots[i] = w.benchLot(int64(i+1), c, sectors[w.r.IntN(len(sectors))])
		lots[i].Deadline = now.AddDate(0, 0, w.r.IntN(390)-360)
	}
	v := load(engine.Config{Atlas: w.atlas}, es, lots).View()
	holes := v.Survey(now, engine.Surveying{}).Holes
	for b.Loop() {
		holes = v.Survey(now, engine.Surveying{}).Holes
	}
	started := time.Now()
	v.Extend(now, holes[:30], nil)
	b.ReportMetric(float64(time.Since(started).Milliseconds()), "ms/page-of-30")
	started = time.Now()
	v.Extend(now, holes, nil)
	b.ReportMetric(time.Since(started).Seconds(), "s/extend-all")
	b.ReportMetric(float64(len(holes)), "holes")
}

// What people lent can fill is met by who lends there in any trade: it is no hole of
// the trade that nobody does. A lot of the trade beside it is one.
func TestWhatIsLentIsNoHole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 7)
	place := perimeter(t, `{"territory":"commune:26113"}`)
	lot := func(id engine.LotID, kind engine.LotKind) *engine.Lot {
		return &engine.Lot{ID: id, Revision: 1, Kind: kind, Scope: engine.PlaceCommunes, Place: place, Codes: []nomenclatures.Code{nomenclatures.Sector("hotellerie").Code()}, Deadline: now.AddDate(0, 0, 20)}
	}
	lender := &engine.Enterprise{ID: 1, Revision: 1, Kind: engine.AI, Active: true, Reachable: engine.Yes, Site: engine.NoSite,
		Activities: []engine.Activity{{ID: 1, Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeROME, Value: "K2204"}}, Modes: engine.Secondment, Zone: place}}}
	holes := func(e *engine.Enterprise, lots ...*engine.Lot) []engine.Hole {
		return load(engine.Config{Atlas: w.atlas}, []*engine.Enterprise{e}, lots).View().Survey(now, engine.Surveying{}).Holes
	}
	if got := holes(lender, lot(1, engine.JobNeed), lot(2, engine.JobNeed)); len(got) != 0 {
		t.Errorf("what is lent leaves a hole: %+v", got)
	}
	if got := holes(lender, lot(1, engine.JobNeed), lot(2, engine.Tender)); len(got) != 1 || len(got[0].Unmet) != 1 {
		t.Errorf("a lot of the trade that nobody answers: %+v", got)
	}
	assumed := *lender
	assumed.Activities = slices.Clone(lender.Activities)
	assumed.Activities[0].AssumedZone = true
	if got := holes(&assumed, lot(1, engine.JobNeed)); len(got) != 1 || len(got[0].Unsure) != 1 {
		t.Errorf("what is only supposed to be lent: %+v", got)
	}
}
