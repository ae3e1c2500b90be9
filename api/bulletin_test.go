package api_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"maillage/accounts"
	"maillage/api"
	"maillage/internal/mail"
	"maillage/internal/testkit"
)

// A program of an association reads the next letter, agrees to what it read and to nothing
// else, and looks after who reads it.
func TestTheLetterOfAnAssociation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	const path = "/v1/letters/partners"
	var next api.LetterView
	read := w.ask("officer", http.MethodGet, path, nil).want(http.StatusOK).into(&next)
	if next.Decision != "" || next.Week != "2026-11-30" || next.Last != nil {
		t.Errorf("next %+v", next)
	}
	seen := read.header.Get("ETag")
	w.ask("officer", http.MethodPut, path, map[string]string{"word": "Bonne semaine", "decision": "agreed"}, "If-Match", seen).want(http.StatusNoContent)
	w.ask("officer", http.MethodPut, path, map[string]string{"decision": "held"}, "If-Match", seen).want(http.StatusPreconditionFailed)
	w.ask("officer", http.MethodGet, path, nil).want(http.StatusOK).into(&next)
	if next.Decision != "agreed" || next.Word != "Bonne semaine" {
		t.Errorf("decided %+v", next)
	}
	w.ask("officer", http.MethodPut, path, map[string]string{"decision": "held"}).want(http.StatusNoContent) // not checked
	w.ask("officer", http.MethodGet, "/v1/letters/everyone", nil).want(http.StatusUnprocessableEntity)
	w.ask("member", http.MethodGet, path, nil).want(http.StatusForbidden)

	const readers = "/v1/letter-partners"
	w.ask("officer", http.MethodPost, readers, map[string]string{"email": "zoe", "reason": "", "territory": "Syldavie"}).want(http.StatusUnprocessableEntity)
	for range 2 {
		w.ask("officer", http.MethodPost, readers, map[string]string{"email": "Zoe@example.org", "reason": "Convention de 2026", "territory": "Drôme"}).want(http.StatusNoContent)
	}
	var all []api.PartnerView
	list := func() api.PartnerView {
		all = nil
		w.ask("officer", http.MethodGet, readers, nil).want(http.StatusOK).into(&all)
		if len(all) != 1 || all[0].Email != "Zoe@example.org" || string(all[0].Territory) != `{"territory":"departement:26"}` {
			t.Fatalf("readers %+v", all)
		}
		return all[0]
	}
	box := &mail.Fake{}
	box.Fail(fmt.Errorf("550: %w", mail.ErrMailbox))
	if err := w.config().Bounces.Guard(box, false).Send(context.Background(), mail.Message{To: "zoe@example.org", Subject: "a", Text: "b"}); err == nil {
		t.Fatal("it was taken")
	}
	one := list()
	if one.SuspendedAt == nil {
		t.Error("nothing says that the address takes no letters")
	}
	w.ask("member", http.MethodDelete, readers+"/"+id(one.ID)+"/suspension", nil).want(http.StatusForbidden)
	for range 2 {
		w.ask("officer", http.MethodDelete, readers+"/"+id(one.ID)+"/suspension", nil).want(http.StatusNoContent)
	}
	if list().SuspendedAt != nil {
		t.Error("still suspended")
	}
	w.ask("officer", http.MethodDelete, readers+"/"+id(one.ID), nil).want(http.StatusNoContent)
	w.ask("officer", http.MethodGet, readers, nil).want(http.StatusOK).into(&all)
	if len(all) != 0 {
		t.Errorf("removed: %+v", all)
	}
}

// A program of somebody reads whether their address takes letters, and says that it does.
func TestMyAddressTakesLetters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testkit.SQLite(t))
	var me struct {
		Email string `json:"email"`
	}
	w.ask("member", http.MethodGet, "/v1/me", nil).want(http.StatusOK).into(&me)
	box := &mail.Fake{}
	box.Fail(fmt.Errorf("550: %w", mail.ErrMailbox))
	if err := w.config().Bounces.Guard(box, false).Send(accounts.With(t.Context(), accounts.TheSystem()), mail.Message{To: me.Email, Subject: "a", Text: "b"}); err == nil {
		t.Fatal("it was taken")
	}
	var own api.OwnSuspension
	w.ask("member", http.MethodGet, "/v1/me/mail-suspension", nil).want(http.StatusOK).into(&own)
	if !own.Suspended || own.At == nil || own.Origin != "smtp" {
		t.Errorf("%+v", own)
	}
	for range 2 {
		w.ask("member", http.MethodDelete, "/v1/me/mail-suspension", nil).want(http.StatusNoContent)
	}
	own = api.OwnSuspension{}
	w.ask("member", http.MethodGet, "/v1/me/mail-suspension", nil).want(http.StatusOK).into(&own)
	if own.Suspended {
		t.Errorf("%+v", own)
	}
	w.ask("", http.MethodDelete, "/v1/me/mail-suspension", nil).want(http.StatusUnauthorized)
}
