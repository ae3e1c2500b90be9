package questions

import (
	"context"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/indicators/estimate"
	"maillage/internal/fault"
	"maillage/matching/engine"
)

// Row is a question in a list, for who may read it.
type Row struct {
	Question
	Structure string
	Adviser   string // who took it; empty: nobody
	Published bool
}

// File is a question with its messages and what was published of it.
type File struct {
	Row
	Messages []Message
	Authors  map[accounts.UserID]string
	Text     *Published // nil: nothing was ever published of it
}

// Filter chooses questions; an empty field does not.
type Filter struct {
	States []State
	Themes []Theme
	Mine   bool // taken by who asks
}

// List gives the questions that who asks may read: a structure's own, those of an
// officer's perimeter. What waits for the desk comes first, the oldest at the
// head; then the others, the latest at the head.
func (s *Service) List(ctx context.Context, f Filter) ([]Row, error) {
	me := accounts.From(ctx)
	if err := accounts.Permits(me, accounts.QuestionRead); err != nil {
		return nil, err
	}
	all, err := questions(ctx, s.store.Read(), 0)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(q Question) bool {
		return s.allow(ctx, accounts.QuestionRead, &q) != nil || len(f.States) > 0 && !slices.Contains(f.States, q.State) || len(f.Themes) > 0 && !slices.Contains(f.Themes, q.Theme) || f.Mine && q.AdviserID != me.UserID
	})
	slices.SortStableFunc(all, func(a, b Question) int {
		switch {
		case a.Waits() != b.Waits():
			if a.Waits() {
				return -1
			}
			return 1
		case a.Waits():
			return a.AskedAt.Compare(b.AskedAt)
		}
		return b.AskedAt.Compare(a.AskedAt)
	})
	return s.rows(ctx, all)
}

func (s *Service) rows(ctx context.Context, all []Question) ([]Row, error) {
	db := s.store.Read()
	var organisations, users []int64
	for _, q := range all {
		organisations, users = append(organisations, q.OrganisationID), append(users, int64(q.AdviserID))
	}
	of, err := names(ctx, db, organisationNames, organisations)
	if err != nil {
		return nil, err
	}
	by, err := names(ctx, db, accountNames, users)
	if err != nil {
		return nil, err
	}
	shown, err := publishedQuestions(ctx, db)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(all))
	for i, q := range all {
		rows[i] = Row{Question: q, Structure: of[q.OrganisationID], Adviser: by[int64(q.AdviserID)], Published: slices.Contains(shown, q.ID)}
	}
	return rows, nil
}

// Get reads a question with its exchange. Another's is not there.
func (s *Service) Get(ctx context.Context, id ID) (*File, error) {
	db := s.store.Read()
	if err := accounts.Permits(accounts.From(ctx), accounts.QuestionRead); err != nil {
		return nil, err
	}
	q, err := questionBy(ctx, db, id)
	if err != nil {
		return nil, err
	}
	if s.allow(ctx, accounts.QuestionRead, q) != nil {
		return nil, fault.NotFound("question", id)
	}
	rows, err := s.rows(ctx, []Question{*q})
	if err != nil {
		return nil, err
	}
	out := &File{Row: rows[0], Authors: map[accounts.UserID]string{}}
	if out.Messages, err = messagesOf(ctx, db, id); err != nil {
		return nil, err
	}
	var writers []int64
	for _, m := range out.Messages {
		writers = append(writers, int64(m.AuthorID))
	}
	by, err := names(ctx, db, accountNames, writers)
	if err != nil {
		return nil, err
	}
	for n, name := range by {
		out.Authors[accounts.UserID(n)] = name
	}
	out.Text, err = publishedOf(ctx, db, id)
	return out, err
}

// Figures are how many questions were asked and how fast they were answered, in
// the perimeter of who asks. Days are working days of metropolitan France.
type Figures struct {
	ByTheme  []Count
	ByRegion []Count // by INSEE code; the empty one is not placed
	All      Count
}

// Count is the questions of a group.
type Count struct {
	Key      string
	Asked    int
	Answered int
	Waiting  int // still open: never answered, or opened again since
	Median   int // days within which half had a first answer, those that wait kept; -1: fewer than half had one
	Oldest   int // days since the oldest that waits was asked; -1: none waits
}

// Figures counts the questions asked since a day; zero: all.
func (s *Service) Figures(ctx context.Context, since time.Time) (*Figures, error) {
	if err := accounts.Permits(accounts.From(ctx), accounts.QuestionCount); err != nil {
		return nil, err
	}
	all, err := questions(ctx, s.store.Read(), 0)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(q Question) bool {
		return s.allow(ctx, accounts.QuestionCount, &q) != nil || q.AskedAt.Before(since)
	})
	out := &Figures{All: s.count("", all)}
	for _, t := range Themes() {
		if c := s.count(string(t), only(all, func(q *Question) bool { return q.Theme == t })); c.Asked > 0 {
			out.ByTheme = append(out.ByTheme, c)
		}
	}
	var regions []string
	for _, q := range all {
		if !slices.Contains(regions, q.Region) {
			regions = append(regions, q.Region)
		}
	}
	slices.Sort(regions)
	for _, r := range regions {
		out.ByRegion = append(out.ByRegion, s.count(r, only(all, func(q *Question) bool { return q.Region == r })))
	}
	return out, nil
}

func only(all []Question, keep func(*Question) bool) []Question {
	return slices.DeleteFunc(slices.Clone(all), func(q Question) bool { return !keep(&q) })
}

func (s *Service) count(key string, all []Question) Count {
	out := Count{Key: key, Asked: len(all), Median: -1, Oldest: -1}
	spells := make([]estimate.Spell, len(all))
	for i, q := range all {
		spells[i] = s.spell(&q)
		if spells[i].Event {
			out.Answered++
		}
		if q.State != Closed && q.State != Answered {
			out.Waiting++
			out.Oldest = max(out.Oldest, engine.WorkingDays(q.AskedAt, s.now(), s.paris))
		}
	}
	if curve, err := estimate.AalenJohansen(spells, .95); err == nil { // of no question there is none
		if median, _, told := curve.Median(); told {
			out.Median = int(median)
		}
	}
	return out
}

// spell is how long a question waited for its first answer: it has it, was closed
// without one, or waits still.
func (s *Service) spell(q *Question) estimate.Spell {
	until, answered := s.now(), !q.AnsweredAt.IsZero()
	shut := !answered && q.State == Closed
	switch {
	case answered:
		until = q.AnsweredAt
	case shut:
		until = q.ClosedAt
	}
	return estimate.Spell{Time: float64(engine.WorkingDays(q.AskedAt, until, s.paris)), Event: answered, Other: shut}
}
