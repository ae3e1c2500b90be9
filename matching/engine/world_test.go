package engine_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"maillage/matching/engine"
	"maillage/nomenclatures"
	"maillage/territories"
)

// now is the morning on which tests ask.
var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func atlas(t testing.TB) *territories.Atlas {
	t.Helper()
	a, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func perimeter(t testing.TB, text string) *territories.Perimeter {
	t.Helper()
	e, err := territories.ParseExpr([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := atlas(t).Compile(e)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// world makes enterprises and lots at random on real communes and codes. The
// same seed makes the same world.
type world struct {
	t     testing.TB
	r     *rand.Rand
	atlas *territories.Atlas
	codes []nomenclatures.Code
	cache map[string]*territories.Perimeter
}

var sectorCodes = sync.OnceValue(func() []nomenclatures.Code {
	var out []nomenclatures.Code
	for _, s := range nomenclatures.Sectors() {
		out = append(out, s.Code.Code())
		for _, c := range s.CPV {
			out = append(out, c.Code())
		}
		for _, c := range s.ROME {
			out = append(out, c.Code())
		}
	}
	return out
})

func newWorld(t testing.TB, seed uint64) *world {
	t.Helper()
	return &world{t: t, r: rand.New(rand.NewPCG(seed, 7)), atlas: atlas(t), codes: sectorCodes(), cache: map[string]*territories.Perimeter{}}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (w *world) chance(p float64) bool { return w.r.Float64() < p }

func (w *world) compile(e territories.Expr) *territories.Perimeter {
	if p, ok := w.cache[e.String()]; ok {
		return p
	}
	p, err := w.atlas.Compile(e)
	if err != nil {
		w.t.Fatal(err)
	}
	w.cache[e.String()] = p
	return p
}

// commune draws a commune of Drôme, Ardèche or Isère, so that things meet.
func (w *world) commune() (int, *territories.Commune) {
	for {
		ord := w.r.IntN(w.atlas.Len())
		c := w.atlas.Commune(ord)
		if c.Departement == "26" || c.Departement == "07" || c.Departement == "38" {
			return ord, c
		}
	}
}

func (w *world) area() *territories.Perimeter {
	_, c := w.commune()
	switch w.r.IntN(8) {
	case 0, 1:
		return w.compile(territories.In(territories.Ref{Kind: "departement", Code: c.Departement}))
	case 2, 3:
		if c.EPCI != "" {
			return w.compile(territories.In(territories.Ref{Kind: "epci", Code: c.EPCI}))
		}
		fallthrough
	case 4:
		return w.compile(territories.In(territories.Ref{Kind: "commune", Code: string(c.Code)}))
	case 5, 6:
		return w.compile(territories.RadiusOf(c.Code, pick(w.r, 5., 10, 20, 30, 50)))
	}
	if w.chance(0.1) {
		return w.compile(territories.Nowhere())
	}
	return w.compile(territories.Everywhere())
}

func (w *world) somecodes(most int) []nomenclatures.Code {
	var out []nomenclatures.Code
	base := w.r.IntN(60)
	for range 1 + w.r.IntN(most) {
		out = append(out, w.codes[(base+w.r.IntN(20))%len(w.codes)])
	}
	return out
}

func (w *world) date() territories.Date {
	if w.chance(0.3) {
		return territories.Date{}
	}
	return territories.DateOf(now.AddDate(0, 0, w.r.IntN(400)-200))
}

func (w *world) modes() engine.Modes {
	return pick(w.r, 0, engine.Provision, engine.Provision, engine.Secondment, engine.Supply, engine.Provision|engine.Secondment, engine.Mandate)
}

func (w *world) capacity() engine.Capacity {
	if w.chance(0.4) {
		return engine.Capacity{}
	}
	return engine.Capacity{FTE: float64(w.r.IntN(8)), Hours: float64(w.r.IntN(2000)), Amount: float64(w.r.IntN(3) * 50000)}
}

func (w *world) enterprise(id int64) *engine.Enterprise {
	ord, _ := w.commune()
	e := &engine.Enterprise{
		ID: engine.EnterpriseID(id), Revision: 1, Name: fmt.Sprintf("E%d", id),
		Kind:   pick(w.r, engine.AI, engine.ACI, engine.EI, engine.ETTI, engine.GEIQ, engine.EA, engine.ESAT, engine.SAP, engine.Regie),
		Active: w.chance(0.95), Reachable: pick(w.r, engine.Unsaid, engine.Yes, engine.Yes, engine.Yes, engine.No),
		Site: ord, StatusesKnown: w.chance(0.5), CertificationsKnown: w.chance(0.5), ReferencesKnown: w.chance(0.5),
		Turnover: float64(w.r.IntN(4)) * 100000, LastProposed: now.Add(-time.Duration(w.r.IntN(5)) * 24 * time.Hour),
	}
	if w.chance(0.1) {
		e.Site = engine.NoSite
	}
	if w.chance(0.1) {
		e.LastProposed = time.Time{}
		e.Refused = []string{w.siret()}
	}
	for range w.r.IntN(3) {
		e.Statuses = append(e.Statuses, w.status())
	}
	for i := range w.r.IntN(4) {
		e.Activities = append(e.Activities, w.activity(id*10+int64(i)))
	}
	for range w.r.IntN(3) {
		e.References = append(e.References, engine.Reference{Codes: w.somecodes(1), Place: w.area(), On: w.date(), BuyerSIRET: w.siret(), ReservedESS: w.chance(0.3)})
	}
	if w.chance(0.3) {
		e.Certifications = append(e.Certifications, engine.Certification{Code: pick(w.r, "iso", "cedre"), From: w.date(), Until: w.date()})
	}
	e.SIRET, e.Folded = w.siret(), pick(w.r, "", "batir", "pinceau", "ailleurs")
	if w.chance(0.3) {
		e.Ties = append(e.Ties, engine.Tie{TieRef: w.tie(), Name: "tie", Codes: w.somecodes(2), Territory: w.area(), Until: w.date()})
	}
	return e
}

// siret is that of one of four buyers, of two establishments each, or none.
func (w *world) siret() string {
	return pick(w.r, "", "111111111", "22222222200011", "22222222200022", "33333333300011", "33333333300022", "444444444")
}

func (w *world) status() engine.Status {
	return engine.Status{
		Kind: pick(w.r, engine.ConventionACI, engine.ConventionAI, engine.ConventionEI, engine.AgrementEA, engine.AgrementESAT,
			engine.StatusESS, engine.EquivalentDisadvantaged, engine.EquivalentDisabled, engine.StatusPrison),
		From: w.date(), Until: w.date(), FTE: float64(w.r.IntN(6)), Share: w.r.Float64(), Proof: pick(w.r, "", "attestation"), Assumed: w.chance(0.2), Undated: w.chance(0.2),
	}
}

func (w *world) activity(id int64) engine.Activity {
	a := engine.Activity{ID: id, Modes: w.modes(), Capacity: w.capacity(), AssumedTrade: w.chance(0.2), AssumedZone: w.chance(0.2)}
	if w.chance(0.85) {
		a.Codes = w.somecodes(3)
	}
	if w.chance(0.9) {
		a.Zone = w.area()
	}
	return a
}

func (w *world) tie() engine.TieRef {
	return engine.TieRef{Kind: pick(w.r, engine.Pole, engine.Group, engine.Convention), ID: int64(w.r.IntN(3))}
}

func (w *world) lot(id int64) *engine.Lot {
	l := &engine.Lot{
		ID: engine.LotID(id), Revision: 1, Kind: pick(w.r, engine.Tender, engine.Tender, engine.PrivatePurchase, engine.JobNeed, engine.InsertionHours, engine.CallForPartners, engine.ExpectedCall),
		Modes: w.modes(), Asked: w.capacity(), InsertionHours: float64(w.r.IntN(3) * 200), DaysNeeded: w.r.IntN(8),
		Reservation: pick(w.r, engine.Unreserved, engine.Unreserved, engine.Unreserved, engine.ReservedSIAE, engine.ReservedEAESAT,
			engine.ReservedBoth, engine.ReservedESS, engine.ReservedPrison, engine.ReservedUnclear),
		References: engine.ReferencesAsked{Known: w.chance(0.5), Count: w.r.IntN(3)},
		Buyer:      engine.BuyerID(w.r.IntN(5)), BuyerSIRET: w.siret(), Scope: pick(w.r, engine.PlaceUnknown, engine.PlaceCommunes, engine.PlaceCommunes, engine.PlaceCommunes, engine.PlaceCommunes, engine.PlaceCountry),
	}
	if l.Scope == engine.PlaceCommunes {
		l.Place = w.area()
	}
	if w.chance(0.95) {
		l.Codes = w.somecodes(3)
	}
	if w.chance(0.9) {
		l.Deadline = now.Add(time.Duration(w.r.IntN(40)-10) * 24 * time.Hour)
	}
	if w.chance(0.15) {
		l.Ended = now.Add(time.Duration(w.r.IntN(3)-1) * time.Hour)
	}
	if w.chance(0.2) {
		l.Certifications = []engine.CertificationWish{{Code: "iso", Required: w.chance(0.5)}, {Code: "cedre"}}
	}
	if w.chance(0.3) {
		l.Holders = []engine.Holder{{SIRET: w.siret(), Name: pick(w.r, "", "Bâtir", "Pinceau"), Folded: pick(w.r, "", "batir", "pinceau")}}
		l.Until, l.UntilSupposed, l.InsertionShare = w.date(), w.chance(0.3), pick(w.r, 0, 0.05)
	}
	if w.chance(0.3) {
		l.BuyerTies, l.IssuerTies = []engine.TieRef{w.tie()}, []engine.TieRef{w.tie()}
	}
	return l
}

// load puts everything in a new index.
func load(cfg engine.Config, enterprises []*engine.Enterprise, lots []*engine.Lot) *engine.Index {
	x := engine.New(cfg)
	x.Apply(func(b *engine.Batch) {
		for _, e := range enterprises {
			b.PutEnterprise(e)
		}
		for _, l := range lots {
			b.PutLot(l)
		}
	})
	return x
}

// widen looks further for a third of the lots that have a place.
func (w *world) widen(lots []*engine.Lot) {
	for _, l := range lots {
		if l.Scope == engine.PlaceCommunes && w.chance(0.33) {
			l.Wider = w.area()
		}
	}
}
