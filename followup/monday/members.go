package monday

import (
	"cmp"
	"context"
	"slices"

	"maillage/followup"
	"maillage/followup/contacts"
	"maillage/followup/quality"
	"maillage/matching/engine"
	"maillage/opportunities"
)

// silent are the members to call, the longest silence first.
func (s *Service) silent(ctx context.Context, w *Week) error {
	lines, err := s.Followup.List(ctx, followup.Filter{States: []followup.State{followup.Notified, followup.Seen, followup.Interested}})
	if err != nil {
		return err
	}
	now := s.now()
	for _, l := range lines {
		days := engine.WorkingDays(l.Since, now, s.paris)
		if days >= Patience && l.Holds && !l.Late && l.Lot.State == opportunities.Published && (l.Lot.Deadline == nil || l.Lot.Deadline.After(now)) {
			w.Silent = append(w.Silent, Silent{Line: l, Days: days})
		}
	}
	slices.SortStableFunc(w.Silent, func(a, b Silent) int { return cmp.Compare(b.Days, a.Days) })
	w.Silent = w.Silent[:min(len(w.Silent), most)]
	return nil
}

// promises are those to keep by the end of the span, the soonest first.
func (s *Service) promises(ctx context.Context, w *Week) error {
	lines, err := s.Contacts.List(ctx, contacts.Filter{Promised: true})
	for _, l := range lines {
		if l.PromisedFor <= w.Until && len(w.Promises) < most {
			w.Promises = append(w.Promises, l)
		}
	}
	return err
}

// answers are those that are decided or being written, whose deadline comes by
// the end of the span; one whose deadline is past is on the board.
func (s *Service) answers(ctx context.Context, w *Week) error {
	lines, err := s.Followup.List(ctx, followup.Filter{States: []followup.State{followup.Go, followup.Answering}})
	if err != nil {
		return err
	}
	now, end := s.now(), s.end()
	for _, l := range lines {
		if d := l.Lot.Deadline; d != nil && d.After(now) && !d.After(end) && len(w.Lapsing.Answers) < most {
			w.Lapsing.Answers = append(w.Lapsing.Answers, l)
		}
	}
	return nil
}

// certificates are those whose last day comes by the end of the span.
func (s *Service) certificates(ctx context.Context, w *Week) error {
	rows, err := s.Quality.List(ctx, quality.Filter{Within: 1})
	for _, r := range rows {
		if r.Until >= w.On && r.Until <= w.Until && len(w.Lapsing.Certificates) < most {
			w.Lapsing.Certificates = append(w.Lapsing.Certificates, r)
		}
	}
	return err
}
