package web

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/matching"
)

// shared is a lot for which several members are needed, in the demonstration.
func (s *site) shared(t testing.TB) int64 {
	t.Helper()
	ctx := accounts.With(context.Background(), accounts.TheSystem())
	var lots []int64
	err := s.st.Read().NewRaw("SELECT lot_id FROM matches WHERE state = 'proposed' GROUP BY lot_id ORDER BY count(*) DESC, lot_id LIMIT 40").Scan(ctx, &lots)
	if err != nil {
		t.Fatal(err)
	}
	officer := s.visit(t, accounts.Officer)
	for _, id := range lots {
		if a := officer.get(fmt.Sprintf("/lots/%d/groupement", id)); a.status == http.StatusOK && strings.Contains(a.body, `name="cle"`) {
			return id
		}
	}
	t.Fatal("no lot of the demonstration needs a group")
	return 0
}

// kept reads the form of a page as a browser would send it.
func kept(body string) url.Values {
	form := url.Values{}
	body = body[strings.Index(body, `<input type="hidden" name="cle"`):]
	for _, m := range regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		form.Add(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>`).FindAllStringSubmatch(body, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range regexp.MustCompile(`<input class="input"[^>]*name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	form.Set("mandataire", form["membre"][0])
	form.Set("forme", string(matching.JointLiable))
	return form
}

// An officer composes a group, keeps it once, hands it in and prints the agreement;
// its members read it, the others don't.
func TestAGroupOnThePages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lot := s.shared(t)
	officer := s.visit(t, accounts.Officer)
	path := fmt.Sprintf("/lots/%d/groupement", lot)
	page := officer.get(path).ok().says("Le groupe proposé", "Qui fait quoi", "Garder ce groupement")
	form := kept(page.body)
	made := officer.post(path, form).ok().says("gardé en brouillon", "Solidaire")
	if again := officer.post(path, form).ok(); again.url.Path != made.url.Path {
		t.Fatalf("one form made %s and %s", made.url.Path, again.url.Path)
	}
	bad := url.Values{"cle": {"x"}, "membre": form["membre"][:1], "forme": {"?"}}
	officer.post(path, bad).is(http.StatusUnprocessableEntity).says("au moins deux membres", "Choisissez la forme", "Donnez un nom")
	part := kept(page.body)
	part["membre"] = part["membre"][:2]
	first, second := part["membre"][0], part["membre"][1]
	part.Set("cle", "in part")
	part.Set("part"+first, "33.5")
	part.Set("part"+second, "abc")
	part.Set("mandataire", second)
	refused := officer.post(path, part).is(http.StatusUnprocessableEntity).says("Une part de 0 à 100").body
	if !strings.Contains(refused, `value="abc"`) || !strings.Contains(refused, `value="33.5"`) {
		t.Error("the shares are not shown again as they were typed")
	}
	part.Set("part"+second, "20,4")
	some := officer.post(path, part).ok().says("33,5", "20,4", "Ce qui reste à couvrir", "Le groupement ne fait pas tout le lot")
	officer.get(some.url.Path+"/convention").ok().says("Sans membre à ce jour", "46,1", "il reste à couvrir")
	officer.post(some.url.Path, url.Values{"revision": {kept(some.body).Get("revision")}, "geste": {"dissoudre"}}).ok()
	group := made.url.Path
	officer.get(group+"/convention").ok().says("Projet à faire relire par un juriste", "solidaire (article R2142-20", "Répartition des tâches", "Signatures")
	revision := kept(made.body).Get("revision")
	officer.post(group, url.Values{"revision": {revision}, "geste": {"deposer"}}).ok().says("composition est figée", "Déposé le")
	officer.post(group, url.Values{"revision": {revision}, "geste": {"dissoudre"}}).is(http.StatusUnprocessableEntity).says("Quelqu’un a modifié")
	s.visit(t, accounts.Employer).get(group).is(http.StatusForbidden)
	member := s.visit(t, accounts.Member)
	ctx := context.Background()
	users, err := s.accounts.Users(accounts.With(ctx, accounts.TheSystem()), accounts.UserFilter{Role: accounts.Member, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := http.StatusNotFound
	for _, id := range form["membre"] {
		if id == fmt.Sprint(users[0].OrganisationID) {
			want = http.StatusOK
		}
	}
	member.get(group).is(want)
}
