package people_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/internal/testkit"
	"maillage/people"
)

func ada() people.Identity {
	return people.Identity{Given: "Ada", Family: "Lovelace", Born: "1990-12-10", Phone: "06 00 00 00 00", Email: "ada@example.org", Pass: "999992612345"}
}

func TestAnIdentityIsSealedApart(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		ctx, id := h.as(), h.made(h.gardener()).ID
		none, err := h.Identity(ctx, id)
		must(t, err)
		must(t, h.SetIdentity(ctx, id, 0, ada()))
		got, err := h.Identity(ctx, id)
		must(t, err)
		if !none.IsZero() || got != ada() {
			t.Errorf("%#v then %#v", none, got)
		}
		var blob []byte
		must(t, st.Read().NewRaw("SELECT sealed FROM person_identities WHERE person_id = ?", id).Scan(context.Background(), &blob))
		for _, word := range []string{"Ada", "Lovelace", "1990", "example.org", "99999"} {
			if bytes.Contains(blob, []byte(word)) {
				t.Errorf("%s is in clear", word)
			}
		}
		p := h.gardener()
		p.Key = "P13"
		other := h.made(p).ID
		move := `INSERT INTO person_identities (person_id, key_id, sealed, updated_at) SELECT ?, key_id, sealed, updated_at FROM person_identities WHERE person_id = ?`
		must(t, st.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.NewRaw(move, other, id).Exec(ctx)
			return err
		}))
		if _, err := h.Identity(ctx, other); err == nil {
			t.Error("a blob moved to another row opens")
		}
		must(t, h.SetIdentity(ctx, id, 0, people.Identity{}))
		n, err := st.Read().NewSelect().Table("person_identities").Where("person_id = ?", id).Count(context.Background())
		must(t, err)
		if n != 0 {
			t.Error("an identity that is emptied is still there")
		}
	})
}

func TestWithoutAKeyTheRestWorks(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	h.Service = h.service("")
	ctx, id := h.as(), h.made(h.gardener()).ID
	for _, err := range []error{h.SetIdentity(ctx, id, 0, ada()), one(h.Identity(ctx, id)), one(h.FindByName(ctx, h.near, "ada", 0)), one(h.Names(ctx, h.near, id)), one(h.Rotate(ctx, nil))} {
		wantCode(t, err, "no-identity-key")
	}
	d, err := h.Dossier(ctx, id)
	must(t, err)
	if d.Identity != nil || h.SealsIdentities() {
		t.Errorf("%+v", d)
	}
	r, err := h.Import(ctx, people.File{Organisation: h.near, Name: "a.csv", Content: strings.NewReader("numero;nom\nQ1;Lovelace\n")})
	must(t, err)
	if r.Made != 1 || !r.NoKey || r.Sealed != 0 {
		t.Errorf("%+v", r)
	}
}

func one[T any](_ T, err error) error { return err }

func TestKeysAreRotated(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		ctx := h.as()
		var ids []people.ID
		for i := range 5 {
			p := h.gardener()
			p.Key = fmt.Sprint("R", i)
			ids = append(ids, h.made(p).ID)
			must(t, h.SetIdentity(ctx, ids[i], 0, ada()))
		}
		both := h.service("k2:" + key("b") + ",k1:" + key("a"))
		n, err := both.Rotate(system(), nil)
		must(t, err)
		again, err := both.Rotate(system(), nil)
		must(t, err)
		if n != 5 || again != 0 {
			t.Errorf("%d, then %d", n, again)
		}
		only := h.service("k2:" + key("b"))
		for _, id := range ids {
			got, err := only.Identity(ctx, id)
			must(t, err)
			if got != ada() {
				t.Errorf("%#v", got)
			}
		}
		_, err = h.Identity(ctx, ids[0])
		wantCode(t, err, "identity-key-missing")
		_, err = h.service("k2:"+key("c")).Identity(ctx, ids[0])
		if err == nil {
			t.Error("another key of the same name opens")
		}
	})
}

func TestKeysAreRead(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{"": true, key("a"): true, "2026:" + key("a") + ", 2025:" + key("b"): true,
		"court": false, "k:" + key("a") + ",k:" + key("b"): false, ":" + key("a"): false, key("a") + "," + key("b"): false} {
		if _, err := people.ParseKeys(text); (err == nil) != ok || err != nil && strings.Contains(err.Error(), key("a")) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// What is sealed opens to the same, for its person and under its key alone.
func TestSealAndOpen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		k, other := ring(rt, "a"), ring(rt, "b")
		id := people.ID(rapid.Int64().Draw(rt, "id"))
		plain := rapid.SliceOf(rapid.Byte()).Draw(rt, "plain")
		keyID, sealed, err := people.Seal(k, id, plain)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := people.Open(k, id, keyID, sealed)
		if err != nil || !bytes.Equal(got, plain) {
			rt.Fatalf("%q: %v", got, err)
		}
		if _, err := people.Open(k, id+1, keyID, sealed); err == nil {
			rt.Fatal("it opens for somebody else")
		}
		if _, err := people.Open(other, id, keyID, sealed); err == nil {
			rt.Fatal("it opens with another key")
		}
		sealed[rapid.IntRange(0, len(sealed)-1).Draw(rt, "at")] ^= 1
		if _, err := people.Open(k, id, keyID, sealed); err == nil {
			rt.Fatal("it opens once changed")
		}
		if _, err := people.Open(k, id, keyID, sealed[:min(5, len(sealed))]); err == nil {
			rt.Fatal("it opens once cut")
		}
	})
}

func ring(rt *rapid.T, letter string) *people.Keyring {
	k, err := people.ParseKeys(key(letter))
	if err != nil {
		rt.Fatal(err)
	}
	return k
}

func TestPeopleAreFoundByTheirNamesInTheirStructureOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	ctx, id := h.as(), h.made(h.gardener()).ID
	must(t, h.SetIdentity(ctx, id, 0, people.Identity{Given: "Éloïse", Family: "Durand-Martin"}))
	for text, want := range map[string]int{"eloise": 1, "mart élo": 1, "durand martin": 1, "oise": 0, "": 0, "P12": 0} {
		got, err := h.FindByName(ctx, h.near, text, 0)
		must(t, err)
		if len(got) != want || want == 1 && (got[0].Person.ID != id || got[0].Identity.Given != "Éloïse") {
			t.Errorf("%q finds %d", text, len(got))
		}
	}
	far, err := h.FindByName(accounts.With(context.Background(), h.other), h.far, "eloise", 0)
	must(t, err)
	names, err := h.Names(accounts.With(context.Background(), h.other), h.far, id)
	must(t, err)
	if len(far) != 0 || len(names) != 0 {
		t.Error("another structure finds her")
	}
}

func TestIdentityFaultsAreLocatedAndRepeatNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.SQLite(t))
	id := h.made(h.gardener()).ID
	err := h.SetIdentity(h.as(), id, 0, people.Identity{Given: strings.Repeat("Zoé", 60), Born: "hier-Zoé", Phone: "Zoé", Email: "Zoé", Pass: "Zoé"})
	wantKind(t, err, fault.KindInvalid)
	if got := located(err); got != "given=too-long born=date phone=phone email=email pass=pass" {
		t.Errorf("located %s", got)
	}
	if strings.Contains(err.Error(), "Zoé") {
		t.Errorf("the fault repeats what was typed: %v", err)
	}
}

// An identity that somebody logs or wraps by mistake says nothing.
func TestAnIdentityDoesNotPrint(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("seen", "identity", ada())
	slog.New(slog.NewJSONHandler(&log, nil)).Info("seen", "identity", ada())
	if text := fmt.Sprintf("%v %+v %#v %s", ada(), ada(), ada(), ada()) + log.String(); strings.Contains(text, "Ada") || strings.Contains(text, "1990") {
		t.Errorf("it prints %s", text)
	}
}

// No log call of the package names a person.
func TestThePackageLogsNothing(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir(".")
	must(t, err)
	for _, f := range files {
		if strings.HasSuffix(f.Name(), "_test.go") || !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		text, err := os.ReadFile(f.Name())
		must(t, err)
		for _, word := range []string{"slog.Info", "slog.Warn", "slog.Error", "slog.Debug", "slog.Default", `"log"`, "fmt.Print", "*slog.Logger"} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s uses %s", f.Name(), word)
			}
		}
	}
}

func TestADossierIsWhole(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, st *store.Store) {
		h := newHouse(t, st)
		ctx, id := h.as(), h.made(h.gardener()).ID
		must(t, h.SetIdentity(ctx, id, 0, ada()))
		must(t, h.SetTraits(ctx, id, people.Traits{Sex: people.Woman, BirthYear: 1990}))
		must(t, h.SetRights(ctx, id, 0, []people.Right{{Kind: people.ClauseEligible, From: "2026-01-05", Until: "2027-01-05", Body: people.Facilitator}}))
		must(t, h.SetHours(ctx, id, 0, []people.MonthHours{{Month: "2026-10", Hours: 40.5, Derogated: true}}))
		_, err := h.Ask(ctx, id, h.job)
		must(t, err)
		d, err := h.Dossier(ctx, id)
		must(t, err)
		if *d.Identity != ada() || d.Traits.BirthYear != 1990 || len(d.Rights) != 1 || d.Rights[0].Body != people.Facilitator ||
			!reflect.DeepEqual(d.Hours, []people.MonthHours{{PersonID: id, Month: "2026-10", Hours: 40.5, Derogated: true}}) || len(d.Agreements) != 1 || len(d.Events) < 5 {
			t.Errorf("%+v", d)
		}
	})
}
