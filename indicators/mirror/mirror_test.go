package mirror_test

import (
	"context"
	"math/big"
	"slices"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/microdata"
	"maillage/indicators/mirror"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/territories"
)

// shelf is what was released, in memory.
type shelf []mirror.Cell

func (s shelf) Cells(_ context.Context, a mirror.Asked) ([]mirror.Cell, error) {
	var out []mirror.Cell
	for _, c := range s {
		if slices.Contains(a.Years, c.Year) && slices.Contains(a.Measures, c.Measure) && (c.Region == "" || c.Region == a.Region) {
			out = append(out, c)
		}
	}
	return out, nil
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func member(of int64) context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: 3, Role: accounts.Member, OrganisationID: of})
}

// each runs a story with three enterprises of a région, the first of organisation 7.
func each(t *testing.T, released mirror.Released, body func(t *testing.T, s *mirror.Service)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		atlas, err := territories.Load()
		must(t, err)
		clock, system := testkit.NewClock("2026-12-01T08:00:00Z"), accounts.With(context.Background(), accounts.TheSystem())
		data := microdata.NewService(microdata.Config{Store: st, Atlas: atlas, Now: clock.Now})
		for _, f := range []struct {
			sheet microdata.Sheet
			lines string
		}{{microdata.Enterprises, "entreprise;annee;type;code_insee;placements;sorties\nE-1;2008;ACI;26108;;nd\nE-1;2009;ACI;26108;;\nE-1;2010;ACI;26108;;\nE-1;2011;ACI;26108;nd;\nE-2;2011;ACI;26362;;\nE-3;2011;ACI;26281;;"},
			{microdata.Exits, "entreprise;salarie;date;motif;constatee\nE-1;S-1;2011-03-01;cdi;oui\nE-1;S-2;2011-03-02;formation;oui\nE-1;S-3;2011-03-03;autre;oui\nE-2;S-1;2011-03-01;autre;oui\nE-3;S-1;2011-03-01;autre;oui\nE-1;S-9;2010-05-05;autre;oui"}} {
			r, err := data.Import(system, microdata.File{Sheet: f.sheet, Name: "x.csv", Content: strings.NewReader(f.lines)})
			must(t, err)
			if r.Rejected > 0 {
				t.Fatalf("%+v", r.Refused)
			}
		}
		must(t, st.InTx(system, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw(`INSERT INTO organisations (id, role, kind, siret, name, brand, naf, description, website, email, phone, ess_since, turnover, insurance, excluded_by, active, findings, confirmed, source, digest, folded, revision, created_at, updated_at)
				VALUES (7, 'member', 'ACI', '', 'Les Genêts', '', '', '', '', '', '', '', 0, 0, '[]', ?, '[]', '[]', 'test', '', '', 1, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00')`, true).Exec(ctx)
			if err == nil {
				_, err = tx.NewRaw("UPDATE observed_enterprises SET organisation_id = 7 WHERE key = 'E-1'").Exec(ctx)
			}
			return err
		}))
		all := figures.NewService(figures.Config{Store: st, Atlas: atlas, Now: clock.Now})
		_, err = all.Refresh(system)
		must(t, err)
		body(t, mirror.NewService(mirror.Config{Figures: all, Released: released}))
	})
}

func line(t testing.TB, m *mirror.Mirror, id string) mirror.Line {
	t.Helper()
	for _, l := range m.Lines {
		if string(l.Indicator.ID) == id {
			return l
		}
	}
	t.Fatalf("no line %s", id)
	return mirror.Line{}
}

// The enterprise reads its own figure, exact, and nothing of anybody else: the
// counts of its région are in the database, and were not released.
func TestNothingOfOthersIsShownBeforeItIsReleased(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, s *mirror.Service) {
		m, err := s.Look(member(7), mirror.Wanted{Organisation: 7, Definition: compute.COORACE})
		must(t, err)
		l := line(t, m, "C07")
		if m.Own.Year != 2011 || l.Mine.Exact.Cmp(big.NewRat(200, 3)) != 0 || l.Mine.Base.Cmp(big.NewRat(3, 1)) != 0 || m.Own.Name != "Les Genêts" {
			t.Errorf("%d: %s of %s", m.Own.Year, l.Mine.Exact, l.Mine.Base)
		}
		for _, l := range m.Lines {
			if l.Region.Status != mirror.NotReleased || l.Federation.Status != mirror.NotReleased || l.Region.Exact != nil || l.Federation.Exact != nil {
				t.Errorf("%s shows %+v, %+v", l.Indicator.ID, l.Region, l.Federation)
			}
		}
		if m.Released || len(m.History) != 4 || m.History[2].Year != 2010 {
			t.Errorf("%v, %+v", m.Released, m.History)
		}
	})
}

// A released rate stands beside; where one of its counts was hidden it is hidden.
func TestWhatWasReleasedStandsBeside(t *testing.T) {
	t.Parallel()
	cell := func(m compute.Measure, region string, kind compute.Kind, n int64, s mirror.Status) mirror.Cell {
		c := mirror.Cell{Measure: m, Year: 2011, Region: region, Kind: kind, Status: s, Release: "sorties 1.0.0", Frame: 40, Replied: 31}
		if s == mirror.Value {
			c.Exact = big.NewRat(n, 1)
		}
		return c
	}
	older := func(m compute.Measure) compute.Measure { return m + ".3m" }
	released := shelf{
		cell(older(compute.ExitsObserved), "84", compute.ACI, 50, mirror.Value), cell(older(compute.ExitsDynamic), "84", compute.ACI, 20, mirror.Value),
		cell(older(compute.ExitsDurable), "84", compute.ACI, 0, mirror.Hidden),
		cell(older(compute.ExitsObserved), "", compute.AllKinds, 400, mirror.Value), cell(older(compute.ExitsDynamic), "", compute.AllKinds, 240, mirror.Value),
		cell(older(compute.ExitsObserved), "93", compute.ACI, 7, mirror.Value), cell(older(compute.ExitsDynamic), "93", compute.ACI, 7, mirror.Value),
	}
	each(t, released, func(t *testing.T, s *mirror.Service) {
		m, err := s.Look(member(7), mirror.Wanted{Organisation: 7, Definition: compute.COORACE})
		must(t, err)
		l := line(t, m, "C07")
		if l.Region.Status != mirror.Value || l.Region.Exact.Cmp(big.NewRat(40, 1)) != 0 || l.Region.Kind != compute.ACI || l.Region.Replied != 31 || l.Region.Frame != 40 {
			t.Errorf("région: %+v", l.Region)
		}
		if l.Federation.Status != mirror.Value || l.Federation.Exact.Cmp(big.NewRat(60, 1)) != 0 || l.Federation.Kind != compute.AllKinds {
			t.Errorf("federation: %+v", l.Federation)
		}
		if d := line(t, m, "C04"); d.Region.Status != mirror.Hidden || d.Region.Exact != nil {
			t.Errorf("a hidden count: %+v", d.Region)
		}
		if cited := m.Cites(); !m.Released || !slices.Equal(cited, []string{"sorties 1.0.0"}) {
			t.Errorf("the year was released: %v, %v", m.Released, cited)
		}
	})
}

// What was not sent says which section, and waiting is not "not collected".
func TestWhatIsMissingIsSaid(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, s *mirror.Service) {
		m, err := s.Look(member(7), mirror.Wanted{Organisation: 7})
		must(t, err)
		asked := map[compute.Section]bool{}
		for _, x := range m.Missing {
			if x.Asked && len(x.Indicators) > 0 {
				asked[x.Section] = true
			}
		}
		if !asked[compute.Hours] || !asked[compute.Trainings] || !asked[""] || asked[compute.Exits] {
			t.Errorf("%+v", asked)
		}
		for i, awaited := range []bool{false, true, false, false} { // 2008 is not collected, 2009 has not come
			if p := m.History[i]; p.Line.Awaited != awaited || (i < 2) != (p.Line.Mine.Outcome == compute.Missing) {
				t.Errorf("%d: awaited %v, %s", p.Year, p.Line.Awaited, p.Line.Mine.Outcome)
			}
		}
	})
}

func TestNobodyLooksIntoTheMirrorOfAnother(t *testing.T) {
	t.Parallel()
	each(t, nil, func(t *testing.T, s *mirror.Service) {
		if _, err := s.Look(member(8), mirror.Wanted{Organisation: 7}); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("%v", err)
		}
		if _, err := s.Look(member(8), mirror.Wanted{Organisation: 8}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("an enterprise that sent nothing: %v", err)
		}
	})
}
