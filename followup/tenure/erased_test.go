package tenure_test

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"testing"

	"maillage/followup/tenure"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/people"
	"maillage/territories"
)

// Who is erased is in no table any more, whatever was done with them: neither who they
// were, nor what was known, nor what became of them.
func TestWhoIsErasedIsInNoTable(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		r := open(t, st)
		atlas, err := territories.Load()
		r.must(err)
		keys, err := people.ParseKeys(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32))))
		r.must(err)
		folk := people.NewService(people.Config{Store: st, Atlas: atlas, Now: r.clock.Now, Keys: keys})
		who := people.Identity{Given: "Zénaïde", Family: "Quatremère", Born: "1990-12-10", Phone: "06 39 98 41 52", Email: "zenaide@example.org"}
		r.must(folk.SetIdentity(r.cip, r.person.ID, 0, who))
		r.must(folk.SetIdentity(r.cip, r.person.ID, 0, people.Identity{Given: "Zénaïde", Family: "Quatremère-Dupuis", Phone: who.Phone, Email: who.Email})) // put right
		var sealed []byte
		r.must(st.Read().NewRaw("SELECT sealed FROM person_identities WHERE person_id = ?", r.person.ID).Scan(r.cip, &sealed))
		r.hire()
		_, err = r.tenures.Tell(r.cip, "r", 0, tenure.Left, tenure.Dismissed)
		r.must(err)
		words := []string{who.Given, who.Family, who.Phone, who.Email, "0639984152", who.Born, string(sealed), r.person.Code, string(tenure.Dismissed)}
		for _, w := range []string{string(sealed), r.person.Code, string(tenure.Dismissed)} {
			if len(testkit.Holding(t, st, w)) == 0 {
				t.Errorf("%q is nowhere before: the test sees nothing", w)
			}
		}
		r.must(folk.Erase(r.cip, r.person.ID, 0))
		for _, w := range words {
			if in := testkit.Holding(t, st, w); len(in) > 0 {
				t.Errorf("%q is still in %v", w, in)
			}
		}
		// What still says that this journey was: the row that counts, its last event, the trail.
		id := strconv.FormatInt(int64(r.person.ID), 10)
		for _, table := range referring(t, st) {
			if !slices.Contains([]string{"people", "person_events"}, table) && rowsOf(t, st, table, id) > 0 {
				t.Errorf("%s still tells of person %s", table, id)
			}
		}
	})
}

// referring are the tables that have a column for a person.
func referring(t *testing.T, st *store.Store) (out []string) {
	t.Helper()
	list := "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'person_id' ORDER BY m.name"
	if st.Engine() == store.PostgreSQL {
		list = "SELECT table_name FROM information_schema.columns WHERE column_name = 'person_id' AND table_schema = current_schema() ORDER BY table_name"
	}
	if err := st.Read().NewRaw(list).Scan(t.Context(), &out); err != nil || len(out) < 5 {
		t.Fatalf("the tables of people: %v, %v", out, err)
	}
	return out
}

func rowsOf(t *testing.T, st *store.Store, table, id string) (n int) {
	t.Helper()
	if err := st.Read().NewRaw(`SELECT count(*) FROM "`+table+`" WHERE person_id = `+id).Scan(t.Context(), &n); err != nil {
		t.Fatal(err)
	}
	return n
}
