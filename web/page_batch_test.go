package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
)

var batchForm = url.Values{"cle": {"reunion"}, "postes": {"reach"}, "par_place": {"3"}, "par_personne": {"1"}, "tirage": {"7"}}

// A counsellor chooses, looks, keeps, and says what becomes of a suggestion; the
// same form sent twice keeps one preparation.
func TestACounsellorPreparesAMeeting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visit(t, accounts.Counsellor)
	if seen := v.get("/preparations/nouvelle?postes=reach&par_place=3&par_personne=1&voir=oui").ok().body; !strings.Contains(seen, `name="cle"`) || !strings.Contains(seen, "sur 22") {
		t.Error("what is seen can't be kept")
	}
	first := v.post("/preparations", batchForm).ok()
	again := v.post("/preparations", batchForm).ok()
	if first.url.Path != again.url.Path || !strings.Contains(first.body, "Préparation gardée.") {
		t.Errorf("kept as %s, then %s", first.url.Path, again.url.Path)
	}
	line := find(first.body, `action="(/preparations/\d+/pistes/\d+)"`)
	asked := v.post(line, url.Values{"geste": {"to_discuss"}, "revision": {"1"}}).ok()
	if !strings.Contains(text(asked.body), "à en parler avec la personne") {
		t.Error("the gesture is not shown")
	}
	if late := v.post(line, url.Values{"geste": {"set_aside"}, "revision": {"1"}}); late.status != http.StatusPreconditionFailed && late.status != http.StatusConflict {
		t.Errorf("a gesture on what has changed answers %d", late.status)
	}
	if same := v.post(first.url.Path, url.Values{"version": {"1"}}).ok(); same.url.Path != first.url.Path {
		t.Errorf("computed again without a change, it became %s", same.url.Path)
	}
}

// What is prepared names people: no page of it is kept by a cache, and what would
// help somebody is read from a preparation that holds them alone.
func TestNoCacheKeepsAPreparation(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v, officer := s.visit(t, accounts.Counsellor), s.visit(t, accounts.Officer)
	if got := officer.get("/portee-des-postes").ok().header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("how far positions reach may be kept: %q", got)
	}
	one := v.post("/preparations", batchForm).ok()
	help := find(one.body, `href="(/preparations/\d+/personnes/\d+)"`)
	for _, path := range []string{"/preparations", one.url.Path, help, "/preparations/nouvelle", "/preparations/nouvelle?postes=reach&par_place=3&par_personne=1&voir=oui"} {
		if got := v.get(path).ok().header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s may be kept: %q", path, got)
		}
	}
	v.get("/preparations/999999/personnes/5").is(http.StatusNotFound)
	v.get(one.url.Path + "/personnes/999999").is(http.StatusNotFound)
}

// What can't be is said beside the field.
func TestAPreparationSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	v := newSite(t).visit(t, accounts.Counsellor)
	for query, field := range map[string]string{"postes=partnership&voir=oui": "partnership", "postes=territory&ou=zzzz&voir=oui": "territory", "postes=chosen&voir=oui": "lots", "par_place=x&voir=oui": "per_post"} {
		a := v.get("/preparations/nouvelle?" + query).is(http.StatusUnprocessableEntity)
		if !strings.Contains(a.body, `href="#`+field+`"`) || !strings.Contains(a.body, `id="`+field+`"`) {
			t.Errorf("%s does not lead to %s", query, field)
		}
	}
}

var personCode = regexp.MustCompile(`\bP-[A-Z0-9]{7}\b`)

// An officer reads how far positions reach, in bands, and opens no preparation; a
// convention leads each to what is theirs.
func TestAnOfficerReadsBandsAlone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer, cip := s.visit(t, accounts.Officer), s.visit(t, accounts.Counsellor)
	own := cip.post("/preparations", batchForm).ok()
	body := text(officer.get("/portee-des-postes?ou=departement:26").ok().body)
	if !strings.Contains(body, "cinq personnes en parcours au moins") {
		t.Error("an officer reads how far no position reaches")
	}
	officer.get("/portee-des-postes").ok().says("Et ensuite", "signalez-le aux structures", "Voir les formations")
	if personCode.MatchString(body) || strings.Contains(body, "sur 100") || strings.Contains(body, "attend depuis") {
		t.Error("an officer reads somebody")
	}
	for _, path := range []string{own.url.Path, "/preparations", "/preparations/nouvelle?voir=oui"} {
		officer.get(path).is(http.StatusForbidden)
	}
	cip.get("/portee-des-postes").is(http.StatusForbidden)
	officer.get("/portee-des-postes?ou=zzzz").is(http.StatusUnprocessableEntity)
	officer.get("/portee-des-postes?convention=abc").is(http.StatusNotFound)
	if !strings.Contains(officer.get("/conventions/2").ok().body, "/portee-des-postes?convention=2") || !strings.Contains(cip.get("/conventions/2").ok().body, "/preparations/nouvelle?") {
		t.Error("a convention leads to no preparation")
	}
	if public := s.visit(t, accounts.Public).get("/conventions/2").ok().body; strings.Contains(public, "/preparations") || strings.Contains(public, "/portee") {
		t.Error("a visitor is led to a preparation")
	}
}
