package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"maillage/internal/testkit"
	"maillage/matching"
	"maillage/network"
)

// groups keeps a draft near (1), of which the member is, and one far away (2).
func (w *world) groups() {
	w.t.Helper()
	other := w.organisation(member("Roubaix Espaces verts", "59512", "Roubaix", "departement:59"))
	for _, g := range []struct {
		key  string
		lot  int64
		a, b network.ID
	}{{"near", int64(w.tender.Lots[0].ID), w.near.ID, w.far.ID}, {"far", int64(w.north.Lots[0].ID), w.far.ID, other.ID}} {
		lot := w.tender.Lots[0].ID
		if g.lot != int64(lot) {
			lot = w.north.Lots[0].ID
		}
		_, err := w.matching.CreateConsortium(system(), matching.By{}, &matching.Consortium{LotID: lot, Key: g.key, Name: g.key, Form: matching.Joint, LeadID: g.b,
			Members: []matching.Partner{{OrganisationID: g.a}, {OrganisationID: g.b}}})
		must(w.t, err)
	}
}

// An officer composes, keeps, changes with If-Match, and hands in; the member reads
// it, the buyer doesn't.
func TestAGroupThroughTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	lot := "/v1/lots/" + id(w.tender.Lots[0].ID)
	composed := w.as("officer", http.MethodPost, lot+"/composition", "application/json", `{"most":3}`)
	var found struct {
		Complete, Proven bool
		Best             struct {
			Members []struct{ Organisation int64 }
		}
	}
	must(t, json.Unmarshal(composed.body, &found))
	if composed.status != http.StatusOK || !found.Complete || !found.Proven || len(found.Best.Members) != 1 || found.Best.Members[0].Organisation != int64(w.near.ID) {
		t.Fatalf("%d %s", composed.status, composed.body)
	}
	body := `{"key":"k","name":"Rives","form":"joint","lead":` + id(w.near.ID) + `,"members":[{"organisation":` + id(w.near.ID) + `},{"organisation":` + id(w.far.ID) + `}]}`
	made := w.as("officer", http.MethodPost, lot+"/consortia", "application/json", body)
	if made.status != http.StatusCreated {
		t.Fatalf("%d %s", made.status, made.body)
	}
	at := made.header.Get("Location")
	if again := w.as("officer", http.MethodPost, lot+"/consortia", "application/json", body); again.header.Get("Location") != at {
		t.Fatalf("made twice: %s", again.body)
	}
	w.as("officer", http.MethodPost, lot+"/consortia", "application/json", strings.Replace(body, "Rives", "Crêtes", 1)).problem(http.StatusConflict, "key-taken")
	for role, want := range map[string]int{"member": http.StatusOK, "officer": http.StatusOK, "employer": http.StatusForbidden, "public": http.StatusUnauthorized} {
		if got := w.as(role, http.MethodGet, at, "", ""); got.status != want {
			t.Errorf("%s reads it: %d %s", role, got.status, got.body)
		}
	}
	if frozen := w.as("officer", http.MethodPost, at+"/freeze", "", ""); frozen.status != http.StatusOK {
		t.Fatalf("%d %s", frozen.status, frozen.body)
	}
	w.as("officer", http.MethodPut, at, "application/json", body).problem(http.StatusConflict, "frozen")
}
