package placement

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"maillage/matching/engine/journeys"
	"maillage/opportunities"
	"maillage/people"
	"maillage/territories"
)

// Post is the job that somebody was hired for and has not left: whoever has one is no
// free candidate. A mission and an immersion are no such jobs: people go on from them,
// and their journey with them.
type Post struct {
	Lot   opportunities.LotID `json:"lot"`
	Title string              `json:"title"`
	Hired string              `json:"hired"`           // day on which the employer said so
	From  string              `json:"from"`            // first day; that of the hiring where it is not said
	Until string              `json:"until,omitempty"` // last day; empty: none is said
	Words Text                `json:"words"`
}

// work is where somebody stands with the jobs they were hired for, on a day.
type work struct {
	post  *Post
	since string // day since which they wait again: the last hiring, or the end of the last job; empty: never hired
}

// hiring is a job that somebody was hired for, as it is recorded.
type hiring struct {
	PersonID people.ID           `bun:"person_id"`
	LotID    opportunities.LotID `bun:"lot_id"`
	Title    string              `bun:"title"`
	StartsOn string              `bun:"starts_on"`
	EndsOn   string              `bun:"ends_on"`
	HiredAt  time.Time           `bun:"hired_at"`
	LeftAt   *time.Time          `bun:"left_at"` // when it was said that they left; nil: they did not
}

// over is the day on which the job had ended by a day; empty: it had not. One that ended
// before its last day ended when it was said.
func (h hiring) over(today string) string {
	switch {
	case h.LeftAt != nil:
		return h.LeftAt.UTC().Format(time.DateOnly)
	case h.EndsOn != "" && h.EndsOn < today:
		return h.EndsOn
	}
	return ""
}

// workOn reads hirings as of a day: the job that ends last is the one that holds.
func workOn(all []hiring, today string) map[people.ID]work {
	out := map[people.ID]work{}
	for _, h := range all {
		w, over := out[h.PersonID], h.over(today)
		w.since = max(w.since, h.hired(), over)
		if over == "" && (w.post == nil || w.post.Until != "" && (h.EndsOn == "" || h.EndsOn > w.post.Until)) {
			w.post = h.post()
		}
		out[h.PersonID] = w
	}
	return out
}

// hired is the day on which the employer said so.
func (h hiring) hired() string { return h.HiredAt.UTC().Format(time.DateOnly) }

func (h hiring) post() *Post {
	p := &Post{Lot: h.LotID, Title: h.Title, Hired: h.hired(), From: max(h.hired(), h.StartsOn), Until: h.EndsOn}
	p.Words = postWords(p)
	return p
}

// postWords says a job in plain words.
func postWords(p *Post) Text {
	fr, en := "Embauche dite le "+day(p.Hired, "fr")+nbsp+": «"+nbsp+p.Title+nbsp+"», à partir du "+day(p.From, "fr"), "Hired on "+day(p.Hired, "en")+": “"+p.Title+"”, from "+day(p.From, "en")
	if p.Until != "" {
		return text(fr+", jusqu’au "+day(p.Until, "fr")+".", en+", until "+day(p.Until, "en")+".")
	}
	return text(fr+", sans date de fin.", en+", with no end said.")
}

// otherwise tells whether what the structure says of when a person is available is said
// for after the job: a first day that comes after the job began.
func (p *Post) otherwise(available string) bool { return available > p.From }

// free tells whether somebody is looked for on a day, and from which one.
func (w work) free(available string) (from string, ok bool) {
	switch {
	case w.post == nil, w.post.otherwise(available):
		return available, true
	case w.post.Until == "":
		return "", false
	}
	return max(available, nextDay(w.post.Until)), true
}

// waitsSince is the day from which somebody has waited: the first of the journey, or the
// last one of what they were hired for.
func (w work) waitsSince(p *people.Person) string { return max(p.EnteredOn, w.since) }

// workOf reads where people stand with the jobs they were hired for.
func (s *Service) workOf(ctx context.Context, db bun.IDB, ids ...people.ID) (map[people.ID]work, error) {
	var all []hiring
	for part := range slices.Chunk(ids, batch) {
		some, err := hirings(ctx, db, "p.person_id IN (?)", bun.List(part))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return workOn(all, s.today()), nil
}

// nextDay is the day after one.
func nextDay(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// atWork are those of a structure whom a position would suit, had they not a job with no
// end said: they are not looked for, and the counsellor reads it rather than remembers.
func (s *Service) atWork(ctx context.Context, structure int64, l *opportunities.Lot, asOf territories.Date) ([]PersonHead, error) {
	folk, err := activeOf(ctx, s.store.Read(), structure)
	if err != nil {
		return nil, err
	}
	works, err := s.workOf(ctx, s.store.Read(), idsOf(folk)...)
	if err != nil {
		return nil, err
	}
	by, hired := map[people.ID]*people.Person{}, []*journeys.Person{}
	for _, p := range folk {
		if _, free := works[p.ID].free(p.AvailableOn); free {
			continue
		}
		if q, ok := s.feed.person(p, work{}, s.today()); ok && !s.beyond(p, l) {
			by[p.ID], hired = p, append(hired, q)
		}
	}
	out := []PersonHead{}
	for _, m := range s.rules.Scan(s.feed.asked(l), hired, nil, asOf, journeys.Options{}).Matches {
		id := people.ID(m.Person)
		out = append(out, s.personHead(by[id], works[id]))
	}
	slices.SortFunc(out, func(a, b PersonHead) int { return cmp.Compare(a.Code, b.Code) })
	return out, nil
}
