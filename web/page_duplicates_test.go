package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/tenders"
)

// imports reads notices, one a line.
func (s *site) imports(t testing.TB, records ...string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "avis.jsonl")
	if err := os.WriteFile(path, []byte(strings.Join(records, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	report, err := s.cfg.Tenders.Import(accounts.With(context.Background(), accounts.TheSystem()), []string{path}, tenders.ImportOptions{})
	if err != nil || report.Quarantined+report.Failed > 0 {
		t.Fatalf("import: %+v, %v", report, err)
	}
}

// avis is a record of the BOAMP.
func avis(id, buyer, departement, title, nature, deadline string) string {
	state := "INITIAL"
	if nature == "RECTIFICATIF" {
		state = nature
	}
	return fmt.Sprintf(`{"idweb":%q,"objet":%q,"nomacheteur":%q,"nature":%q,"etat":%q,"famille":"MAPA","dateparution":"2026-11-20","datelimitereponse":%q,"code_departement":[%q],"url_avis":"https://www.boamp.fr/avis/detail/%s"}`,
		id, title, buyer, nature, state, deadline, departement, id)
}

const december = "2026-12-20T12:00:00+00:00"

// TestPairsAreJudged: an officer sees the pairs of the perimeter alone, settles
// one, is led from a merged call to the other, and takes it back.
func TestPairsAreJudged(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.visit(t, accounts.Officer)
	demonstrated := officer.get("/doublons").ok().says("À juger (1)", "Ville de Crest (inventée) (identique)").link(`/doublons/\d+`)
	officer.post(demonstrated, url.Values{"geste": {"different"}}).ok().says("Rien à juger", "À juger (0)")
	for i, town := range []struct{ name, departement string }{{"Ville de Crest", "26"}, {"Ville de Quimper", "29"}} {
		s.imports(t, avis(fmt.Sprintf("26-6000%d1", i), town.name, town.departement, "Collecte des encombrants : mise en oeuvre", "APPEL_OFFRE", december),
			avis(fmt.Sprintf("26-6000%d2", i), town.name, town.departement, "Mise en œuvre de la collecte des encombrants", "APPEL_OFFRE", december))
	}
	officer.get("/").says("1 paire à juger", "Dire si deux appels sont le même marché")
	page := officer.get("/doublons").ok().says("À juger (1)", "Ville de Crest (identique)", "dimanche 20 décembre, 12 h (identique)", "BOAMP 26-600001", "BOAMP 26-600002")
	if strings.Contains(page.body, "Quimper") {
		t.Error("a pair of another perimeter is shown")
	}
	s.visit(t, accounts.Member).get("/doublons").is(http.StatusForbidden)
	s.visit(t, accounts.Admin).get("/doublons").says("À juger (2)")
	judge := func(path, verdict string) *answer { return officer.post(path, url.Values{"geste": {verdict}}) }
	pair := page.link(`/doublons/\d+`)
	other := regexp.MustCompile(`\d+$`).ReplaceAllStringFunc(pair, func(n string) string { return map[string]string{"2": "3", "3": "2"}[n] })
	judge(other, "same").is(http.StatusNotFound)
	judge(pair, "peut-etre").is(http.StatusUnprocessableEntity)

	judge(pair, "same").ok().says("Les deux marchés sont réunis", "À juger (0)", "Réunis (1)")
	calls := regexp.MustCompile(`/marches/(\d+)"`).FindAllStringSubmatch(page.body, 2)
	led := ""
	for _, call := range calls {
		seen := officer.get("/marches/" + call[1]).ok()
		if strings.Contains(seen.body, "réuni avec un autre") {
			seen.says("Réunion avec un autre avis", "publié → annulé")
			led = seen.link(`/marches/(?:` + calls[0][1] + "|" + calls[1][1] + ")")
			if led == "/marches/"+call[1] {
				t.Error("a merged call leads to itself")
			}
			s.visit(t, accounts.Public).get("/marches/" + call[1]).ok().says("Voir le marché où il se poursuit")
		}
	}
	if led == "" {
		t.Fatal("neither call tells that it was merged")
	}
	officer.get(led).ok().says("D’où viennent ces informations", "BOAMP 26-60000")

	officer.get("/doublons?avis=same").ok().says("Séparer les deux marchés", "Ville de Crest (identique)")
	judge(pair, "different").ok().says("restent distincts", "Distincts (2)", "Réunis (0)")
	for _, call := range calls {
		if seen := officer.get("/marches/" + call[1]).ok(); strings.Contains(seen.body, "réuni avec un autre") || strings.Contains(seen.body, "annulée") {
			t.Errorf("%s is not given back: %s", call[1], text(seen.body))
		}
	}
	if again := text(officer.get("/marches/"+calls[0][1]).body) + text(officer.get("/marches/"+calls[1][1]).body); !strings.Contains(again, "Séparation d’avec un autre avis") {
		t.Errorf("no history tells the parting: %s", again)
	}
	s.imports(t, avis("26-600002", "Ville de Crest", "26", "Mise en œuvre de la collecte des encombrants, relance", "APPEL_OFFRE", december))
	officer.get("/doublons").says("À juger (0)")
}

// TestWhatChangedSinceYouSawIt: nothing on a first visit, the struck and the new
// value after a correction, once; a list marks it until then.
func TestWhatChangedSinceYouSawIt(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	call, later := "Entretien des berges de la Drôme à Crest", "RECTIFICATIF"
	s.imports(t, avis("26-610001", "Ville de Crest", "26", call, "APPEL_OFFRE", december))
	officer, stranger := s.visit(t, accounts.Officer), s.visit(t, accounts.Public)
	path := officer.get("/marches?quoi=entretien+des+berges").link(`/marches/\d+`)
	const news, mark = "Ce qui a changé depuis votre visite", "modifié depuis votre visite"
	silent := func(v *visitor, path string) {
		t.Helper()
		if seen := text(v.get(path).ok().body); strings.Contains(seen, news) || strings.Contains(seen, mark) {
			t.Errorf("%s tells a change: %s", path, seen)
		}
	}
	silent(officer, path)
	silent(officer, path)
	s.imports(t, avis("26-610002", "Ville de Crest", "26", call, later, "2027-01-08T16:30:00+00:00"))
	officer.get("/marches?quoi=entretien+des+berges").says(mark)
	silent(stranger, "/marches?quoi=entretien+des+berges")
	silent(stranger, path)
	silent(s.visit(t, accounts.Member), path)
	ahead := officer.with("Sec-Purpose", "prefetch;prerender")
	silent(ahead, path)

	seen := officer.get(path).ok().says(news, "avant :", "dimanche 20 décembre, 12 h", "maintenant :", "vendredi 8 janvier 2027, 16 h 30", "BOAMP")
	if !regexp.MustCompile(`<del>.*20.décembre.*</del>.*<ins>.*8.janvier.*</ins>`).MatchString(seen.body) {
		t.Error("the old deadline is not struck beside the new one")
	}
	silent(officer, path)
	silent(officer, "/marches?quoi=entretien+des+berges")
}

// TestAPageIsShownWhereNothingIsWritten: a visit that can't be remembered is a visit.
func TestAPageIsShownWhereNothingIsWritten(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	officer := s.visit(t, accounts.Officer)
	path := officer.get("/marches").link(`/marches/\d+`)
	st, ok := s.cfg.Jobs.(*store.Store)
	if !ok {
		t.Fatal("no store")
	}
	err := st.InTx(context.Background(), func(ctx context.Context, tx store.Tx) error {
		_, err := tx.NewRaw("CREATE TRIGGER closed BEFORE INSERT ON opportunity_sights BEGIN SELECT RAISE(ABORT, 'read only'); END").Exec(ctx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	officer.get(path).ok()
}

func TestUnlikeMarksWords(t *testing.T) {
	t.Parallel()
	said := func(pieces []Piece) (out string) {
		for _, p := range pieces {
			if p.Marked {
				out += "[" + p.Text + "]"
				continue
			}
			out += "(" + p.Text + ")"
		}
		return out
	}
	for _, one := range [][3]string{
		{"Mise en œuvre : collecte", "mise en oeuvre, collecte", "(Mise en œuvre : collecte)"},
		{"lot 1 et lot 2", "lot 1", "(lot 1)[et lot 2]"},
		{"–", "Crest", "(–)"},
		{"", "Crest", ""},
	} {
		if got := said(unlike(one[0], one[1])); got != one[2] {
			t.Errorf("%q beside %q: %s, want %s", one[0], one[1], got, one[2])
		}
	}
}

func TestNoticeNumber(t *testing.T) {
	t.Parallel()
	const uuid = "f252f386-55ac-4fa8-9be4-9f950b9904c8"
	for _, one := range []struct {
		notice tenders.Notice
		want   string
	}{
		{tenders.Notice{Source: tenders.EForms, ID: uuid, Related: []tenders.Reference{{Relation: tenders.SameAs, Scheme: tenders.TED, ID: "176972-2020"}}}, "176972-2020"},
		{tenders.Notice{Source: tenders.EForms, ID: uuid}, "f252f386"},
		{tenders.Notice{Source: tenders.BOAMP, ID: "26-600001"}, "26-600001"},
	} {
		if got := noticeNumber(&one.notice); got != one.want {
			t.Errorf("%s %s: %s, want %s", one.notice.Source, one.notice.ID, got, one.want)
		}
	}
}
