package main

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"maillage/opportunities"
)

// lettersOf are the letters that left for an address and say something; the workers
// of the demonstration write other ones, and to others too.
func (s *site) lettersOf(t *testing.T, to, what string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(s.outbox, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(file string) bool { return !strings.Contains(letterText(t, file, to), what) })
}

// The workers make and send the letter of a search whose morning was missed,
// by themselves when they start, and once, in the letter of the day; a webmail ends it.
func TestTheWorkersSendTheNewsOfASearch(t *testing.T) {
	t.Parallel()
	s := demoSite(t, false)
	if _, err := s.opportunities.SaveSearch(s.asMember(t), "Drôme", opportunities.Criteria{Territory: `{"territory":"departement:26"}`}, opportunities.Weekly); err != nil {
		t.Fatal(err)
	}
	s.exec(t, "UPDATE searches SET news_since = '2026-11-19 08:00:00+00:00', told_until = '2026-11-19 08:00:00+00:00'")
	s.work(t)
	var letters []string
	for range 200 {
		if s.id(t, "SELECT count(*) FROM search_letters") > 0 {
			if _, err := s.daily.Gather(s.env.system()); err != nil {
				t.Fatal(err)
			}
		}
		if letters = s.lettersOf(t, "entreprise@", "DRÔME"); len(letters) > 0 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if len(letters) != 1 {
		t.Fatalf("letters %v", letters)
	}
	text := letterText(t, letters[0], "entreprise@")
	for _, want := range []string{"DRÔME", "nouvelles opportunités", s.url + "/marches/", s.url + "/desabonnement/"} {
		if !strings.Contains(text, want) {
			t.Errorf("the letter has no %q:\n%s", want, text)
		}
	}
	if n, err := s.opportunities.WriteLetters(s.env.system()); n != 0 || err != nil {
		t.Errorf("again: %d letters, %v", n, err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+stopInLetter.FindString(text), strings.NewReader("List-Unsubscribe=One-Click"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://courrier.example")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	if left := s.id(t, "SELECT count(*) FROM searches WHERE frequency <> 'off'"); a.StatusCode != http.StatusOK || left != 0 {
		t.Errorf("one click of a webmail: %d, %d searches still write", a.StatusCode, left)
	}
}
