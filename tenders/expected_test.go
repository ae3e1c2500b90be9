//nolint:misspell // the words are French
package tenders

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/opportunities"
	"maillage/territories"
)

// clockHouse is a house whose clock moves.
type clockHouse struct {
	*house
	dir string
	now *time.Time
}

func newClockHouse(t *testing.T, st *store.Store) *clockHouse {
	t.Helper()
	atlas, err := territories.Load()
	if err != nil {
		t.Fatal(err)
	}
	at := testNow
	now := func() time.Time { return at }
	offers := opportunities.NewService(opportunities.Config{Store: st, Atlas: atlas, Now: now})
	h := &house{t: t, offers: offers, Service: NewService(Config{Store: st, Atlas: atlas, Opportunities: offers, Now: now})}
	return &clockHouse{house: h, dir: t.TempDir(), now: &at}
}

func (h *clockHouse) on(day string) { *h.now = dayOf(day).Add(9 * time.Hour) }

// gives imports a record and runs the job that it asks for.
func (h *clockHouse) gives(records ...map[string]any) {
	h.t.Helper()
	for i, r := range records {
		raw, err := json.Marshal(r)
		if err != nil {
			h.t.Fatal(err)
		}
		path := filepath.Join(h.dir, fmt.Sprintf("%d-%d.json", time.Now().UnixNano(), i))
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			h.t.Fatal(err)
		}
		if report := h.load(path); report.Quarantined > 0 {
			h.t.Fatalf("%s: %+v", raw, report)
		}
	}
	h.refresh()
}

func (h *clockHouse) refresh() {
	h.t.Helper()
	if _, err := h.RefreshForecasts(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

// foreseen lists the expected calls, in the order of their numbers.
func (h *clockHouse) foreseen() (list []*opportunities.Opportunity) {
	for _, o := range h.all() {
		if o.Kind == opportunities.Expected {
			list = append(list, o)
		}
	}
	return list
}

func (h *clockHouse) one() *opportunities.Opportunity {
	h.t.Helper()
	list := h.foreseen()
	if len(list) != 1 {
		h.t.Fatalf("%d expected calls", len(list))
	}
	return list[0]
}

func (h *clockHouse) lastEvent(id opportunities.ID) string {
	h.t.Helper()
	events, err := h.offers.Events(context.Background(), id, 10)
	if err != nil || len(events) == 0 {
		h.t.Fatal(events, err)
	}
	return events[0].Kind
}

// award is a contract of the essential data, invented.
func award(id, notified string, months any, more ...any) map[string]any {
	one := map[string]any{"id": id, "acheteur": map[string]any{"id": "21260165200015", "nom": "Ville de Livron"}, "nature": "Marché", "objet": "Entretien des espaces verts",
		"codeCPV": "77310000-6", "procedure": "Procédure adaptée", "lieuExecution": map[string]any{"code": "26", "typeCode": "Code département"}, "dureeMois": months,
		"dateNotification": notified, "datePublicationDonnees": notified, "montant": 90000,
		"titulaires":             []any{map[string]any{"titulaire": map[string]any{"typeIdentifiant": "SIRET", "id": "73282932000074", "denominationSociale": "Les Jardins du Rhône"}}},
		"considerationsSociales": map[string]any{"considerationSociale": []any{"Pas de considération sociale"}}}
	for i := 0; i+1 < len(more); i += 2 {
		one[more[i].(string)] = more[i+1]
	}
	return map[string]any{"marches": map[string]any{"marche": []any{one}}}
}

// called is a call of the same buyer, invented.
func called(id, published, cpv string) map[string]any {
	body, _ := json.Marshal(map[string]any{"FNSimple": map[string]any{"organisme": map[string]any{"acheteurPublic": "Ville de Livron", "codeIdentificationNational": "21260165200015", "cp": "26250", "ville": "Livron"},
		"initial": map[string]any{"procedure": map[string]any{"typeProcedure": map[string]any{"ouvert": ""}, "dateReceptionOffres": published[:8] + "28T12:00:00+00:00"},
			"natureMarche": map[string]any{"intitule": "Entretien des parcs et jardins", "codeCPV": map[string]any{"objetPrincipal": map[string]any{"classPrincipale": cpv}}, "lieuExecution": "26250 Livron-sur-Drôme"}}}})
	return map[string]any{"idweb": id, "nature": "APPEL_OFFRE", "etat": "INITIAL", "famille": "FNS", "objet": "Entretien des parcs et jardins", "nomacheteur": "Ville de Livron",
		"dateparution": published, "code_departement": []any{"26"}, "url_avis": "https://www.boamp.fr/pages/avis/?q=idweb:" + id, "donnees": string(body)}
}

// TestExpectedComesOut follows a contract to the call that takes it up again.
func TestExpectedComesOut(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newClockHouse(t, st)
		h.gives(award("A", "2024-03-01", 36))
		o := h.one()
		if o.State != opportunities.Published || o.Forecast.From != "2026-10-02" || o.ExpectedOn != "2026-12-01" || o.Open(testNow) || o.Deadline != nil {
			t.Fatalf("%+v %+v", o, o.Forecast)
		}
		if o.BuyerName != "Ville de Livron" || o.ProcurementID == nil || o.Forecast.Contracts[0].Holders[0].Name != "Les Jardins du Rhône" || o.Amount != 0 || o.Forecast.Amount != 90000 {
			t.Errorf("%+v %+v", o, o.Forecast)
		}
		if after, err := h.offers.Of(context.Background(), *o.ProcurementID); err != nil || len(after) != 0 {
			t.Errorf("the expected call is taken for hours to fill: %v %v", after, err)
		}
		revision := o.Revision
		h.refresh()
		if o = h.one(); o.Revision != revision {
			t.Error("a second look changed it")
		}
		h.on("2026-12-08")
		h.gives(called("26-100001", "2026-12-07", "77313000"))
		o = h.one()
		if o.State != opportunities.Closed || o.Forecast.End != opportunities.CameOut || h.lastEvent(o.ID) != opportunities.EventCameOut {
			t.Fatalf("%s %+v", o.State, o.Forecast)
		}
		call, err := h.offers.Get(context.Background(), *o.Forecast.CallID)
		if err != nil || call.Kind != opportunities.Tender || !strings.Contains(call.Title, "parcs et jardins") {
			t.Errorf("%+v %v", call, err)
		}
		h.on("2027-03-10")
		h.gives(award("B", "2027-03-02", 36))
		if list := h.foreseen(); len(list) != 2 || list[0].State != opportunities.Closed || list[1].State != opportunities.Published || list[1].Forecast.Ends != "2030-03-02" {
			t.Errorf("after the next award: %+v", list)
		}
	})
}

// TestCallOfSomethingElse: another trade, or another time, fulfils nothing.
func TestCallOfSomethingElse(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newClockHouse(t, st)
		h.gives(award("A", "2024-03-01", 36), called("26-100002", "2026-12-07", "90910000"), called("26-100003", "2025-03-07", "77310000"))
		if o := h.one(); o.State != opportunities.Published {
			t.Errorf("%s %+v", o.State, o.Forecast)
		}
	})
}

// TestExpectedLapses: a window that passes without a call ends it, once what is
// late has been waited for; a longer contract brings it back.
func TestExpectedLapses(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newClockHouse(t, st)
		h.gives(award("A", "2024-03-01", 36))
		h.on("2027-06-01")
		if n, err := h.offers.CloseLate(context.Background()); err != nil || n != 0 || h.one().State != opportunities.Published {
			t.Errorf("closed as silent: %d %v", n, err)
		}
		h.refresh()
		if o := h.one(); o.State != opportunities.Published {
			t.Errorf("too soon: %+v", o.Forecast)
		}
		h.on("2027-06-03")
		h.refresh()
		if o := h.one(); o.State != opportunities.Closed || o.Forecast.End != opportunities.Lapsed || h.lastEvent(o.ID) != opportunities.EventLapsed {
			t.Errorf("%s %+v", o.State, o.Forecast)
		}
		longer := []any{map[string]any{"modification": map[string]any{"id": 1, "dureeMois": 48, "dateNotificationModification": "2027-02-20", "datePublicationDonneesModification": "2027-06-05", "objetModification": "Prolongation"}}}
		h.gives(award("A", "2024-03-01", 36, "modifications", longer))
		if o := h.one(); o.State != opportunities.Published || o.Forecast.Ends != "2028-03-01" || h.lastEvent(o.ID) != opportunities.EventReopened {
			t.Errorf("prolonged: %s %+v", o.State, o.Forecast)
		}
	})
}

// TestAwardTakenBack: an award that is removed, or republished without a
// duration, supports nothing more; it comes back with it.
func TestAwardTakenBack(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newClockHouse(t, st)
		h.gives(award("A", "2024-03-01", 36))
		h.gives(award("A", "2024-03-01", "NC", "datePublicationDonnees", "2024-04-01"))
		o := h.one()
		if o.State != opportunities.Cancelled || o.Forecast.End != opportunities.Groundless || h.lastEvent(o.ID) != opportunities.EventGroundless {
			t.Fatalf("%s %+v", o.State, o.Forecast)
		}
		h.gives(award("A", "2024-03-01", 36, "datePublicationDonnees", "2024-05-01"))
		if o := h.one(); o.State != opportunities.Published || o.Forecast.End != "" {
			t.Errorf("back: %s %+v", o.State, o.Forecast)
		}
		err := st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw("/* test */ DELETE FROM notices").Exec(ctx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h.refresh()
		if o := h.one(); o.State != opportunities.Cancelled {
			t.Errorf("removed: %s", o.State)
		}
	})
}

// TestWordOfAnOfficer: what an officer knows stays through the computations.
func TestWordOfAnOfficer(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h, ctx := newClockHouse(t, st), context.Background()
		h.gives(award("A", "2024-03-01", 36))
		id := h.one().ID
		if _, err := h.offers.Dismiss(ctx, opportunities.By{}, id, "because"); err == nil {
			t.Error("a reason that is none")
		}
		if _, err := h.offers.Dismiss(ctx, opportunities.By{Note: "La ville passe en régie."}, id, opportunities.InHouse); err != nil {
			t.Fatal(err)
		}
		h.gives(award("B", "2024-03-10", 36, "objet", "Tonte"))
		o := h.one()
		if o.State != opportunities.Cancelled || o.Forecast.End != opportunities.NotExpected || o.Forecast.Word.Note == "" {
			t.Fatalf("%s %+v", o.State, o.Forecast)
		}
		if _, err := h.offers.Confirm(ctx, opportunities.By{}, id, "2027-02"); err != nil {
			t.Fatal(err)
		}
		h.refresh()
		o = h.one()
		if o.State != opportunities.Published || o.Forecast.From != "2027-02-01" || o.Forecast.Confidence != 0.95 || len(o.Forecast.Current()) != 2 {
			t.Errorf("%s %+v", o.State, o.Forecast)
		}
		if _, err := h.offers.Close(ctx, opportunities.By{}, id, 0); err == nil {
			t.Error("closed by hand")
		}
		page, err := h.offers.List(ctx, opportunities.Filter{}, opportunities.Request{})
		if err != nil || slices.ContainsFunc(page.Items, func(o *opportunities.Opportunity) bool { return o.Kind == opportunities.Expected }) {
			t.Errorf("in a list of what is offered: %v", err)
		}
		page, err = h.offers.List(ctx, opportunities.Filter{Kinds: []opportunities.Kind{opportunities.Expected}, ExpectedFrom: "2027-02-01"}, opportunities.Request{Order: opportunities.Coming})
		if err != nil || len(page.Items) != 1 {
			t.Errorf("%d expected in February, %v", len(page.Items), err)
		}
	})
}

// TestForecastsWhateverTheOrder: the awards and the calls of a buyer in any
// order, with a computation between any two, leave the same calls expected.
func TestForecastsWhateverTheOrder(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		records := []map[string]any{award("A", "2021-02-20", 36), award("B", "2024-03-01", 36), award("C", "2024-03-12", 36, "objet", "Tonte"),
			award("D", "2024-06-01", 48, "objet", "Arbres"), award("E", "2023-06-01", 48, "codeCPV", "90910000"), called("26-100004", "2026-11-07", "77310000"), called("26-100005", "2027-03-07", "90911000")}
		want := ""
		for seed := range uint64(4) {
			wipe(t, st)
			h := newClockHouse(t, st)
			h.on("2027-03-20")
			for _, r := range shuffled(records, seed) {
				h.gives(r)
			}
			got := h.outcome()
			if want == "" {
				want = got
			}
			if got != want {
				t.Fatalf("order %d:\n%s\nnot\n%s", seed, got, want)
			}
		}
		if strings.Count(want, "published") != 1 || strings.Count(want, "came_out") < 2 {
			t.Errorf("unexpected outcome:\n%s", want)
		}
	})
}

// outcome says what is expected or came out, without the numbers of the rows.
func (h *clockHouse) outcome() string {
	var lines []string
	for _, o := range h.foreseen() {
		var sources []string
		for _, c := range o.Forecast.Current() {
			sources = append(sources, c.Key)
		}
		if slices.Contains(sources, "decp:21260165200015:A") && o.State != opportunities.Published {
			continue // it was expected for as long as its successor was not known
		}
		lines = append(lines, fmt.Sprint(o.State, " ", o.Forecast.End, " ", o.Title, " ", o.Forecast.From, " ", o.Forecast.Until, " ", o.Forecast.Confidence, " ", sources))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// wipe empties what an import fills.
func wipe(t *testing.T, st *store.Store) {
	t.Helper()
	err := st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		for _, table := range []string{"notices", "notice_names", "notice_kin", "procurement_pairs", "opportunity_events", "lots"} {
			if _, err := tx.NewRaw("/* test */ DELETE FROM " + table).Exec(ctx); err != nil {
				return err
			}
		}
		if _, err := tx.NewRaw("/* test */ UPDATE opportunities SET procurement_id = NULL").Exec(ctx); err != nil {
			return err
		}
		_, err := tx.NewRaw("/* test */ DELETE FROM opportunities").Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNextAwardWithoutItsCall: the call was not seen, but the contract that
// followed was: it came out, and what follows is that contract.
func TestNextAwardWithoutItsCall(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newClockHouse(t, st)
		h.gives(award("A", "2024-03-01", 36))
		h.on("2027-03-10")
		h.gives(award("B", "2027-03-02", 36))
		list := h.foreseen()
		if len(list) != 2 || list[0].Forecast.End != opportunities.CameOut || list[0].Forecast.CallID == nil || list[1].ProcurementID == nil || *list[0].Forecast.CallID != *list[1].ProcurementID {
			t.Fatalf("%+v", list)
		}
		if c := list[1].Forecast.Contracts; len(c) != 2 || c[0].Number != "B" || !c[1].Before {
			t.Errorf("%+v", c)
		}
	})
}

// TestImportAsksForForecasts: an award asks for the forecasts of its buyer in
// its own transaction, and a call that gives no number, by the name of the buyer.
func TestImportAsksForForecasts(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newClockHouse(t, st)
		h.gives(award("A", "2024-03-01", 36))
		asked := h.asked()
		if !slices.Equal(asked.SIREN, []string{"212601652"}) {
			t.Fatalf("asked %+v", asked)
		}
		nameless := called("26-100009", "2026-11-20", "77310000")
		nameless["donnees"] = strings.ReplaceAll(nameless["donnees"].(string), `"codeIdentificationNational":"21260165200015",`, "")
		raw, _ := json.Marshal(nameless)
		path := filepath.Join(h.dir, "nameless.json")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		h.load(path)
		if asked = h.asked(); !slices.Equal(asked.Names, []string{"Ville de Livron"}) {
			t.Fatalf("asked %+v", asked)
		}
		for range 2 { // a job may run twice
			if err := h.Forecast(context.Background(), BuyersChanged{Names: asked.Names}); err != nil {
				t.Fatal(err)
			}
			if o := h.one(); o.Forecast.End != opportunities.CameOut {
				t.Fatalf("%+v", o.Forecast)
			}
		}
	})
}

// TestANameThatTwoBuyersBear tells nothing of who calls.
func TestANameThatTwoBuyersBear(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newClockHouse(t, st)
		other := map[string]any{"id": "21260281700012", "nom": "Ville de Livron"}
		nameless := called("26-100010", "2026-11-20", "77310000")
		nameless["donnees"] = strings.ReplaceAll(nameless["donnees"].(string), `"codeIdentificationNational":"21260165200015",`, "")
		h.gives(award("A", "2024-03-01", 36), award("Z", "2024-03-01", 36, "acheteur", other), nameless)
		if list := h.foreseen(); len(list) != 2 || list[0].State != opportunities.Published || list[1].State != opportunities.Published {
			t.Errorf("%+v", list)
		}
	})
}

// asked gathers what the jobs in the queue ask.
func (h *clockHouse) asked() (out BuyersChanged) {
	h.t.Helper()
	args := "json(args)"
	if h.store.Engine() == store.PostgreSQL {
		args = "CAST(args AS text)"
	}
	var list []string
	if err := h.Service.store.Read().NewRaw("SELECT "+args+" FROM river_job WHERE kind = 'forecasts.buyers' ORDER BY id").Scan(context.Background(), &list); err != nil {
		h.t.Fatal(err)
	}
	for _, text := range list {
		var one BuyersChanged
		if err := json.Unmarshal([]byte(text), &one); err != nil {
			h.t.Fatal(err)
		}
		out = BuyersChanged{SIREN: union(out.SIREN, one.SIREN), Names: union(out.Names, one.Names)}
	}
	return out
}

// TestJobsOfBuyersMerge: the awards of a transaction ask for few jobs, and
// never for more buyers than one job takes.
func TestJobsOfBuyersMerge(t *testing.T) {
	t.Parallel()
	both, ok := BuyersChanged{SIREN: []string{"2", "1"}}.Merge(BuyersChanged{SIREN: []string{"2"}, Names: []string{"Ville"}})
	if b := both.(BuyersChanged); !ok || !slices.Equal(b.SIREN, []string{"1", "2"}) || len(b.Names) != 1 {
		t.Errorf("%+v %v", both, ok)
	}
	many := BuyersChanged{}
	for i := range mostBuyers {
		many.SIREN = append(many.SIREN, fmt.Sprint(i))
	}
	if _, ok := many.Merge(BuyersChanged{SIREN: []string{"more"}}); ok {
		t.Error("a job of too many buyers")
	}
}
