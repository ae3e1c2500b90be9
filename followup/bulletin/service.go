package bulletin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/followup"
	"maillage/followup/agenda"
	"maillage/followup/questions"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// Config is what the service needs. Now defaults to time.Now. Mail and Words are for
// the process that writes letters.
type Config struct {
	Store         *store.Store
	Atlas         *territories.Atlas
	Now           func() time.Time
	Network       *network.Service
	Opportunities *opportunities.Service
	Matching      *matching.Service
	Followup      *followup.Service
	Agenda        *agenda.Service
	Questions     *questions.Service
	Mail          mail.Sender
	Words         Writer
	Leave         daily.Leave // how members' letters of the week leave; default alone
}

// Service holds the use cases. Each write is one transaction, and may run twice.
type Service struct{ Config }

// NewService makes a service over the nouns given.
func NewService(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Leave == nil {
		cfg.Leave = daily.Alone
	}
	return &Service{cfg}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// week names the letters of a morning by its civil day of Paris.
func week(morning time.Time) string { return morning.In(engine.Paris()).Format(time.DateOnly) }

// wordMost bounds the word of an association.
const wordMost = 2000

// Next is the letter of who asks for the next week, as it stands: what an association
// said of it, and what a reader of its perimeter would have. A members' one shows what
// is public: what else it holds is each enterprise's own.
func (s *Service) Next(ctx context.Context, audience Audience) (*Edition, *Issue, error) {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.BulletinRead, accounts.Of(me.OrganisationID)); err != nil {
		return nil, nil, err
	}
	_, next := s.Opportunities.Weekly(s.now())
	e, err := edition(ctx, s.Store.Read(), week(next), audience, me.OrganisationID)
	if err != nil {
		return nil, nil, err
	}
	issue, err := s.public(ctx, e, me.PerimeterExpr)
	return e, issue, err
}

// Decide writes the word of an association and what it says of its next letter.
// revision is the one that was read.
func (s *Service) Decide(ctx context.Context, audience Audience, revision int64, word string, d Decision) error {
	me := accounts.From(ctx)
	if err := accounts.Allow(me, accounts.BulletinDecide, accounts.Of(me.OrganisationID)); err != nil {
		return err
	}
	word = strings.TrimSpace(word)
	var faults fault.List
	faults.At(utf8.RuneCountInString(word) > wordMost, "word", "length", "2 000 caractères au plus.", "2,000 characters at most.")
	faults.At(audience != Members && audience != Partners || d != None && d != Agreed && d != Held, "decision", "choice", "Choisissez parmi ce qui est proposé.", "Choose among what is offered.")
	if err := faults.Err(); err != nil {
		return err
	}
	_, next := s.Opportunities.Weekly(s.now())
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := tx.Alone(ctx, "bulletin"); err != nil {
			return err
		}
		e, err := edition(ctx, tx, week(next), audience, me.OrganisationID)
		if err != nil {
			return err
		}
		if e.Revision != revision {
			return fault.Stale()
		}
		e.Word, e.Decision, e.DecidedBy, e.Revision, e.UpdatedAt = word, d, me.Actor(), revision+1, s.now()
		if err := keepEdition(ctx, tx, e); err != nil {
			return err
		}
		return accounts.Audit(ctx, tx, accounts.Entry{At: e.UpdatedAt, Action: accounts.BulletinDecide, Entity: "bulletin", EntityID: me.OrganisationID, Fields: []string{string(audience), string(d)}})
	})
	if err != nil {
		return fmt.Errorf("decide of a letter: %w", err)
	}
	return nil
}

// What a letter tells of what is public.
const (
	callsMost   = 8
	eventsMost  = 5
	answersMost = 3
	ahead       = 21 * 24 * time.Hour
	pagesRead   = 10 // of 200 calls, the soonest deadline first
)

// public reads what a visitor may read of a territory (empty: everywhere): the calls
// of the week, the events to come, the answers of the legal desk.
func (s *Service) public(ctx context.Context, e *Edition, territory string) (*Issue, error) {
	visitor := accounts.With(ctx, accounts.Nobody())
	out := &Issue{Audience: e.Audience, Week: e.Week, Word: e.Word}
	var where territories.Expr
	if territory != "" {
		var err error
		if where, err = territories.ParseExpr([]byte(territory)); err != nil {
			return nil, fmt.Errorf("read the territory of a letter: %w", err)
		}
	}
	from, until, err := s.span(e.Week)
	if err != nil {
		return nil, err
	}
	if out.From, err = s.called(ctx, e.OrganisationID); err != nil {
		return nil, err
	}
	if out.Calls, err = s.published(visitor, where, from, until); err != nil {
		return nil, err
	}
	if out.Events, err = s.Agenda.List(visitor, agenda.Filter{Territory: where}); err != nil {
		return nil, err
	}
	out.Events = slices.DeleteFunc(out.Events, func(r agenda.Row) bool {
		return r.State != agenda.Published || r.StartsAt.After(s.now().Add(ahead))
	})
	out.Events = out.Events[:min(len(out.Events), eventsMost)]
	answers, err := s.Questions.Search(visitor, "", "")
	if err != nil {
		return nil, err
	}
	answers = slices.DeleteFunc(answers, func(p questions.Published) bool { return p.PublishedOn < week(from) })
	out.Answers = answers[:min(len(answers), answersMost)]
	return out, nil
}

// span is what a letter tells of what is public: from the letters of the week before to
// the end of its own day. Where it leaves later, what came meanwhile is the next one's.
func (s *Service) span(key string) (from, until time.Time, err error) {
	day, err := time.ParseInLocation(time.DateOnly, key, engine.Paris())
	if err != nil {
		return from, until, fmt.Errorf("read the day of a letter: %w", err)
	}
	from, _ = s.Opportunities.Weekly(day)
	return from, day.AddDate(0, 0, 1), nil
}

// published are the calls of a span that can be answered, the soonest deadline first.
func (s *Service) published(ctx context.Context, where territories.Expr, from, until time.Time) ([]*opportunities.Opportunity, error) {
	var out []*opportunities.Opportunity
	after := ""
	for range pagesRead {
		page, err := s.Opportunities.List(ctx, opportunities.Filter{Territory: where, Public: true, Open: true, PlaceKnown: !where.IsNowhere()}, opportunities.Request{After: after, Limit: 200})
		if err != nil {
			return nil, err
		}
		for _, o := range page.Items {
			if o.PublishedAt != nil && o.PublishedAt.After(from) && o.PublishedAt.Before(until) {
				out = append(out, o)
			}
		}
		if after = page.Next; after == "" || len(out) >= callsMost {
			break
		}
	}
	return out[:min(len(out), callsMost)], nil
}

// called is the name of an association; 0 is the federation, which needs none.
func (s *Service) called(ctx context.Context, id int64) (string, error) {
	if id == 0 {
		return "", nil
	}
	found, err := s.Network.LoadForMatching(ctx, network.ID(id))
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].Called(), nil
}
