package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/matching/placement"
	"maillage/opportunities"
	"maillage/people"
)

// presented is a position of the demonstration for which people are presented.
func (s *site) presented(t testing.TB) (lot opportunities.LotID, cards []placement.Followed) {
	t.Helper()
	board, err := s.cfg.Placement.Board(s.asCounsellor(t))
	if err != nil || len(board.Running) < 2 {
		t.Fatalf("%v, %+v", err, board)
	}
	return board.Running[0].Lot, board.Running
}

// positionPages are the pages of a position, a person and both, for a counsellor.
func positionPages(lot opportunities.LotID, person people.ID) []string {
	return []string{candidatesPath(lot), cardPath(lot, person), prospectsPath(person)}
}

// TestPeopleOfAPositionAreTheirStructuresAlone: neither the employer, nor an
// officer, nor an administrator, nor the counsellor of another structure reads
// whom a position suits, or does anything about them.
func TestPeopleOfAPositionAreTheirStructuresAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lot, cards := s.presented(t)
	person := cards[0].Person
	gestures := map[string]url.Values{
		candidatesPath(lot):   {"personne": {strconv.FormatInt(int64(person), 10)}, "geste": {"withdrawn"}},
		cardPath(lot, person): {"lue": {"0"}},
		fmt.Sprintf("/propositions/%d/retirer", cards[0].ID): {"revision": {strconv.FormatInt(cards[0].Revision, 10)}},
	}
	for _, role := range append(accounts.Roles(), accounts.Public) {
		if role == accounts.Counsellor {
			continue
		}
		v := s.visit(t, role)
		v.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		refused := func(a *answer) {
			if a.status != http.StatusForbidden && !strings.HasPrefix(a.header.Get("Location"), "/connexion") && a.status != http.StatusUnauthorized {
				t.Errorf("%s answers %d to %s", a.path, a.status, role)
			}
		}
		for _, path := range positionPages(lot, person) {
			refused(v.get(path))
		}
		for path, form := range gestures {
			refused(v.post(path, form))
		}
	}
	other := s.neighbour(t)
	if a := other.get(candidatesPath(lot)).ok(); strings.Contains(a.body, cards[0].PersonHead.Code) {
		t.Error("another structure reads whom a position suits")
	}
	for _, path := range positionPages(lot, person)[1:] {
		other.get(path).is(http.StatusNotFound)
	}
	for path, form := range gestures {
		if a := other.post(path, form); a.status != http.StatusNotFound && a.status != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d to another structure", path, a.status)
		}
	}
	if _, after := s.presented(t); len(after) != len(cards) || after[0].Revision != cards[0].Revision {
		t.Error("somebody else’s gesture changed a proposal")
	}
}

// TestCardsAreTheEmployersAlone: the page of the need, that everybody reads, tells
// its cards to the employer alone; an officer reads figures.
func TestCardsAreTheEmployersAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, cards := s.presented(t)
	need := headPath(cards[0].Head)
	mine := s.visit(t, accounts.Employer).get(need).ok().says("Candidature "+cards[0].Label, "Ses points forts", "Dans un ordre tiré au sort")
	answer := mine.link(`/besoins/\d+/candidatures/[A-Z0-9]+`)
	for _, role := range append(accounts.Roles(), accounts.Public) {
		if role == accounts.Employer {
			continue
		}
		v := s.visit(t, role)
		v.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		a := v.get(need).ok()
		for _, secret := range []string{"Candidature ", "/candidatures/", "conseil@maillage.example", cards[0].PersonHead.Code} {
			if strings.Contains(a.body, secret) {
				t.Errorf("%s reads %q on the page of the need", role, secret)
			}
		}
		if a := v.post(answer, url.Values{"reponse": {"hired"}}); a.status < 400 && !strings.HasPrefix(a.header.Get("Location"), "/connexion") {
			t.Errorf("%s answers for the employer (%d)", role, a.status)
		}
	}
	s.visit(t, accounts.Officer).get(need).says("Personnes présentées", "Réponse attendue", "Des nombres seulement")
	if seen := text(s.visit(t, accounts.Public).get(need).body); strings.Contains(seen, "Personnes présentées") {
		t.Error("a visitor reads how many are presented")
	}
	if _, after := s.presented(t); len(after) != len(cards) {
		t.Error("somebody else’s answer was kept")
	}
}

// TestACardTellsNothingElse: no code, no commune of a home, no score, no
// identity on what an employer reads, in either language.
func TestACardTellsNothingElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, cards := s.presented(t)
	v := s.visit(t, accounts.Employer)
	percent := regexp.MustCompile(`\d\s*%`)
	for _, lang := range Langs() {
		v.lang = string(lang)
		for _, path := range []string{"/", headPath(cards[0].Head)} {
			body := v.get(path).ok().body
			section := body[strings.Index(body, `class="received"`):]
			section = section[:strings.Index(section, `class="duo"`)]
			seen := text(section)
			if percent.MatchString(seen) {
				t.Errorf("%s shows a figure: %s", path, percent.FindString(seen))
			}
			for _, c := range cards {
				for what, secret := range map[string]string{"a code": c.PersonHead.Code, "a home": c.PersonHead.Town, "a journey": journeyPath(c.Person)} {
					if secret != "" && secret != c.Head.Place.FR && strings.Contains(section, secret) {
						t.Errorf("%s tells %s (%s)", path, what, secret)
					}
				}
			}
			for _, name := range s.names(t) {
				if name != "" && strings.Contains(seen, name) {
					t.Errorf("%s tells who somebody is", path)
				}
			}
		}
	}
}

// TestNoCacheKeepsAProposal: what is told of people is for now alone.
func TestNoCacheKeepsAProposal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lot, cards := s.presented(t)
	counsellor, employer := s.visit(t, accounts.Counsellor), s.visit(t, accounts.Employer)
	for _, path := range append(positionPages(lot, cards[0].Person), "/") {
		a := counsellor.get(path).ok()
		if got := a.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s may be kept: %q", path, got)
		}
		if strings.Contains(a.body, "<textarea") {
			t.Errorf("%s has a box for free text", path)
		}
	}
	for _, path := range []string{"/", headPath(cards[0].Head)} {
		if got := employer.get(path).ok().header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s may be kept by the employer: %q", path, got)
		}
	}
}

// agreeable is somebody who was asked nothing of a position, and of whom a card can
// be shown.
func (s *site) agreeable(t testing.TB, lot opportunities.LotID) people.ID {
	t.Helper()
	for _, id := range s.ours(t) {
		made, err := s.cfg.Placement.Prepare(s.asCounsellor(t), placement.Offer{Person: id, Lot: lot})
		if err == nil && made.Agreement.State == "" && made.Card != nil {
			return id
		}
	}
	t.Fatal("nobody is left to be asked")
	return 0
}

var sealed = regexp.MustCompile(`name="lue" value="([0-9a-f]+)"`)

// TestFromTheQuestionToTheAnswer walks the gestures without a script: asked, said
// yes, read, presented, answered, withdrawn.
func TestFromTheQuestionToTheAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lot, _ := s.presented(t)
	person := s.agreeable(t, lot)
	v, employer, officer := s.visit(t, accounts.Counsellor), s.visit(t, accounts.Employer), s.visit(t, accounts.Officer)
	say := func(gesture string, more ...string) *answer {
		form := url.Values{"personne": {strconv.FormatInt(int64(person), 10)}, "geste": {gesture}, "ou": {"fiche"}, "retour": {cardPath(lot, person)}}
		for i := 0; i+1 < len(more); i += 2 {
			form.Set(more[i], more[i+1])
		}
		return v.post(candidatesPath(lot), form)
	}
	page := v.get(cardPath(lot, person)).ok().says("Ce que l’employeur verra", "Il faut d’abord l’accord de la personne", "Pas encore demandé")
	if strings.Contains(page.body, `name="lue"`) {
		t.Error("a card may be presented without an agreement")
	}
	say("asked").ok().says("C’est noté.", "Accord demandé", "La personne refuse", "D’accord jusqu’au")
	say("given", "jusqu_au", "2031-01-01").is(http.StatusUnprocessableEntity).says("Un accord vaut d’aujourd’hui à 92 jours.")
	page = say("given", "jusqu_au", "2026-12-20").ok().says("Accord donné", "valable jusqu’au 20 décembre 2026", "Présenter cette fiche")
	seal := sealed.FindStringSubmatch(page.body)
	if seal == nil {
		t.Fatal("the card has no seal")
	}
	v.post(cardPath(lot, person), url.Values{}).is(http.StatusUnprocessableEntity).says("Lisez la fiche avant de la présenter.")
	v.post(cardPath(lot, person), url.Values{"lue": {"0000000000000000"}}).is(http.StatusUnprocessableEntity).says("La fiche n’est plus celle que vous avez lue")
	done := v.post(cardPath(lot, person), url.Values{"lue": {seal[1]}}).ok().says("La fiche est présentée.", "Ce que l’employeur voit", "Proposée, réponse attendue")
	label := regexp.MustCompile(`Candidature ([A-Z]\d+)`).FindStringSubmatch(text(done.body))[1]

	made := s.proposal(t, lot, label)
	path := fmt.Sprintf("/besoins/%d/candidatures/%s", lot, made.Ref)
	employer.get("/").ok().says("vous sont présentées", "Candidature "+label)
	again := employer.post(path, url.Values{"reponse": {"not_retained"}, "revision": {"1"}}).is(http.StatusUnprocessableEntity).says("Dites de quoi le poste a besoin.", "Candidature "+label)
	checkPage(t, again, French)
	employer.post(path, url.Values{"reponse": {"interested"}, "revision": {"1"}}).ok().says("C’est noté : la structure vous appelle")
	mistaken := employer.post(path, url.Values{"reponse": {"not_retained"}, "motif": {"need_changed"}}).ok()
	checkPage(t, mistaken, French)
	employer.get(headPath(s.headOf(t, lot))).ok().says("Une erreur ? Revoir cette candidature")
	employer.post(path, url.Values{"reponse": {"interested"}}).ok().says("C’est noté : la structure vous appelle")
	v.get("/?qui=tous").ok().says("Une rencontre est demandée")
	v.get(cardPath(lot, person)).ok().says("Une rencontre est demandée")
	before := figuresShown(officer.get(headPath(s.headOf(t, lot))).ok().body)

	say("withdrawn").ok().says("Accord retiré")
	gone := employer.get(headPath(s.headOf(t, lot))).ok().says("N’est plus proposée")
	if card := regexp.MustCompile(`id="f` + made.Ref + `"`); card.MatchString(gone.body) {
		t.Error("the card of somebody who withdrew is still there")
	}
	employer.post(path, url.Values{"reponse": {"met"}}).is(http.StatusUnprocessableEntity).says("Cette candidature n’est plus proposée.")
	if after := figuresShown(officer.get(headPath(s.headOf(t, lot))).ok().body); after == before {
		t.Errorf("the officer still counts who withdrew: %s", after)
	}
}

// figures is what an officer reads of the proposals of a position.
func figuresShown(body string) string {
	at := strings.Index(body, `id="presentees"`)
	if at < 0 {
		return ""
	}
	return text(body[at : at+strings.Index(body[at:], "</section>")])
}

func (s *site) proposal(t testing.TB, lot opportunities.LotID, label string) placement.Proposal {
	t.Helper()
	var p placement.Proposal
	if err := s.st.Read().NewRaw("SELECT id, ref, revision FROM proposals WHERE lot_id = ? AND label = ?", lot, label).Scan(context.Background(), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *site) headOf(t testing.TB, lot opportunities.LotID) placement.Head {
	t.Helper()
	found, err := s.cfg.Placement.PeopleFor(s.asCounsellor(t), lot, placement.Query{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	return found.Position
}

// TestWhatIsLeftOutIsNotPresented: a claim that the counsellor and the person
// would rather not tell is on no card, whatever is sent back.
func TestWhatIsLeftOutIsNotPresented(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lot, _ := s.presented(t)
	person := s.agreeable(t, lot)
	v := s.visit(t, accounts.Counsellor)
	page := v.get(cardPath(lot, person)).ok()
	claim := regexp.MustCompile(`name="sans" value="(counsellor:[^"]+)"`).FindStringSubmatch(page.body)
	if claim == nil || !strings.Contains(page.body, "Alix Démonstration") {
		t.Fatalf("the card names nobody:\n%s", text(page.body))
	}
	without := v.get(cardPath(lot, person) + "?" + url.Values{"sans": {claim[1]}}.Encode()).ok()
	card := without.body[strings.Index(without.body, `class="card person"`):]
	if strings.Contains(card[:strings.Index(card, "</article>")], "Alix Démonstration") {
		t.Error("the card still names who accompanies the person")
	}
	without.says("Ne pas dire")
	if !strings.Contains(without.body, `value="`+claim[1]+`" checked`) {
		t.Error("what is left out is not ticked")
	}
	for _, junk := range []string{"?sans=x", "?sans=sex:f:0", "?sans=::&sans=language:fr:999"} {
		v.get(cardPath(lot, person) + junk).ok()
	}
}

// TestWhatOneStepOpens shows the positions that a step would bring.
func TestWhatOneStepOpens(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v, seen := s.visit(t, accounts.Counsellor), 0
	for _, id := range s.ours(t) {
		a := v.get(prospectsPath(id)).ok().says("Et si…")
		if strings.Contains(a.body, `id="si-1"`) {
			a.says("offres de plus")
			seen++
		}
		if seen == 2 {
			return
		}
	}
	t.Error("one more step opens nothing to anybody: the page proves nothing")
}

// TestAFilledPositionOffersNoQuestion: once every place is taken, the counsellor is
// led to ask nobody, neither from the position nor from the person.
func TestAFilledPositionOffersNoQuestion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lot, cards := s.presented(t)
	v, employer := s.visit(t, accounts.Counsellor), s.visit(t, accounts.Employer)
	person := s.agreeable(t, lot)
	v.get(candidatesPath(lot)).ok().says("J’en ai parlé avec la personne", "Préparer la fiche")
	ended := s.agreeable(t, lot)
	for _, said := range []people.AgreementState{people.Asked, people.Withdrawn} {
		if _, err := s.cfg.People.Say(s.asCounsellor(t), ended, int64(lot), people.Saying{State: said}); err != nil {
			t.Fatal(err)
		}
	}
	journey := "/parcours/" + strconv.FormatInt(int64(ended), 10)
	again := strings.Count(v.get(journey).ok().says("Demander à nouveau").body, "Demander à nouveau")
	for _, f := range cards {
		if f.Lot == lot {
			path := fmt.Sprintf("/besoins/%d/candidatures/%s", lot, s.proposal(t, lot, f.Label).Ref)
			employer.post(path, url.Values{"reponse": {"hired"}})
		}
	}
	err := s.st.InTx(t.Context(), func(ctx context.Context, tx store.Tx) error { // as many as were hired
		_, err := tx.NewRaw("UPDATE lots SET posts = (SELECT COUNT(*) FROM proposals WHERE lot_id = lots.id AND state = 'hired') WHERE id = ?", lot).Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := s.cfg.Placement.PeopleFor(s.asCounsellor(t), lot, placement.Query{}); err != nil || !found.Position.Filled {
		t.Fatalf("the position is not filled: %v, %+v", err, found.Position)
	}
	for _, path := range []string{candidatesPath(lot), cardPath(lot, person)} {
		a := v.get(path).ok().says("Toutes les places de ce poste sont pourvues.")
		for _, words := range []string{"J’en ai parlé avec la personne", "Préparer la fiche", "Parlez-en avec"} {
			if strings.Contains(text(a.body), words) {
				t.Errorf("%s says %q of a filled position", path, words)
			}
		}
	}
	if a := employer.get(headPath(cards[0].Head)).ok(); strings.Contains(a.body, `value="hired"`) {
		t.Error("the employer may hire for a filled position")
	}
	if n := strings.Count(v.get(journey).ok().body, "Demander à nouveau"); n != again-1 {
		t.Errorf("the journey offers %d times to ask again, and %d before the position was filled", n, again)
	}
	form := url.Values{"personne": {strconv.FormatInt(int64(person), 10)}, "geste": {"asked"}}
	v.post(candidatesPath(lot), form).is(http.StatusUnprocessableEntity).says("Toutes les places de ce poste sont pourvues.")
}
