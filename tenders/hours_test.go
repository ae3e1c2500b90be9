//nolint:misspell // the words are French
package tenders

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// paper writes notices of one procurement, "marche-1".
type paper struct {
	t      testing.TB
	places *Places
}

func newPaper(t testing.TB) paper { return paper{t, testPlaces(t)} }

// notice makes one as its reader would, published in 2026 on a day "11-20".
func (p paper) notice(source Source, id, day string, nature, family Nature, fill ...func(d *draft)) *Notice {
	p.t.Helper()
	d := newDraft(source, p.places)
	d.ID, d.Procedure, d.Published, d.Nature, d.Form.Family = id, "marche-1", "2026-"+day, nature, family
	d.Title, d.Buyer = "Rénovation du groupe scolaire", Buyer{Name: "Ville de Romans", SIRET: "21260281800016", SIREN: "212602818", Country: "FRA"}
	place, err := p.places.area(nil, []string{"26"})
	if err != nil {
		p.t.Fatal(err)
	}
	d.Place, d.Place.Basis = place, ByPerformance
	if nature == Call {
		d.CPV = []nomenclatures.CPV{"45210000"}
		d.Deadline = &Deadline{Instant: testNow.AddDate(0, 1, 0), Wall: "2026-12-25T09:00:00", Zone: "Europe/Paris"}
	}
	for _, f := range fill {
		f(d)
	}
	n, err := d.finish()
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

func described(text string) func(*draft) { return func(d *draft) { d.Description = text } }

func changing(source Source, id string) func(*draft) {
	return func(d *draft) { d.Related = append(d.Related, Reference{Changes, source, id, ""}) }
}

func whatChanged(text string) func(*draft) { return func(d *draft) { d.Texts["change"] = text } }

// lotted adds lots "1", "2"…, each with its title and its description.
func lotted(lots ...[2]string) func(*draft) {
	return func(d *draft) {
		for i, words := range lots {
			lot := newLot(fmt.Sprint(i + 1))
			lot.Title, lot.Description = words[0], words[1]
			d.from(fmt.Sprintf("lots[%d].id", i), "x")
			d.Lots = append(d.Lots, lot)
		}
	}
}

func won(lot, name, siret string) func(*draft) {
	return func(d *draft) { d.Winners = append(d.Winners, Winner{Name: name, SIRET: siret, Lot: lot}) }
}

// contract is what the essential data say of one.
func contract(title, notified string, months int, considerations ...string) func(*draft) {
	return func(d *draft) {
		d.Title = title
		d.Award = newAwardFacts()
		d.Award.Notified, d.Award.Months, d.Award.Considerations = notified, months, considerations
		for _, c := range considerations {
			if strings.Contains(c, "Clause") {
				d.flag("", Execution, "/considerationsSociales", c)
			}
		}
	}
}

func amounting(v float64) func(*draft) {
	return func(d *draft) { d.Value = &Value{Amount: v, Currency: "EUR"} }
}

func rowsOf(notices ...*Notice) (rows []noticeRow) {
	for i, n := range notices {
		rows = append(rows, noticeRow{ID: int64(i + 1), RawDigest: fmt.Sprint(n.Source, n.ID, n.Version), Family: n.Form.Family, Document: n})
	}
	return rows
}

// tell writes the parts as the stories below expect them.
func tell(parts []*part) (out []string) {
	for _, p := range parts {
		var names []string
		for _, h := range p.holders {
			names = append(names, strings.TrimSpace(h.Name+" "+h.SIRET))
		}
		i := p.insertion()
		state, why := p.state(false)
		out = append(out, fmt.Sprintf("%s|%s|%s|%s|%g h|%g|%s|%s|%d|%s", p.number, p.title, strings.Join(names, ", "), state, p.asked.hours, i.Share, i.Facilitator, i.Awarded, i.Months, why))
	}
	return out
}

const clause = "Clause sociale d’insertion : 1 500 heures d’insertion sont à réaliser, avec l’appui du PLIE de la Drôme."

var twoLots = lotted([2]string{"Gros œuvre", clause}, [2]string{"Peinture", "Deux couches."})

// TestAfterAward tells stories: what is left to fill after some notices.
func TestAfterAward(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	call := p.notice(BOAMP, "26-1", "10-01", Call, Call, described(clause))
	award := p.notice(BOAMP, "26-2", "11-01", Award, Award, won("", "Bâtir SA", ""))
	lots := p.notice(EForms, "e-1", "10-01", Call, Call, twoLots)
	both := p.notice(EForms, "e-2", "11-01", Award, Award, won("LOT-0001", "Bâtir SA", "44306184100047"), won("LOT-0002", "Pinceau SARL", "55204599900869"))
	const open = "1|Rénovation du groupe scolaire|Bâtir SA|published|1500 h|0|PLIE de la Drôme|2026-11-01|0|"
	for name, c := range map[string]struct {
		notices []*Notice
		want    []string
	}{
		"no award, nothing":       {[]*Notice{call}, nil},
		"an award":                {[]*Notice{call, award}, []string{open}},
		"an award without holder": {[]*Notice{call, p.notice(BOAMP, "26-2", "11-01", Award, Award)}, nil},
		"a correction of the award changes the holder": {[]*Notice{call, award,
			p.notice(BOAMP, "26-3", "11-05", Correction, Award, changing(BOAMP, "26-2"), won("", "Construire SAS", ""))},
			[]string{"1|Rénovation du groupe scolaire|Construire SAS|published|1500 h|0|PLIE de la Drôme|2026-11-01|0|"}},
		"cancelled": {[]*Notice{call, award,
			p.notice(BOAMP, "26-3", "11-05", Cancellation, Call, changing(BOAMP, "26-2"), whatChanged("Recours d’un candidat."))},
			[]string{"1|Rénovation du groupe scolaire|Bâtir SA|cancelled|1500 h|0|PLIE de la Drôme|2026-11-01|0|L’attribution est annulée : Recours d’un candidat."}},
		"cancelled, then awarded again": {[]*Notice{call, award, p.notice(BOAMP, "26-3", "11-05", Cancellation, Call, changing(BOAMP, "26-2")),
			p.notice(BOAMP, "26-4", "11-20", Award, Award, won("", "Construire SAS", ""))},
			[]string{"1|Rénovation du groupe scolaire|Construire SAS|published|1500 h|0|PLIE de la Drôme|2026-11-20|0|"}},
		"a call cancelled and published again before the award": {[]*Notice{call, p.notice(BOAMP, "26-9", "10-02", Cancellation, Call),
			p.notice(BOAMP, "26-10", "10-02", Call, Call, described(clause)), award}, []string{open}},
		"two lots, two holders, one clause": {[]*Notice{lots, both}, []string{
			"1|Gros œuvre|Bâtir SA 44306184100047|published|1500 h|0|PLIE de la Drôme|2026-11-01|0|",
			"2|Peinture|Pinceau SARL 55204599900869|cancelled|0 h|0||2026-11-01|0|Le dernier avis ne porte plus de clause d’exécution"}},
		"the cancellation of one lot leaves the other": {[]*Notice{lots, both, p.notice(BOAMP, "26-3", "11-05", Cancellation, Call, whatChanged("Le lot 2 est déclaré sans suite."))}, []string{
			"1|Gros œuvre|Bâtir SA 44306184100047|published|1500 h|0|PLIE de la Drôme|2026-11-01|0|",
			"2|Peinture|Pinceau SARL 55204599900869|cancelled|0 h|0||2026-11-01|0|L’attribution est annulée : Le lot 2 est déclaré sans suite."}},
		"a contract is that of the lot of its holder": {[]*Notice{lots, both,
			p.notice(DECP, "212602818:77", "11-15", Award, Award, won("", "SIRET 44306184100047", "44306184100047"), contract("Travaux à l’école", "2026-11-10", 18))}, []string{
			"1|Gros œuvre|Bâtir SA 44306184100047|published|1500 h|0|PLIE de la Drôme|2026-11-10|18|",
			"2|Peinture|Pinceau SARL 55204599900869|cancelled|0 h|0||2026-11-01|0|Le dernier avis ne porte plus de clause d’exécution"}},
		"its title says the lot over its holder": {[]*Notice{lots,
			p.notice(EForms, "e-2", "11-01", Award, Award, won("LOT-0001", "Bâtir SA", "44306184100047"), won("LOT-0002", "Bâtir SA", "44306184100047")),
			p.notice(DECP, "212602818:77", "11-15", Award, Award, won("", "Bâtir SA", "44306184100047"), contract("École, lot n° 2", "2026-11-10", 18, "Clause sociale"))}, []string{
			"1|Gros œuvre|Bâtir SA 44306184100047|published|1500 h|0|PLIE de la Drôme|2026-11-01|0|",
			"2|Peinture|Bâtir SA 44306184100047|published|0 h|0||2026-11-10|18|"}},
		"a contract alone, that flags its clause": {[]*Notice{
			p.notice(DECP, "212602818:78", "11-15", Award, Award, won("", "SIRET 44306184100047", "44306184100047"), contract("Nettoyage", "2026-11-10", 24, "Clause sociale"))},
			[]string{"contract:212602818:78|Nettoyage|SIRET 44306184100047 44306184100047|published|0 h|0||2026-11-10|24|"}},
		"a name and the number of the same contract are one holder": {[]*Notice{call, award,
			p.notice(DECP, "212602818:77", "11-15", Award, Award, won("", "SIRET 44306184100047", "44306184100047"), contract("École", "2026-11-10", 12, "Clause sociale"))},
			[]string{"1|Rénovation du groupe scolaire|Bâtir SA 44306184100047|published|1500 h|0|PLIE de la Drôme|2026-11-10|12|"}},
		"a correction takes the clause back": {[]*Notice{call,
			p.notice(BOAMP, "26-5", "10-10", Correction, Call, changing(BOAMP, "26-1"), whatChanged("La clause sociale d’insertion est supprimée.")), award},
			[]string{"1|Rénovation du groupe scolaire|Bâtir SA|cancelled|1500 h|0|PLIE de la Drôme|2026-11-01|0|La clause n’est plus demandée : « clause sociale d’insertion est supprimée »"}},
		"a clause of the notice that names one lot": {[]*Notice{
			p.notice(BOAMP, "26-1", "09-01", Call, Call, described("Le lot 1 comporte une clause sociale d’insertion de 800 heures d’insertion."), lotted([2]string{"Gros œuvre", ""}, [2]string{"Peinture", ""})), both}, []string{
			"1|Gros œuvre|Bâtir SA 44306184100047|published|800 h|0||2026-11-01|0|",
			"2|Peinture|Pinceau SARL 55204599900869|cancelled|0 h|0||2026-11-01|0|Le dernier avis ne porte plus de clause d’exécution"}},
		"a figure for each lot": {[]*Notice{
			p.notice(BOAMP, "26-1", "09-01", Call, Call, described("Clause sociale d’insertion obligatoire. Pour chaque lot, le titulaire réalisera 1 200 heures d’insertion."), lotted([2]string{"Gros œuvre", ""}, [2]string{"Peinture", ""})), both}, []string{
			"1|Gros œuvre|Bâtir SA 44306184100047|published|1200 h|0||2026-11-01|0|",
			"2|Peinture|Pinceau SARL 55204599900869|published|1200 h|0||2026-11-01|0|"}},
		"a clause of the award that names one lot": {[]*Notice{
			p.notice(EForms, "e-1", "10-01", Call, Call, lotted([2]string{"Gros œuvre", ""}, [2]string{"Peinture", ""})),
			p.notice(BOAMP, "26-2", "11-01", Award, Award, won("1", "Bâtir SA", ""), won("2", "Pinceau SARL", ""),
				described("Le lot 1 comporte une clause sociale d’insertion de 800 heures d’insertion."))}, []string{
			"1|Gros œuvre|Bâtir SA|published|800 h|0||2026-11-01|0|",
			"2|Peinture|Pinceau SARL|cancelled|0 h|0||2026-11-01|0|Le dernier avis ne porte plus de clause d’exécution"}},
		"two contracts of one holder, each by its title": {[]*Notice{lots,
			p.notice(EForms, "e-2", "11-01", Award, Award, won("LOT-0001", "Bâtir SA", "44306184100047"), won("LOT-0002", "Bâtir SA", "44306184100047")),
			p.notice(DECP, "212602818:79", "11-15", Award, Award, won("", "Bâtir SA", "44306184100047"), contract("École, peinture des couloirs", "2026-11-12", 9))}, []string{
			"1|Gros œuvre|Bâtir SA 44306184100047|published|1500 h|0|PLIE de la Drôme|2026-11-01|0|",
			"2|Peinture|Bâtir SA 44306184100047|cancelled|0 h|0||2026-11-12|9|Le dernier avis ne porte plus de clause d’exécution"}},
		"a share stays a share": {[]*Notice{p.notice(BOAMP, "26-1", "10-01", Call, Call,
			described("Clause sociale : le titulaire réserve 5 % des heures travaillées à l’insertion de demandeurs d’emploi.")), award},
			[]string{"1|Rénovation du groupe scolaire|Bâtir SA|published|0 h|0.05||2026-11-01|0|"}},
		"a criterion of choice is no clause": {[]*Notice{p.notice(BOAMP, "26-1", "10-01", Call, Call, described("Critère social : performances en matière d’insertion, 10 points.")), award},
			[]string{"1|Rénovation du groupe scolaire|Bâtir SA|cancelled|0 h|0||2026-11-01|0|Le dernier avis ne porte plus de clause d’exécution"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := rowsOf(c.notices...)
			got := tell(afterAward(rows))
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			for turn := range 4 {
				rand.New(rand.NewPCG(7, uint64(turn))).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
				if again := tell(afterAward(rows)); !slices.Equal(got, again) {
					t.Errorf("in another order\n%s", strings.Join(again, "\n"))
				}
			}
		})
	}
}

// drawnAwards draws notices of one procurement, with lots or without.
func drawnAwards(t *rapid.T, p paper) []*Notice {
	pick := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	var all []*Notice
	for i := range rapid.IntRange(2, 5).Draw(t, "notices") {
		day, id := pick("day", "10-01", "10-20", "11-02", "11-03"), fmt.Sprint("n-", i)
		lot := pick("lot", "", "1", "2")
		holder := won(lot, pick("holder", "Bâtir SA", "Pinceau SARL"), pick("siret", "", "44306184100047"))
		text := described(pick("text", "", clause, "Clause sociale d’insertion, lot 2 seulement.", "La clause sociale est supprimée."))
		source := Source(pick("source", "boamp", "eforms"))
		switch pick("what", "call", "lots", "award", "award", "cancel", "correct", "contract") {
		case "call":
			all = append(all, p.notice(source, id, day, Call, Call, text))
		case "lots":
			all = append(all, p.notice(source, id, day, Call, Call, text, twoLots))
		case "award":
			all = append(all, p.notice(source, id, day, Award, Award, text, holder))
		case "cancel":
			all = append(all, p.notice(source, id, day, Cancellation, Call))
		case "correct":
			all = append(all, p.notice(source, id, day, Correction, Award, text, holder))
		case "contract":
			all = append(all, p.notice(DECP, id, day, Award, Award, holder, contract("Rénovation du groupe scolaire", "2026-10-30", 12, "Clause sociale"), amounting(90_000)))
		}
	}
	return all
}

// TestHoursAreOfTheSet: what is left to fill depends on the set of notices only.
func TestHoursAreOfTheSet(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	rapid.Check(t, func(rt *rapid.T) {
		rows := rowsOf(drawnAwards(rt, p)...)
		a, b := fmt.Sprint(tell(afterAward(rows))), fmt.Sprint(tell(afterAward(rapid.Permutation(rows).Draw(rt, "order"))))
		if a != b {
			rt.Fatalf("%s\nin another order\n%s", a, b)
		}
	})
}

// record is a notice as an import reads it.
func record(n *Notice) Record {
	return Record{Notice: n, Raw: []byte(fmt.Sprint(n.Source, n.ID, n.Version, n.Published, n.Description, n.Winners))}
}

func (h *house) hours() (list []*opportunities.Opportunity) {
	h.t.Helper()
	for _, o := range h.all() {
		if o.Kind == opportunities.InsertionHours {
			list = append(list, o)
		}
	}
	return list
}

// running tells all that is shown of the hours that are not cancelled.
func runningHours(list []*opportunities.Opportunity) (out []string) {
	for _, o := range list {
		if o.State != opportunities.Cancelled {
			out = append(out, fmt.Sprint(o.Key, "|", o.State, "|", o.Title, "|", o.PublishedAt, o.NoticedAt, "|", o.Source, "|", o.Links, "|", o.Place, "|", o.Codes, "|", o.Clause, "|", *o.Insertion,
				"|", o.Lots[0].Title, o.Lots[0].Hours, o.Lots[0].StartsOn, o.Lots[0].EndsOn, o.Lots[0].Modes))
		}
	}
	slices.Sort(out)
	return out
}

// TestHoursInAnyOrder imports drawn notices one by one in several orders, on
// both engines: the hours to fill that run, and the references, are the same.
func TestHoursInAnyOrder(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		member, err := h.network.Save(context.Background(), &network.Organisation{Role: network.Member, Kind: network.KindEA, SIRET: "44306184100047", Name: "Bâtir", Active: true}, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { // draws that leave nothing would prove nothing
			if n := len(runningHours(h.hours())); n < 40 {
				t.Errorf("%d hours to fill drawn in all", n)
			}
		}()
		for seed := range 40 {
			want := ""
			for turn := range 3 {
				notices := rapid.Custom(func(rt *rapid.T) []*Notice { return drawnAwards(rt, p) }).Example(seed)
				folder := fmt.Sprintf("m-%d-%d", seed, turn)
				for _, n := range notices {
					n.ID, n.Procedure, n.Buyer.Name = folder+n.ID, folder, "Ville "+folder
					n.Buyer.SIREN, n.Buyer.SIRET = "", ""
					for i := range n.Related {
						n.Related[i].ID = folder + n.Related[i].ID
					}
				}
				for _, i := range rand.New(rand.NewPCG(uint64(seed), uint64(turn))).Perm(len(notices)) {
					h.take([]Record{record(notices[i])})
				}
				got := strings.ReplaceAll(h.after("procedure:"+folder, member.ID), folder, "…")
				if want == "" {
					want = got
				}
				if got != want {
					t.Errorf("seed %d, order %d:\n%s\nwant\n%s", seed, turn, got, want)
				}
			}
		}
	})
}

// after tells the hours that run and the references of a member after a procurement.
func (h *house) after(key string, member network.ID) string {
	h.t.Helper()
	list, err := h.offers.Of(context.Background(), h.offer(key).ID)
	if err != nil {
		h.t.Fatal(err)
	}
	o, err := h.network.Get(context.Background(), member)
	if err != nil {
		h.t.Fatal(err)
	}
	var refs []string
	for _, r := range o.References {
		if r.Source == key {
			refs = append(refs, fmt.Sprint(r.Title, r.Code, r.Year, r.Amount))
		}
	}
	slices.Sort(refs)
	return strings.Join(runningHours(list), "\n") + "\n" + strings.Join(refs, "\n")
}

// TestHoursGoOnUnderTheirLot: a contract read alone has hours of its own; once
// other notices say of which lot it is, the same opportunity goes on, with its
// history and the matches that hang on its lot.
func TestHoursGoOnUnderTheirLot(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, p := newHouse(t, st), newPaper(t)
		h.take([]Record{record(p.notice(DECP, "d-1", "11-15", Award, Award, won("", "Bâtir SA", "44306184100047"), contract("Rénovation du groupe scolaire", "2026-11-10", 18, "Clause sociale")))})
		before := h.hours()
		if len(before) != 1 || !strings.HasSuffix(before[0].Key, "#heures:contract:d-1") {
			t.Fatalf("the contract alone: %v", runningHours(before))
		}
		h.take([]Record{record(p.notice(EForms, "e-1", "10-01", Call, Call, twoLots)), record(p.notice(EForms, "e-2", "11-01", Award, Award, won("LOT-0001", "Bâtir SA", "44306184100047")))})
		after := h.hours()
		if len(after) != 1 || after[0].ID != before[0].ID || after[0].Lots[0].ID != before[0].Lots[0].ID || !strings.HasSuffix(after[0].Key, "#heures:1") || after[0].Lots[0].Hours != 1500 {
			t.Errorf("with its lot:\n%v", runningHours(after))
		}
	})
}

// TestAHolderUnderItsName: the names of people that a notice gives for holders
// are masked as everywhere, and a contract goes on without them.
func TestAHolderUnderItsName(t *testing.T) {
	t.Parallel()
	p := newPaper(t)
	parts := afterAward(rowsOf(p.notice(BOAMP, "26-1", "10-01", Call, Call, described(clause)),
		p.notice(BOAMP, "26-2", "11-01", Award, Award, won("", "M. Jean MARTIN, paysagiste", ""))))
	if got := parts[0].insertion().Holders; len(got) != 1 || strings.Contains(got[0].Name, "MARTIN") || !strings.Contains(got[0].Name, "paysagiste") {
		t.Errorf("holders %+v", got)
	}
}
