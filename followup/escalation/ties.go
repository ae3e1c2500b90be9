package escalation

import (
	"context"
	"slices"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/calls"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// Interested is an enterprise that answers a call of one's own, and waits.
type Interested struct {
	Call  opportunities.ID
	Title string
	Name  string // of the enterprise
	Word  string
}

// Ended is a call that one answered and that is closed.
type Ended struct {
	Call      opportunities.ID
	Title     string
	State     calls.State // of the answer
	Cancelled bool
}

// Asked is an enterprise that answers a lot and counts one's own among its partners.
type Asked struct {
	Match matching.ID // of one's own with the lot; 0: there is none
	Lot   matching.LotHead
	By    matching.OrganisationHead
	Role  followup.Role
}

// Awarded is an answer of which an award names the enterprise: nobody confirmed it.
type Awarded struct {
	Match matching.ID
	Lot   matching.LotHead
}

// Settled is an answer of one's own to a call, accepted or declined.
type Settled struct {
	Call  opportunities.ID
	Title string
	State calls.State
}

// endedFor is how long after a call closed, or an answer to it was settled, those who answered may
// still be told.
const endedFor = 60 * 24 * time.Hour

// interests tell who speaks for a call, once, of each answer to it; of one that was
// taken back and came again, again.
func (s *Service) interests(ctx context.Context, sc *scene) ([]*line, error) {
	rows, err := waitingInterests(ctx, s.Store.Read())
	if err != nil {
		return nil, err
	}
	return s.once(ctx, OfInterest, matters(rows, func(r *interest) matter {
		return matter{r.ID, Step(strconv.FormatInt(r.EventID, 10)), sc.owners(r), r.Deadline}
	}))
}

// owners are those who settle the answers to a call.
func (sc *scene) owners(i *interest) []stood {
	owners := i.owners()
	var all []*reader
	for _, id := range owners {
		all = append(all, sc.staff[id]...)
	}
	return sc.standing(all, func(r *reader) bool { return accounts.Can(r.Identity, accounts.InterestSettle, accounts.Of(owners...)) })
}

// settled tell who answered a call, once, that the answer is accepted or declined; again
// where it is settled otherwise.
func (s *Service) settled(ctx context.Context, sc *scene) ([]*line, error) {
	rows, err := settledInterests(ctx, s.Store.Read(), sc.now.Add(-endedFor))
	if err != nil {
		return nil, err
	}
	return s.once(ctx, OfSettled, matters(rows, func(r *interest) matter {
		return matter{r.ID, Step(strconv.FormatInt(r.EventID, 10)), sc.enterprise(int64(r.Organisation)), nil}
	}))
}

// ended tell those who answered a call, once, that it is closed; again where it was
// reopened.
func (s *Service) ended(ctx context.Context, sc *scene) ([]*line, error) {
	rows, err := closedInterests(ctx, s.Store.Read(), sc.now.Add(-endedFor))
	if err != nil {
		return nil, err
	}
	return s.once(ctx, OfClosed, matters(rows, func(r *interest) matter {
		return matter{r.ID, Step(strconv.FormatInt(r.EventID, 10)), sc.enterprise(int64(r.Organisation)), nil}
	}))
}

// partners tell an enterprise, once, that another one answers a lot with it. One that
// already told that it answers with the other knows.
func (s *Service) partners(ctx context.Context, sc *scene) ([]*line, error) {
	all, err := namingPartners(ctx, s.Store.Read(), nil)
	if err != nil {
		return nil, err
	}
	knows := map[opportunities.LotID]map[network.ID][]network.ID{} // the partners that each one told
	for _, n := range all {
		if knows[n.Lot] == nil {
			knows[n.Lot] = map[network.ID][]network.ID{}
		}
		knows[n.Lot][n.Organisation] = n.Partners
	}
	var out []matter
	for _, n := range all {
		for _, p := range n.Partners {
			if !slices.Contains(knows[n.Lot][p], n.Organisation) {
				out = append(out, matter{int64(n.Match), "named", sc.enterprise(int64(p)), n.Deadline})
			}
		}
	}
	return s.once(ctx, OfPartner, out)
}

// awards tell an enterprise, once, that an award names it: it is to confirm it.
func (s *Service) awards(ctx context.Context, sc *scene) ([]*line, error) {
	all, err := s.Followup.Named(accounts.With(ctx, accounts.TheSystem()))
	if err != nil {
		return nil, err
	}
	return s.once(ctx, OfAward, matters(all, func(l *followup.Line) matter {
		return matter{int64(l.MatchID), "named", sc.enterprise(int64(l.Organisation.ID)), nil}
	}))
}

// enterprise are the accounts of an enterprise, or who stands in for them; who wants
// no letters reads it on their pages.
func (sc *scene) enterprise(id int64) []stood {
	return sc.standing(sc.staff[id], func(r *reader) bool { return r.Role == accounts.Member && r.OrganisationID == id })
}

// matter is a step of something, and who is to be told of it.
type matter struct {
	id       int64
	step     Step
	to       []stood
	deadline *time.Time
}

// once makes the lines of what the ledger does not hold.
func (s *Service) once(ctx context.Context, subject Subject, all []matter) ([]*line, error) {
	ids := make([]int64, 0, len(all))
	for _, d := range all {
		ids = append(ids, d.id)
	}
	known, err := ledgerOf(ctx, s.Store.Read(), subject, ids)
	if err != nil {
		return nil, err
	}
	var out []*line
	for _, d := range all {
		out = append(out, one(subject, d.id, d.step, d.to, d.deadline, known[d.id])...)
	}
	return out, nil
}

func matters[T any](all []T, of func(*T) matter) []matter {
	out := make([]matter, 0, len(all))
	for i := range all {
		out = append(out, of(&all[i]))
	}
	return out
}

func (s *Service) interestPart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	if len(by[OfInterest]) == 0 {
		return nil
	}
	rows, err := waitingInterests(ctx, s.Store.Read())
	if err != nil {
		return err
	}
	for _, l := range by[OfInterest] {
		if r := find(rows, l); r != nil && d.names(l) {
			d.Interests = append(d.Interests, Interested{r.Call, r.Title, r.Name, r.Word})
		}
	}
	return nil
}

func (s *Service) endedPart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	if len(by[OfClosed]) == 0 {
		return nil
	}
	rows, err := closedInterests(ctx, s.Store.Read(), d.Letter.MadeAt.Add(-endedFor))
	if err != nil {
		return err
	}
	for _, l := range by[OfClosed] {
		if r := find(rows, l); r != nil && d.names(l) {
			d.Ended = append(d.Ended, Ended{r.Call, r.Title, r.State, r.CallState == opportunities.Cancelled})
		}
	}
	return nil
}

func (s *Service) settledPart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	if len(by[OfSettled]) == 0 {
		return nil
	}
	rows, err := settledInterests(ctx, s.Store.Read(), d.Letter.MadeAt.Add(-endedFor))
	if err != nil {
		return err
	}
	for _, l := range by[OfSettled] {
		if r := find(rows, l); r != nil && d.names(l) {
			d.Settled = append(d.Settled, Settled{r.Call, r.Title, r.State})
		}
	}
	return nil
}

// find is the row that a line is about, at the same step; nil: it is no longer so.
func find(rows []interest, l line) *interest {
	for i := range rows {
		if rows[i].ID == l.SubjectID && Step(strconv.FormatInt(rows[i].EventID, 10)) == l.Step {
			return &rows[i]
		}
	}
	return nil
}

// names tells whether a line that still holds is said in words; else it counts it.
func (d *Digest) names(l line) bool {
	if l.How == Counted {
		d.Others[l.Subject]++
	}
	return l.How != Counted
}

func (s *Service) partnerPart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	if len(by[OfPartner]) == 0 {
		return nil
	}
	to, err := recipient(ctx, s.Store.Read(), d.Letter.UserID)
	if err != nil {
		return gone(err)
	}
	me := network.ID(to.OrganisationID)
	var ids []matching.ID
	for _, l := range by[OfPartner] {
		ids = append(ids, matching.ID(l.SubjectID))
	}
	all, err := namingPartners(ctx, s.Store.Read(), ids)
	if err != nil {
		return err
	}
	var lots []opportunities.LotID
	var from []network.ID
	for _, n := range all {
		lots, from = append(lots, n.Lot), append(from, n.Organisation)
	}
	heads, err := s.lotHeads(ctx, lots)
	if err != nil {
		return err
	}
	found, err := s.Network.LoadForMatching(ctx, from...)
	if err != nil {
		return err
	}
	own, err := matchesOf(ctx, s.Store.Read(), me, lots)
	if err != nil {
		return err
	}
	for _, l := range by[OfPartner] {
		n := slices.IndexFunc(all, func(n naming) bool { return int64(n.Match) == l.SubjectID && slices.Contains(n.Partners, me) })
		if n < 0 || !d.names(l) {
			continue
		}
		for _, o := range found {
			if o.ID == all[n].Organisation {
				d.Asked = append(d.Asked, Asked{own[all[n].Lot], heads[all[n].Lot], s.Matching.OrganisationHead(o), all[n].Role})
			}
		}
	}
	return nil
}

func (s *Service) awardPart(ctx context.Context, d *Digest, by map[Subject][]line) error {
	if len(by[OfAward]) == 0 {
		return nil
	}
	all, err := s.Followup.Named(accounts.With(ctx, accounts.TheSystem()))
	if err != nil {
		return err
	}
	for _, l := range by[OfAward] {
		n := slices.IndexFunc(all, func(a followup.Line) bool { return int64(a.MatchID) == l.SubjectID })
		if n >= 0 && d.names(l) {
			d.Awards = append(d.Awards, Awarded{all[n].MatchID, all[n].Lot})
		}
	}
	return nil
}
