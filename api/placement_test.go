package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/testkit"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// placed is a need of the employer for people, those of near whom it suits, one
// of whom is presented, and somebody of another structure who is too.
type placed struct {
	lot              opportunities.LotID
	folk             []*people.Person
	stranger         *people.Person
	proposal, theirs *placement.Proposal
	mine, others     *placement.BatchView // of the structure, and of another
}

func (p placed) path(text string) string {
	return strings.NewReplacer("{lot}", id(p.lot), "{person}", id(p.folk[0].ID), "{stranger}", id(p.stranger.ID),
		"{proposal}", id(p.proposal.ID), "{theirs}", id(p.theirs.ID), "{ref}", p.proposal.Ref,
		"{minebatch}", id(p.mine.ID), "{line}", id(lineOf(p.mine)), "{theirbatch}", id(p.others.ID), "{theirline}", id(lineOf(p.others))).Replace(text)
}

func (w *world) present(ctx context.Context) {
	w.t.Helper()
	own := int64(w.employer.ID)
	need := w.published(&opportunities.Opportunity{Kind: opportunities.Immersion, Title: "Deux commis", Source: "employer", BuyerID: &own, PublisherID: &own, Place: drome(),
		Lots: []opportunities.Lot{{Number: "1", Title: "Deux commis", Posts: 2, Codes: []nomenclatures.Code{{Scheme: nomenclatures.SchemeROME, Value: "G1602"}},
			StartsOn: "2026-12-07", EndsOn: "2026-12-18", Terms: &opportunities.Terms{Hours: 30, Aim: opportunities.Discover}}}})
	w.placed.lot = need.Lots[0].ID
	folk := people.NewService(people.Config{Store: w.st, Atlas: w.atlas, Now: w.clock.Now})
	by := func(o *network.Organisation, user accounts.UserID) context.Context {
		return accounts.With(ctx, accounts.Identity{UserID: user, Role: accounts.Counsellor, OrganisationID: int64(o.ID)})
	}
	id, err := w.accounts.Authenticate(ctx, w.sessions["counsellor"])
	must(w.t, err)
	for range 8 {
		w.placed.folk = append(w.placed.folk, w.cook(by(w.near, id.UserID), folk, w.near))
	}
	for range 6 {
		w.placed.stranger = w.cook(by(w.far, id.UserID), folk, w.far)
	}
	w.placed.proposal = w.presented(by(w.near, id.UserID), folk, w.placed.folk[0])
	w.placed.theirs = w.presented(by(w.far, id.UserID), folk, w.placed.stranger)
	w.batches(by(w.near, id.UserID), by(w.far, id.UserID))
}

// batches keeps one for each structure.
func (w *world) batches(near, far context.Context) {
	w.t.Helper()
	var err error
	w.placed.mine, err = w.placement.KeepBatch(near, "lundi", placement.BatchRules{})
	must(w.t, err)
	w.placed.others, err = w.placement.KeepBatch(far, "lundi", placement.BatchRules{})
	must(w.t, err)
}

func lineOf(b *placement.BatchView) placement.BatchLineID {
	for _, p := range b.People {
		if len(p.Suggestions) > 0 {
			return p.Suggestions[0].Line
		}
	}
	return 0
}

func (w *world) cook(ctx context.Context, folk *people.Service, of *network.Organisation) *people.Person {
	w.t.Helper()
	p, err := folk.Create(ctx, &people.Person{OrganisationID: int64(of.ID), Commune: territories.CommuneCode("26281"), Profile: people.Profile{
		Wished: []people.Wish{{ROME: "G1602"}}, Mobility: []people.Mobility{{Mode: people.Bicycle, Km: 10}}}})
	must(w.t, err)
	return p
}

func (w *world) presented(ctx context.Context, folk *people.Service, p *people.Person) *placement.Proposal {
	w.t.Helper()
	_, err := folk.Ask(ctx, p.ID, int64(w.placed.lot))
	must(w.t, err)
	_, err = folk.Give(ctx, p.ID, int64(w.placed.lot), "")
	must(w.t, err)
	out, err := w.placement.Propose(ctx, placement.Offer{Person: p.ID, Lot: w.placed.lot})
	must(w.t, err)
	return out
}

// A person goes from the counsellor's list to the employer's answer, through
// programs alone.
func TestAPersonIsPresentedThroughTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	var found placement.Candidates
	got := w.ask("counsellor", "GET", w.placed.path("/v1/positions/{lot}/people?limit=3"), nil).want(200).into(&found)
	if found.Total != 8 || len(found.People) != 3 || found.Next != 3 || found.Asked != 2 || found.Room != 4 || !strings.Contains(got.header.Get("Link"), `rel="next"`) {
		t.Fatalf("the counsellor reads %+v", found)
	}
	w.ask("counsellor", "POST", "/v1/proposals", `{"person":`+id(w.placed.folk[1].ID)+`,"position":`+id(w.placed.lot)+`}`).problem(409, "no-agreement")
	w.ask("counsellor", "POST", "/v1/proposals", `{"person":1,"position":1,"without":[{"kind":"sex","code":"f"}]}`).problem(422, "invalid")
	var seen placement.Received
	w.ask("employer", "GET", w.placed.path("/v1/needs/{lot}/proposals"), nil).want(200).into(&seen)
	if len(seen.Cards) != 2 {
		t.Fatalf("the employer reads %+v", seen)
	}
	for _, c := range seen.Cards {
		if c.Ref != w.placed.proposal.Ref {
			continue
		}
		answer := w.placed.path("/v1/needs/{lot}/proposals/{ref}/answer")
		w.ask("employer", "POST", answer, `{"state":"interested"}`, "If-Match", `"7."`).problem(412, "stale")
		made := w.ask("employer", "POST", answer, `{"state":"interested"}`, "If-Match", `"1."`).want(200)
		w.ask("employer", "POST", answer, `{"state":"not_retained"}`, "If-Match", made.header.Get("ETag")).problem(422, "invalid")
		w.ask("far", "POST", answer, `{"state":"met"}`).problem(404, "not-found")
	}
	var followed struct {
		State  string `json:"state"`
		Events []any  `json:"events"`
	}
	read := w.ask("counsellor", "GET", w.placed.path("/v1/proposals/{proposal}"), nil).want(200).into(&followed)
	if followed.State != "interested" || len(followed.Events) != 2 {
		t.Errorf("the counsellor follows %s", read.body)
	}
	w.ask("counsellor", "POST", w.placed.path("/v1/proposals/{proposal}/withdraw"), nil, "If-Match", `"1."`).problem(412, "stale")
	w.ask("counsellor", "POST", w.placed.path("/v1/proposals/{proposal}/withdraw"), nil, "If-Match", read.header.Get("ETag")).want(200)
	w.ask("employer", "GET", "/v1/needs", nil).want(200)
}

// Nobody but the structure reads of its people, nobody but the employer its cards.
func TestWhoReadsOfPeopleAndPositions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	for _, path := range []string{"/v1/positions/{lot}/people", "/v1/people/{person}/positions", "/v1/proposals", "/v1/proposals/{proposal}", "/v1/positions/{lot}/people/{person}/card"} {
		for _, who := range []string{"admin", "officer", "member", "employer", "researcher"} {
			w.ask(who, "GET", w.placed.path(path), nil).problem(http.StatusForbidden, "forbidden")
		}
		w.ask("", "GET", w.placed.path(path), nil).problem(http.StatusUnauthorized, "unauthenticated")
	}
	for _, who := range []string{"admin", "officer", "counsellor", "researcher"} {
		w.ask(who, "GET", w.placed.path("/v1/needs/{lot}/proposals"), nil).problem(http.StatusForbidden, "forbidden")
	}
	for _, who := range []string{"member", "far"} {
		w.ask(who, "GET", w.placed.path("/v1/needs/{lot}/proposals"), nil).problem(http.StatusNotFound, "not-found")
	}
}

// A batch goes from the computation to a gesture through programs alone; an
// officer reads how far positions reach, and no batch.
func TestABatchIsPreparedThroughTheAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	var seen, kept, again placement.BatchView
	w.ask("counsellor", "POST", "/v1/batches/computation", map[string]any{"per_post": 2}).want(200).into(&seen)
	w.ask("counsellor", "POST", "/v1/batches", map[string]any{"key": "mardi", "per_post": 2, "seed": seen.Rules.Seed}).want(201).into(&kept)
	w.ask("counsellor", "POST", "/v1/batches", map[string]any{"key": "mardi", "per_post": 2}).want(201).into(&again)
	w.ask("counsellor", "POST", "/v1/batches", map[string]any{"key": "mardi"}).problem(409, "key-taken")
	if seen.ID != 0 || kept.ID == 0 || again.ID != kept.ID || lineOf(&kept) == 0 || len(kept.People) != len(seen.People) {
		t.Errorf("seen %+v, kept %+v, again %+v", seen, kept, again)
	}
	line := "/v1/batches/" + id(kept.ID) + "/lines/" + id(lineOf(&kept))
	var settled placement.BatchSettled
	w.ask("counsellor", "POST", line, map[string]any{"state": "asked"}).want(200).into(&settled)
	if settled.State != placement.Talked || settled.Revision != 2 {
		t.Errorf("settled as %+v", settled)
	}
	w.ask("counsellor", "POST", line, map[string]any{"state": "set_aside"}).want(409)
	w.ask("officer", "GET", "/v1/batches/"+id(kept.ID), nil).problem(403, "forbidden")
	got := w.ask("officer", "GET", "/v1/reach", nil).want(200)
	for _, word := range []string{`"person"`, `"town"`, `"label"`, `"score"`, `"capacity"`, w.placed.folk[1].Code} {
		if strings.Contains(string(got.body), word) {
			t.Errorf("an officer reads %s", word)
		}
	}
	w.ask("officer", "GET", "/v1/reach?territory=zzz", nil).problem(422, "invalid")
}
