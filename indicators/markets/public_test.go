package markets_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/indicators/markets"
	"maillage/internal/testkit"
	"maillage/network"
)

// What few enterprises are behind is hidden, and no subtraction gives it back.
func TestWhatIsPublishedTellsOfNobody(t *testing.T) {
	t.Parallel()
	r := open(t, testkit.SQLite(t))
	for _, name := range []string{"Quatre", "Cinq"} {
		r.members = append(r.members, r.save(&network.Organisation{Role: network.Member, Kind: network.KindACI, Name: name, Active: true, Source: "demo", Sites: []network.Site{{Main: true, Commune: "26108"}}}))
	}
	for i, town := range []string{"26108", "26165", "26113", "26362", "26108", "59350", "59350"} { // five of one region by all, two of another by one
		call := r.call("procedure:"+town+string(rune('a'+i)), town, 1)
		who := i
		if i > 4 {
			who = 0
		}
		r.move(who, r.match(call.Lots[0].ID, who), followup.Step{To: followup.Interested})
	}
	r.refresh()
	anybody := accounts.With(r.ctx, accounts.Identity{})
	early, err := r.Publish(anybody, 0)
	r.must(err)
	if early.Total.Shown != 0 || len(early.Years) != 0 || len(early.Months) != 10 {
		t.Errorf("a month that runs is told: %+v", early)
	}
	r.clock.Advance(30 * 24 * time.Hour)
	p, err := r.Publish(anybody, 0)
	r.must(err)
	if p.Year != 2026 || p.Total.Shown != 7 || p.Members != 5 || len(p.Regions) != 2 || len(p.Months) != 11 {
		t.Fatalf("published %+v", p)
	}
	nord := p.Regions[0]
	if nord.Code != "32" || nord.Shown != 2 || !nord.Cells[0].Hidden || nord.Cells[0].Value != 0 {
		t.Errorf("two answers of one enterprise are told: %+v", nord)
	}
	if other := p.Regions[1]; !p.Total.Cells[0].Hidden && !other.Cells[0].Hidden {
		t.Errorf("a subtraction tells them: %+v of %+v", other, p.Total)
	}
	for _, cells := range [][]markets.PublicCell{p.Total.Cells, nord.Cells} {
		if len(cells) != 4 || !cells[2].Hidden {
			t.Errorf("that nobody won is told: %+v", cells)
		}
	}
	if p.Months[0].Cells[0].Hidden && p.Total.Cells[0].Hidden {
		t.Error("nothing is told where five enterprises answered")
	}
	var csv bytes.Buffer
	r.must(r.WriteCSV(&csv, p, "fr"))
	if text := csv.String(); strings.Count(text, "\r\n") != 1+1+2+11 || !strings.Contains(text, "region;32;Hauts-de-France;2;;;;;4;1") {
		t.Error(text)
	}
}
