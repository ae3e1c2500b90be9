package funder_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"maillage/accounts"
	"maillage/indicators/compute"
	"maillage/indicators/figures"
	"maillage/indicators/funder"
	"maillage/indicators/microdata"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/territories"
)

// house is an association that sends its records, on one engine.
type house struct {
	*funder.Service
	t    testing.TB
	st   *store.Store
	data *microdata.Service
	all  *figures.Service

	publics []string // of the workers, in turn; none: RSA, nothing, DELD
}

const organisation = 7

func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		atlas, err := territories.Load()
		must(t, err)
		clock := testkit.NewClock("2026-12-01T08:00:00Z")
		all := figures.NewService(figures.Config{Store: st, Atlas: atlas, Now: clock.Now})
		data := microdata.NewService(microdata.Config{Store: st, Atlas: atlas, Now: clock.Now})
		body(t, &house{Service: funder.NewService(funder.Config{Figures: all, Now: clock.Now}), t: t, st: st, data: data, all: all})
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func system() context.Context { return accounts.With(context.Background(), accounts.TheSystem()) }

func member() context.Context {
	return accounts.With(context.Background(), accounts.Identity{UserID: 3, Role: accounts.Member, OrganisationID: organisation})
}

func (h *house) in(s microdata.Sheet, header string, rows ...string) {
	h.t.Helper()
	r, err := h.data.Import(system(), microdata.File{Sheet: s, Name: "x.csv", Content: strings.NewReader(header + "\n" + strings.Join(rows, "\n"))})
	must(h.t, err)
	if r.Rejected > 0 {
		h.t.Fatalf("%s: %+v", s, r.Refused[0])
	}
}

// association sends a year of so many exits by motive, then is tied to its organisation.
func (h *house) association(exits map[string]int) {
	h.t.Helper()
	h.in(microdata.Enterprises, "entreprise;annee;type;code_insee;heures;contrats;placements", "E-1;2011;AI;26108;collecte;collecte;nd")
	if h.publics == nil {
		h.publics = []string{"RSA", "", "DELD"}
	}
	var folk, hours, left, begun []string
	n := 0
	for motive, count := range exits {
		for range count {
			n++
			folk = append(folk, fmt.Sprintf("E-1;S-%d;%s;1980;%s", n, []string{"f", "m", "m"}[n%3], h.publics[n%len(h.publics)]))
			begun = append(begun, fmt.Sprintf("E-1;S-%d;2011-01-10", n))
			hours = append(hours, fmt.Sprintf("E-1;S-%d;2011-02;160;160", n))
			left = append(left, fmt.Sprintf("E-1;S-%d;2011-09-01;%s;oui", n, motive))
		}
	}
	h.in(microdata.Workers, "entreprise;salarie;sexe;annee_naissance;publics", folk...)
	h.in(microdata.Contracts, "entreprise;salarie;debut", begun...)
	h.in(microdata.Hours, "entreprise;salarie;mois;heures_payees;heures_travaillees", hours...)
	h.in(microdata.Exits, "entreprise;salarie;date;motif;jours;constatee", left...)
	must(h.t, h.st.InTx(system(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw(`INSERT INTO organisations (id, role, kind, siret, name, brand, naf, description, website, email, phone, ess_since, turnover, insurance, excluded_by, active, findings, confirmed, source, digest, folded, revision, created_at, updated_at)
			VALUES (7, 'member', 'AI', '', 'Les Genêts', '', '', '', '', '', '', '', 0, 0, '[]', ?, '[]', '[]', 'test', '', '', 1, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00')`, true).Exec(ctx)
		if err != nil {
			return err
		}
		_, err = tx.NewRaw("UPDATE observed_enterprises SET organisation_id = ?", organisation).Exec(ctx)
		return err
	}))
	_, err := h.all.Refresh(system())
	must(h.t, err)
}

func (h *house) report(w funder.Wanted) *funder.Report {
	h.t.Helper()
	w.Organisation = organisation
	r, err := h.Report(member(), w)
	must(h.t, err)
	return r
}

func line(t testing.TB, r *funder.Report, block, id string) funder.Line {
	t.Helper()
	for _, b := range r.Blocks {
		for _, l := range b.Lines {
			if b.ID == block && l.ID == id {
				return l
			}
		}
	}
	t.Fatalf("no line %s of %s", id, block)
	return funder.Line{}
}

var some = map[string]int{"cdi;": 9, "cdd;240": 3, "cdd;90": 6, "formation;": 7, "recherche emploi;": 8}

// A share says its numerator and its base, and follows the definition; ND is a word.
func TestTheReportCountsWhatTheEnterpriseSent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.association(some)
		r := h.report(funder.Wanted{Definition: compute.COORACE, Whole: true})
		if l := line(t, r, "exits", "dynamic"); l.Value.Cmp(big.NewRat(25, 1)) != 0 || l.Percent("fr") != "75,8\u00a0%" || l.Percent("en") != "75.8%" {
			t.Errorf("%s, %s", l.Value, l.Percent("fr"))
		}
		if l := line(t, r, "exits", "durable"); l.Value.Cmp(big.NewRat(12, 1)) != 0 {
			t.Errorf("durable: %s", l.Value)
		}
		if l := line(t, r, "activity", "hours"); l.Number("fr") != "5\u00a0280" || l.Number("en") != "5,280" {
			t.Errorf("hours: %s", l.Number("fr"))
		}
		if l := line(t, r, "training", "certifications"); l.Status != funder.Awaits || l.Number("fr") != "attendu" {
			t.Errorf("trainings were not sent: %+v", l)
		}
		if l := line(t, r, "training", "immersions"); l.Status != funder.ND || l.Number("fr") != "ND" {
			t.Errorf("placements are not collected: %+v", l)
		}
		if said := r.Notes[3].FR + r.Notes[4].FR; said != "Non collecté, donc marqué ND : placements et immersions.Attendu, pas encore envoyé : formations." {
			t.Errorf("the coverage is %s", said)
		}
		if l := line(t, h.report(funder.Wanted{Definition: compute.COORACE}), "exits", "durable.creation"); l.Percent("fr") != "masqué" {
			t.Errorf("the share of a hidden number is %q", l.Percent("fr"))
		}
		if r.Called() != "Les Genêts" || r.Hides() != 0 || !strings.Contains(r.Notes[0].FR, "C04 et C05, version 1") {
			t.Errorf("%s, %d, %s", r.Called(), r.Hides(), r.Notes[0].FR)
		}
	})
}

// What nobody said is ND, and is no small number that is hidden; of whom nobody said a
// criterion is a line of its own, out of which no small number is found.
func TestCriteriaThatNobodySaidAreNotZero(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.publics = []string{""}
		h.association(some)
		for _, whole := range []bool{true, false} {
			r := h.report(funder.Wanted{Definition: compute.COORACE, Whole: whole})
			if l := line(t, r, "entrants", "public.RSA"); l.Status != funder.ND || l.Number("fr") != "ND" {
				t.Errorf("%+v", l)
			}
			if l := line(t, r, "entrants", "public.unsaid"); l.Status != funder.Shown || l.Value.Cmp(big.NewRat(33, 1)) != 0 {
				t.Errorf("%+v", l)
			}
		}
	})
}

func TestFewOfWhomNobodySaidAreHidden(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.publics = []string{"RSA", "aucun", "DELD", "aucun", "RSA", "aucun", "aucun", "aucun", "RSA", "aucun", ""}
		h.association(some)
		if l := line(t, h.report(funder.Wanted{Definition: compute.COORACE, Whole: true}), "entrants", "public.unsaid"); l.Value.Cmp(big.NewRat(3, 1)) != 0 {
			t.Errorf("%+v", l)
		}
		if l := line(t, h.report(funder.Wanted{Definition: compute.COORACE}), "entrants", "public.unsaid"); l.Status != funder.Hidden {
			t.Errorf("three persons are told: %+v", l)
		}
	})
}

func TestNobodyReadsTheReportOfAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.association(some)
		for _, who := range []accounts.Identity{{UserID: 3, Role: accounts.Member, OrganisationID: 8}, {UserID: 4, Role: accounts.Officer, OrganisationID: 8}, {UserID: 5, Role: accounts.Researcher}, accounts.Nobody()} {
			if _, err := h.Report(accounts.With(context.Background(), who), funder.Wanted{Organisation: organisation}); err == nil {
				t.Errorf("%s reads it", who.Role)
			}
		}
		if _, err := h.Report(member(), funder.Wanted{Organisation: organisation, Year: 1999}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a year that is not: %v", err)
		}
	})
}

// A number of people that tells of their health is hidden under eleven, and so is
// one of which the complement is; of another public, under five.
func TestHealthIsHiddenUnderEleven(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.publics = []string{"TH", "RSA", "RSA", "AAH RSA", "RSA"} // of 33: 6, 27 − 6, 7
		h.association(some)
		r := h.report(funder.Wanted{Definition: compute.COORACE})
		for id, want := range map[string]string{"public.TH": "moins de 11, ou masqué", "public.AAH": "moins de 11, ou masqué", "public.DELD": "moins de 5, ou masqué", "public.RSA": "27"} {
			if got := line(t, r, "entrants", id).Number("fr"); got != want {
				t.Errorf("%s goes out as %s, want %s", id, got, want)
			}
		}
	})
}

// What a funder reads first is kept: the total, the dynamic and the durable exits.
// Where a contract of six months to the day makes the two definitions part, one of
// the two durable totals must be hidden, and the house's is kept.
func TestWhatAFunderReadsFirstIsKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		also string
		hid  funder.Status // of the durable exits of Dares
	}{"the definitions say the same": {"cdd;240", funder.Shown}, "a contract of six months to the day": {"cdd;183", funder.Hidden}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, h *house) {
				exits := map[string]int{"cdi;": 8, "cdd;240": 1, "cdd;90": 3, "contrat aide;": 4, "formation;": 4, "siae;": 6, "recherche emploi;": 6}
				exits[c.also]++
				h.association(exits)
				r := h.report(funder.Wanted{Definition: compute.COORACE})
				for _, id := range []string{"observed", "dynamic", "durable", "positive", "other"} {
					if l := line(t, r, "exits", id); l.Status != funder.Shown {
						t.Errorf("%s is %s", id, l.Status)
					}
				}
				if l := line(t, h.report(funder.Wanted{Definition: compute.Dares}), "exits", "durable"); l.Status != c.hid {
					t.Errorf("under Dares the durable exits are %s", l.Status)
				}
			})
		})
	}
}

// What goes out gives no small number back, under both definitions at once: an
// attacker who tries every way to fill the hidden lines of both finds, for each
// small number, more than one value.
func TestWhatGoesOutGivesNoSmallNumberBack(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2011, 5))
	each(t, func(t *testing.T, h *house) {
		h.association(map[string]int{"cdi;": 2 + r.IntN(6), "creation;": r.IntN(3), "cdd;240": r.IntN(5), "cdd;183": 1, "cdd;90": 5 + r.IntN(4), "formation;": r.IntN(9), "recherche emploi;": 4 + r.IntN(8)})
		whole, out := map[compute.Definition]*funder.Report{}, map[compute.Definition]*funder.Report{}
		for _, d := range []compute.Definition{compute.COORACE, compute.Dares} {
			whole[d], out[d] = h.report(funder.Wanted{Definition: d, Whole: true}), h.report(funder.Wanted{Definition: d})
			for b, block := range whole[d].Blocks {
				for l, exact := range block.Lines {
					shown := out[d].Blocks[b].Lines[l]
					small := exact.Value != nil && exact.Value.Cmp(big.NewRat(5, 1)) < 0 && exact.Unit.EN != "FTE"
					if small && shown.Status != funder.Hidden || shown.Status == funder.Hidden && (shown.Value != nil || shown.Share != nil) {
						t.Errorf("%s %s: %s goes out as %s", block.ID, exact.ID, exact.Value, shown.Number("fr"))
					}
				}
			}
		}
		known := told(out)
		known[compute.COORACE]["dynamic.length_unsaid"] = 0
		for _, d := range []compute.Definition{compute.COORACE, compute.Dares} {
			for id := range sums(d) {
				if id == "dynamic.length_unsaid" { // nobody is in it: it is no line, and says nothing of anybody
					known[d][id] = 0
					continue
				}
				exact := line(t, whole[d], "exits", id).Value.Num().Int64()
				if _, shown := known[d][id]; !shown && exact < 5 && !possible(known, d, id, exact+1) && !possible(known, d, id, exact-1) {
					t.Errorf("%s under %s can only be %d", id, d, exact)
				}
			}
		}
	})
}

// leaves are those of the exits, contracts of six months to the day apart.
var leaves = []string{"durable.cdi", "durable.creation", "durable.public", "over", "at", "under", "transition.aided", "positive.training", "positive.siae", "dynamic.length_unsaid", "other"}

// sums are what each line of the report adds, under each definition.
func sums(d compute.Definition) map[string][]string {
	long, short := []string{"over"}, []string{"under", "at"}
	if d == compute.Dares {
		long, short = []string{"over", "at"}, []string{"under"}
	}
	out := map[string][]string{"durable.cdd_gt6m": long, "transition.cdd_lt6m": short, "positive": {"positive.training", "positive.siae"}}
	for _, l := range []string{"durable.cdi", "durable.creation", "durable.public", "transition.aided", "positive.training", "positive.siae", "dynamic.length_unsaid", "other"} {
		out[l] = []string{l}
	}
	out["durable"] = append([]string{"durable.cdi", "durable.creation", "durable.public"}, long...)
	out["transition"] = append([]string{"transition.aided"}, short...)
	out["dynamic"] = append(append(append([]string{"dynamic.length_unsaid"}, out["durable"]...), out["transition"]...), out["positive"]...)
	out["observed"] = append([]string{"other"}, out["dynamic"]...)
	return out
}

// told is what a reader of the reports of both definitions has of the exits.
func told(out map[compute.Definition]*funder.Report) map[compute.Definition]map[string]int64 {
	known := map[compute.Definition]map[string]int64{}
	for d, r := range out {
		known[d] = map[string]int64{}
		for _, b := range r.Blocks {
			for _, l := range b.Lines {
				if b.ID == "exits" && l.Status == funder.Shown {
					known[d][l.ID] = l.Value.Num().Int64()
				}
			}
		}
	}
	return known
}

// possible looks for a way to fill the leaves where a line has a value and every
// line that goes out what it says.
func possible(known map[compute.Definition]map[string]int64, d compute.Definition, id string, v int64) bool {
	if v < 0 {
		return false
	}
	with := map[compute.Definition]map[string]int64{}
	for k, lines := range known {
		with[k] = maps.Clone(lines)
	}
	with[d][id] = v
	return fill(with, map[string]int64{}, 0)
}

func total(leaf map[string]int64, of []string) (n int64) {
	for _, l := range of {
		n += leaf[l]
	}
	return n
}

// most bounds what a leaf is tried with.
const most = 40

// fill tries the leaves one after the other, leaving a branch as soon as a line
// that is known is passed, or closed under it.
func fill(known map[compute.Definition]map[string]int64, leaf map[string]int64, at int) bool {
	for d, lines := range known {
		of := sums(d)
		for id, want := range lines {
			open := slices.ContainsFunc(of[id], func(l string) bool { _, set := leaf[l]; return !set })
			if n := total(leaf, of[id]); n > want || !open && n != want {
				return false
			}
		}
	}
	if at == len(leaves) {
		return true
	}
	for v := range int64(most) {
		leaf[leaves[at]] = v
		if fill(known, leaf, at+1) {
			return true
		}
	}
	delete(leaf, leaves[at])
	return false
}

// The files say the same as the page, hold no hidden number, and are the same again.
func TestTheFilesGoOutProtected(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.association(some)
		r := h.report(funder.Wanted{Definition: compute.COORACE})
		var one, two, book bytes.Buffer
		must(t, r.WritePDF(&one, "fr"))
		must(t, h.report(funder.Wanted{Definition: compute.COORACE}).WritePDF(&two, "fr"))
		if !bytes.Equal(one.Bytes(), two.Bytes()) || !bytes.HasPrefix(one.Bytes(), []byte("%PDF-")) {
			t.Error("the same report gives other bytes")
		}
		must(t, r.WriteXLSX(&book, "fr"))
		f, err := excelize.OpenReader(&book)
		must(t, err)
		rows, err := f.GetRows("Bilan")
		must(t, err)
		said := map[string]string{}
		for _, row := range rows[2:] {
			said[row[0]+"/"+row[1]] = row[2]
			if row[0] == "Sorties constatées" && (len(row) < 5 || row[4] == "") {
				t.Errorf("%v says no share, and not why", row)
			}
		}
		if said["Sorties constatées/Sorties constatées"] != "33" || said["Sorties constatées/CDD ou intérim de plus de 6 mois"] != "moins de 5, ou masqué" {
			t.Errorf("%v", said)
		}
	})
}
