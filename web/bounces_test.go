package web

import (
	"context"
	"net/http"
	"testing"

	"maillage/accounts"
	"maillage/internal/mail"
)

// TestAnAddressThatTakesNoLettersIsSaid: to its owner and to the officer of the
// place; either takes the letters up again.
func TestAnAddressThatTakesNoLettersIsSaid(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v, officer := s.visit(t, accounts.Member), s.visit(t, accounts.Officer)
	var who struct {
		ID    int64  `bun:"id"`
		Email string `bun:"email"`
		Name  string `bun:"name"`
	}
	if err := s.st.Read().NewRaw("SELECT id, email, name FROM users WHERE role = 'member' ORDER BY id LIMIT 1").Scan(t.Context(), &who); err != nil {
		t.Fatal(err)
	}
	refuse := func() {
		if err := s.cfg.Bounces.Guard(refusing(), false).Send(context.Background(), mail.Message{To: who.Email, Subject: "a", Text: "b"}); err == nil {
			t.Fatal("it was taken")
		}
	}
	refuse()
	v.get("/mes-donnees").ok().says("Vos lettres ne partent plus", "votre adresse n’existe pas")
	lift := officer.get(mondayPath).ok().says("Adresses qui ne reçoivent plus", who.Name, "refusée à l’envoi").link(mondayPath + `/adresses/\d+`)
	v.post(lift, nil).is(http.StatusForbidden)
	v.post("/mes-donnees/adresse", nil).ok().says("Les lettres reprennent")
	refuse()
	officer.post(lift, nil).ok().says("Les lettres de ce compte reprennent")
	v.post("/mes-donnees/adresse", nil).ok()
}
