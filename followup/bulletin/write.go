package bulletin

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/internal/fault"
	"maillage/internal/mail"
	"maillage/internal/store"
	"maillage/matching"
	"maillage/opportunities"
)

// recent is how old a proposal may be and still be told by these letters: what is
// older is reminded of by others. Where the letters of a week were missed it may be as
// old as those before them.
const recent = 14 * 24 * time.Hour

// Write makes the letters that are due, and tells how many. It is a job's: what is due
// is computed from the facts and the ledger, so a run that was missed is made up for
// by the next, and one that runs twice, or in several processes, tells nothing twice.
// The letters of a week leave on its first working day or, where that was missed, on the
// next one: what came up meanwhile waits for the next week.
func (s *Service) Write(ctx context.Context) (int, error) {
	now := s.now()
	last, next := s.Opportunities.Weekly(now)
	made := 0
	var failed []error
	count := func(n int, err error) {
		made += n
		failed = append(failed, err)
	}
	since, err := s.since(ctx, now, week(last))
	if err != nil {
		return 0, err
	}
	count(s.members(ctx, Alert, window{now, since, now, &next}, ""))
	if s.Opportunities.Leaves(now) {
		until := now
		if week(last) != week(now) {
			until = last
		}
		count(s.members(ctx, Members, window{now, since, until, nil}, week(last)))
		count(s.partners(ctx, week(last), until))
	}
	return made, errors.Join(failed...)
}

// since is when the oldest proposals were made that letters still tell.
func (s *Service) since(ctx context.Context, now time.Time, key string) (time.Time, error) {
	since := now.Add(-recent)
	before, err := lastBefore(ctx, s.Store.Read(), key)
	if err != nil || before.IsZero() || before.After(since) {
		return since, err
	}
	return before, nil
}

// window is which matches a letter may tell at an instant: those proposed after since,
// until, and whose deadline falls before.
type window struct {
	now, since, until time.Time
	before            *time.Time // nil: whatever their deadline
}

// members makes the letters of those whose enterprise has matches that no letter told
// them.
func (s *Service) members(ctx context.Context, audience Audience, w window, key string) (made int, err error) {
	all, err := untold(ctx, s.Store.Read(), w)
	if err != nil {
		return 0, err
	}
	held := map[int64]bool{}
	if audience == Members {
		if held, err = heldFor(ctx, s.Store.Read(), key); err != nil {
			return 0, err
		}
	}
	var failed []error
	for start := 0; start < len(all); {
		end := start
		for end < len(all) && all[end].UserID == all[start].UserID {
			end++
		}
		part := all[start:end]
		start = end
		if held[part[0].Organisation] {
			continue
		}
		done, err := s.tell(ctx, audience, cmp.Or(key, strconv.FormatInt(newest(part), 10)), part)
		if done {
			made++
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("write the letter of account %d: %w", part[0].UserID, err))
		}
	}
	return made, errors.Join(failed...)
}

func newest(part []fresh) (last int64) {
	for _, f := range part {
		last = max(last, f.Event)
	}
	return last
}

// errMeanwhile says that another process told the same.
var errMeanwhile = errors.New("told meanwhile")

// tell writes the letter and the ledger of one person, and asks for it to be sent. What
// a letter of another kind told them is written in the ledger alone.
func (s *Service) tell(ctx context.Context, audience Audience, key string, part []fresh) (made bool, err error) {
	user := part[0].UserID
	err = s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		open, err := daily.Turn(ctx, tx, user, week(s.now()))
		if err != nil || !open && audience != Alert { // an alert is no part of the letter of the day
			return err
		}
		rest, err := s.elsewhere(ctx, tx, part)
		if err != nil || len(rest) == 0 {
			return err
		}
		l := &Letter{Audience: audience, UserID: &user, Key: key, MadeAt: s.now()}
		if err := insertLetter(ctx, tx, l); err != nil {
			return err
		}
		n, err := insertTold(ctx, tx, &l.ID, rest)
		if err != nil {
			return err
		}
		if n == 0 {
			return errMeanwhile
		}
		if err := opportunities.Named(ctx, tx, user, calls(rest)...); err != nil {
			return err
		}
		made = true
		if audience == Alert {
			return tx.Enqueue(ctx, SendLetter{l.ID})
		}
		return s.Leave(ctx, tx, user, SendLetter{l.ID})
	})
	if errors.Is(err, errMeanwhile) {
		return false, nil
	}
	return made && err == nil, err
}

func calls(part []fresh) []opportunities.ID {
	ids := make([]opportunities.ID, len(part))
	for i, f := range part {
		ids[i] = f.Opportunity
	}
	return ids
}

// elsewhere writes in the ledger those matches that another letter told since they were
// proposed: a reminder, or a letter of searches of that day or later, which names the
// call. The latter becomes notified, as if this letter had named it. It gives the rest.
func (s *Service) elsewhere(ctx context.Context, tx store.Tx, part []fresh) (rest []fresh, err error) {
	reminded, err := remindedOf(ctx, tx, part)
	if err != nil {
		return nil, err
	}
	days, err := opportunities.SearchLetterOn(ctx, tx, part[0].UserID, calls(part)...)
	if err != nil {
		return nil, err
	}
	var known []fresh
	var named []matching.ID
	for _, f := range part {
		switch searched := days[f.Opportunity] >= week(f.At); {
		case reminded[f.Match]:
			known = append(known, f)
		case searched:
			known, named = append(known, f), append(named, f.Match)
		default:
			rest = append(rest, f)
		}
	}
	if _, err := insertTold(ctx, tx, nil, known); err != nil {
		return nil, err
	}
	slices.Sort(named)
	return rest, s.Followup.Tell(ctx, tx, named...)
}

// partners makes the letters of the associations that agreed to theirs, for who confirmed
// until an instant.
func (s *Service) partners(ctx context.Context, key string, until time.Time) (made int, err error) {
	all, err := readers(ctx, s.Store.Read(), key, until)
	if err != nil {
		return 0, err
	}
	for _, id := range all {
		err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
			l := &Letter{Audience: Partners, PartnerID: &id, Key: key, MadeAt: s.now()}
			if err := insertLetter(ctx, tx, l); err != nil {
				return err
			}
			return tx.Enqueue(ctx, SendLetter{l.ID})
		})
		switch {
		case errors.Is(err, errMeanwhile):
		case err != nil:
			return made, err
		default:
			made++
		}
	}
	return made, nil
}

// Writer puts letters in somebody's words. stop is the secret of the address that
// ends them.
type Writer interface {
	Bulletin(lang, name string, i Issue, stop string) mail.Letter
	Confirm(lang, from, secret string) mail.Letter
}

// SendLetter asks for one letter. It carries a number only: the secret that ends such
// letters is drawn when it is written.
type SendLetter struct {
	ID LetterID `json:"id"`
}

// Kind names the job.
func (SendLetter) Kind() string { return "bulletin.letter" }

// JobOptions puts these letters behind those that somebody is waiting for.
func (SendLetter) JobOptions() store.Options { return store.Options{Priority: 3, Attempts: 12} }

// shownMost is how many matches a letter names.
const shownMost = 12

// DeliverLetter writes and sends one letter, and notes in their events that the matches
// it names were told. What was answered since, or can no longer be, is left out; with
// nothing left, or a reader who wants none, no letter goes. Run again after it was sent
// it does nothing; a process killed between the sending and its trace sends it again
// under the same Message-ID. An address refused for good is mail.ErrRefused.
func (s *Service) DeliverLetter(ctx context.Context, job SendLetter) error {
	if s.Mail == nil || s.Words == nil {
		return errors.New("deliver a letter of the week: no way to write and send mail was given")
	}
	l, to, issue, err := s.holds(ctx, job)
	if err != nil || l == nil {
		return err
	}
	if err := s.send(ctx, l, *to, issue); err != nil {
		return fmt.Errorf("deliver letter of the week %d: %w", l.ID, err)
	}
	return nil
}

// Compose is the same letter as a part of the letter of the day; nil: nothing is left.
func (s *Service) Compose(ctx context.Context, job SendLetter, stop string) (*daily.Draft, error) {
	l, to, issue, err := s.holds(ctx, job)
	if err != nil || l == nil {
		return nil, err
	}
	return &daily.Draft{Letter: s.Words.Bulletin(to.lang, to.name, *issue, stop), Sent: func(ctx context.Context) error { return s.left(ctx, l, issue) }}, nil
}

// holds reads what a letter says now, and to whom; no letter: nothing is left to send.
func (s *Service) holds(ctx context.Context, job SendLetter) (*Letter, *addressee, *Issue, error) {
	l, err := letterBy(ctx, s.Store.Read(), "bl.id = ?", job.ID)
	if fault.Is(err, fault.KindNotFound) || err == nil && !l.SentAt.IsZero() {
		return nil, nil, nil, nil
	}
	if err != nil {
		return nil, nil, nil, err
	}
	to, issue, err := s.issue(ctx, l)
	if err != nil || to == nil || issue.Count() == 0 || l.UserID != nil && len(issue.Matches) == 0 {
		return nil, nil, nil, err
	}
	return l, to, issue, nil
}

// addressee is who reads a letter.
type addressee struct{ email, name, lang string }

// issue is what a letter holds, and for whom; nobody where they want none any more.
func (s *Service) issue(ctx context.Context, l *Letter) (*addressee, *Issue, error) {
	if l.PartnerID != nil {
		p, err := partnerBy(ctx, s.Store.Read(), "bp.id = ?", *l.PartnerID)
		if err != nil || !p.Reads() {
			return nil, nil, gone(err)
		}
		e, err := edition(ctx, s.Store.Read(), l.Key, Partners, p.OrganisationID)
		if err != nil {
			return nil, nil, err
		}
		out, err := s.public(ctx, e, p.Territory)
		return &addressee{email: p.Email, lang: p.Lang}, out, err
	}
	u, err := member(ctx, s.Store.Read(), *l.UserID)
	if err != nil {
		return nil, nil, gone(err)
	}
	out := &Issue{Audience: l.Audience}
	if l.Audience == Members {
		e, err := editionFor(ctx, s.Store.Read(), l.Key, u.OrganisationID)
		if err != nil {
			return nil, nil, err
		}
		if out, err = s.public(ctx, e, s.around(ctx, u.OrganisationID)); err != nil {
			return nil, nil, err
		}
		out.Calls = nil // a member's calls are those that suit them
	}
	return &addressee{string(u.Email), u.Name, u.Lang}, out, s.matches(ctx, l, out)
}

// around is the département of an enterprise, of which its letter tells what is public.
func (s *Service) around(ctx context.Context, id int64) string {
	commune, err := communeOf(ctx, s.Store.Read(), id)
	if err != nil {
		return ""
	}
	ord, ok := s.Atlas.Ordinal(commune)
	if !ok {
		return ""
	}
	return fmt.Sprintf(`{"territory":"departement:%s"}`, s.Atlas.Commune(ord).Departement)
}

// matches reads those that a letter tells and that still wait for an answer.
func (s *Service) matches(ctx context.Context, l *Letter, out *Issue) error {
	rows, err := toldBy(ctx, s.Store.Read(), l.ID, s.now())
	if err != nil {
		return err
	}
	ids := make([]opportunities.LotID, len(rows))
	for i, r := range rows {
		ids[i] = r.Lot
	}
	lots, err := s.Opportunities.Lots(ctx, ids...)
	if err != nil {
		return err
	}
	heads := map[opportunities.LotID]matching.LotHead{}
	for _, lot := range lots {
		heads[lot.ID] = s.Matching.LotHead(lot, s.now())
	}
	for _, r := range rows {
		if len(out.Matches) == shownMost {
			out.Others++
			continue
		}
		out.Matches, out.MatchIDs = append(out.Matches, heads[r.Lot]), append(out.MatchIDs, r.Match)
	}
	return nil
}

func (s *Service) send(ctx context.Context, l *Letter, to addressee, issue *Issue) error {
	secret, err := accounts.NewSecret(rand.Reader)
	if err != nil {
		return err
	}
	l.Link = accounts.SecretDigest(secret)
	if err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return setLetter(ctx, tx, l, "link") }); err != nil {
		return err
	}
	m, err := s.Words.Bulletin(to.lang, to.name, *issue, secret).Message(to.email, to.name)
	if err != nil {
		return err
	}
	m.Key = "bulletin-" + strconv.FormatInt(int64(l.ID), 10)
	if err := s.Mail.Send(ctx, m); err != nil {
		return err
	}
	return s.left(context.WithoutCancel(ctx), l, issue)
}

// left notes that a letter is with a mail server.
func (s *Service) left(ctx context.Context, l *Letter, issue *Issue) error {
	l.SentAt = s.now()
	ids := slices.Clone(issue.MatchIDs)
	slices.Sort(ids) // held in one order by all who hold several
	return s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		if err := setLetter(ctx, tx, l, "sent_at"); err != nil {
			return err
		}
		return s.Followup.Tell(ctx, tx, ids...)
	})
}

// Stoppable tells whether the secret of a letter would end anything: false once it did;
// fault.NotFound where it is none.
func (s *Service) Stoppable(ctx context.Context, secret string) (bool, error) {
	l, err := letterBy(ctx, s.Store.Read(), "bl.link = ?", accounts.SecretDigest(secret))
	if err != nil {
		return false, err
	}
	if l.PartnerID != nil {
		p, err := partnerBy(ctx, s.Store.Read(), "bp.id = ?", *l.PartnerID)
		return err == nil && p.Reads(), gone(err)
	}
	silent, err := silentNow(ctx, s.Store.Read(), *l.UserID)
	return !silent, err
}

// Stop ends the letters of whom one was written to, by the secret in it, without
// signing in. Again changes nothing.
func (s *Service) Stop(ctx context.Context, secret string) error {
	err := s.Store.InTx(ctx, func(ctx context.Context, tx store.Tx) error {
		l, err := letterBy(ctx, tx, "bl.link = ?", accounts.SecretDigest(secret))
		if err != nil {
			return err
		}
		var changed bool
		entry := accounts.Entry{At: s.now(), Action: accounts.LetterStop, Entity: "letter", EntityID: int64(l.ID), Fields: []string{"bulletin"}}
		if l.PartnerID != nil {
			changed, err = endPartner(ctx, tx, *l.PartnerID, s.now())
		} else {
			changed, err = silence(ctx, tx, *l.UserID, s.now())
		}
		if err != nil || !changed {
			return err
		}
		return accounts.Audit(accounts.With(ctx, accounts.Nobody()), tx, entry)
	})
	if err != nil {
		return fmt.Errorf("stop letters of the week: %w", err)
	}
	return nil
}

// Silence ends the letters of somebody, who acts through the end of their letter of the day.
func (s *Service) Silence(ctx context.Context, tx store.Tx, user accounts.UserID) error {
	changed, err := silence(ctx, tx, user, s.now())
	if err != nil || !changed {
		return err
	}
	return accounts.Audit(ctx, tx, accounts.Entry{At: s.now(), Action: accounts.LetterStop, Entity: "user", EntityID: int64(user), Fields: []string{"bulletin"}})
}

func gone(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return nil
	}
	return err
}
