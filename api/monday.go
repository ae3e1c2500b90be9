package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/monday"
	"maillage/opportunities"
)

// WeekView is what an officer has to do at the beginning of a week.
type WeekView struct {
	On         string            `json:"on" format:"date" doc:"Civil day of Paris on which it is read."`
	Until      string            `json:"until" format:"date" doc:"Last day of what lapses, included."`
	Notices    []WeekCall        `json:"notices" doc:"To sort, the latest first, forty at most."`
	More       bool              `json:"more_notices" doc:"There are more of them."`
	Mine       []SortEntry       `json:"mine" doc:"Assigned to the caller, and still open."`
	Sorted     []SortEntry       `json:"sorted" doc:"What the association sorted last, the latest first."`
	Colleagues []WeekColleague   `json:"colleagues" doc:"To whom a notice may be assigned."`
	Renewals   []WeekRenewal     `json:"renewals" doc:"Calls expected within six months, the soonest first."`
	Silent     []WeekAnswer      `json:"silent" doc:"Members told of an open lot, or interested, silent for five working days or more."`
	Promises   []ContactEntry    `json:"promises" doc:"To keep by then, late ones too."`
	Hours      []WeekCall        `json:"hours" doc:"Insertion hours that can still be filled."`
	Answers    []WeekAnswer      `json:"answers" doc:"Decided or being written, whose deadline comes."`
	Lapsing    []WeekCertificate `json:"certificates" doc:"Whose last day comes."`
	Unanswered []WeekCall        `json:"unanswered" doc:"Calls that close and that no enterprise is interested in."`
}

// WeekColleague is an officer of the same association.
type WeekColleague struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// WeekCall is a call to act on.
type WeekCall struct {
	ID          int64      `json:"id"`
	Kind        string     `json:"kind"`
	Title       string     `json:"title"`
	Buyer       string     `json:"buyer,omitempty"`
	Deadline    *time.Time `json:"deadline,omitempty"`
	Facilitator string     `json:"facilitator,omitempty" doc:"Who accompanies the clause, as written."`
}

// WeekRenewal is a call that is expected.
type WeekRenewal struct {
	WeekCall
	Expected string     `json:"expected_on" format:"date"`
	CalledAt *time.Time `json:"called_at,omitempty" doc:"The latest contact about it; absent: none was noted."`
}

// WeekAnswer is a member with a lot.
type WeekAnswer struct {
	Match        int64      `json:"match"`
	Organisation int64      `json:"organisation"`
	Name         string     `json:"name"`
	Lot          int64      `json:"lot"`
	Opportunity  string     `json:"opportunity"`
	State        string     `json:"state"`
	Since        time.Time  `json:"since"`
	Deadline     *time.Time `json:"deadline,omitempty"`
	Days         int        `json:"silent_days,omitempty" doc:"Working days since then."`
}

// WeekCertificate is a certificate that ends.
type WeekCertificate struct {
	ID           int64  `json:"id"`
	Organisation int64  `json:"organisation"`
	Name         string `json:"name"`
	Label        string `json:"label"`
	Until        string `json:"until" format:"date"`
}

func (s *Server) monday() {
	add(s, Operation{ID: "get-monday", Method: http.MethodGet, Path: "/v1/monday", Tag: tagFollowup, Action: accounts.MondayRead,
		Summary: "What there is to do this week", About: "In an officer's perimeter: renewals to call about, members to call, promises, hours to fill, what lapses within seven days."}, s.readMonday)
}

func (s *Server) readMonday(ctx context.Context, _ *struct{}) (*Found[WeekView], error) {
	w, err := s.cfg.Monday.Read(ctx)
	if err != nil {
		return nil, err
	}
	return found(showWeek(w)), nil
}

func showWeek(w *monday.Week) WeekView {
	out := WeekView{On: w.On, Until: w.Until, Notices: weekCalls(w.Notices), More: w.More, Mine: showSorts(w.Mine), Sorted: showSorts(w.Sorted), Colleagues: []WeekColleague{}, Renewals: []WeekRenewal{}, Silent: []WeekAnswer{}, Promises: []ContactEntry{}, Hours: weekCalls(w.Hours),
		Answers: []WeekAnswer{}, Lapsing: []WeekCertificate{}, Unanswered: weekCalls(w.Lapsing.Unanswered)}
	for _, one := range w.Colleagues {
		out.Colleagues = append(out.Colleagues, WeekColleague{ID: int64(one.ID), Name: one.Name})
	}
	for _, r := range w.Renewals {
		one := WeekRenewal{WeekCall: weekCall(r.Call), Expected: r.Call.ExpectedOn}
		if r.Last != nil {
			one.CalledAt = utc(&r.Last.At)
		}
		out.Renewals = append(out.Renewals, one)
	}
	for i := range w.Silent {
		one := weekAnswer(&w.Silent[i].Line)
		one.Days = w.Silent[i].Days
		out.Silent = append(out.Silent, one)
	}
	for i := range w.Promises {
		entry := showContact(&w.Promises[i].Contact)
		entry.Name = w.Promises[i].Name
		out.Promises = append(out.Promises, entry)
	}
	for i := range w.Lapsing.Answers {
		out.Answers = append(out.Answers, weekAnswer(&w.Lapsing.Answers[i]))
	}
	for _, r := range w.Lapsing.Certificates {
		out.Lapsing = append(out.Lapsing, WeekCertificate{ID: int64(r.ID), Organisation: r.OrganisationID, Name: r.Name, Label: string(r.Label.Code), Until: r.Until})
	}
	return out
}

func weekCalls(all []*opportunities.Opportunity) []WeekCall {
	out := []WeekCall{}
	for _, o := range all {
		out = append(out, weekCall(o))
	}
	return out
}

func weekCall(o *opportunities.Opportunity) WeekCall {
	out := WeekCall{ID: int64(o.ID), Kind: string(o.Kind), Title: o.Title, Buyer: o.BuyerName, Deadline: utc(o.Deadline)}
	if o.Insertion != nil {
		out.Facilitator = o.Insertion.Facilitator
	}
	return out
}

func weekAnswer(l *followup.Line) WeekAnswer {
	return WeekAnswer{Match: int64(l.MatchID), Organisation: int64(l.Organisation.ID), Name: l.Organisation.Name, Lot: int64(l.Lot.ID), Opportunity: l.Lot.Opportunity,
		State: string(l.State), Since: l.Since.UTC(), Deadline: utc(l.Lot.Deadline)}
}
