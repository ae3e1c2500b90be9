package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
	"maillage/opportunities"
)

// Match is what is kept of a pair.
type Match struct {
	ID           int64      `json:"id"`
	Lot          int64      `json:"lot"`
	Organisation int64      `json:"organisation"`
	State        string     `json:"state" enum:"proposed,withdrawn"`
	Reason       string     `json:"reason,omitempty" doc:"Why it was withdrawn."`
	Score        int        `json:"score"`
	Confidence   int        `json:"confidence"`
	Reply        string     `json:"reply,omitempty" enum:"interested,not_for_us"`
	ReplyMotive  string     `json:"reply_motive,omitempty"`
	ReplyNote    string     `json:"reply_note,omitempty"`
	RepliedAt    *time.Time `json:"replied_at,omitempty"`
	ProposedAt   time.Time  `json:"first_proposed_at"`
	ComputedAt   time.Time  `json:"computed_at"`
}

// ReplyInput is what an enterprise says to a match.
type ReplyInput struct {
	Reply  string `json:"reply" enum:"interested,not_for_us"`
	Motive string `json:"motive,omitempty" enum:"too_far,not_our_trade,too_large,too_short,team_taken,price,other" doc:"Of not_for_us: required then."`
	Note   string `json:"note,omitempty" maxLength:"2000" doc:"A word for the network."`
}

// Ranking is an explained answer, one page of it.
type Ranking struct {
	Link string `header:"Link" doc:"rel=\"next\": the next page."`
	Body matching.Answer
}

// RankingInput bounds a question.
type RankingInput struct {
	At
	ID    int64     `path:"id" minimum:"1"`
	AsOf  time.Time `query:"as_of" doc:"As of this instant; now if absent."`
	Limit int       `query:"limit" minimum:"1" maximum:"200" default:"20"`
	After int       `query:"after" minimum:"0" doc:"Rank after which the page begins."`
	Near  int       `query:"near" minimum:"0" maximum:"50" default:"5" doc:"Near misses wanted."`
	Apart int       `query:"apart" minimum:"0" maximum:"50" default:"5" doc:"Enterprises that cover the place, trade to be specified."`
}

func (in RankingInput) query() matching.Query {
	return matching.Query{AsOf: in.AsOf, Limit: in.Limit, After: in.After, Near: in.Near, Apart: in.Apart}
}

func (s *Server) matches() {
	add(s, Operation{ID: "list-lot-matches", Method: http.MethodGet, Path: "/v1/lots/{id}/matches", Tag: tagMatches, Action: accounts.MatchesOfLot,
		Summary: "Who can answer a lot, and why", About: "Ranked, with each criterion in words; then the near misses with what would change them, and the enterprises whose trade is to be specified. The figures of a capacity are for those who may read the enterprise in private: others have the state (capacity.withheld)."}, s.lotMatches)
	add(s, Operation{ID: "list-organisation-matches", Method: http.MethodGet, Path: "/v1/organisations/{id}/matches", Tag: tagMatches, Action: accounts.MatchesOfOrganisation,
		Summary: "Which lots suit an enterprise, and why"}, s.organisationMatches)
	add(s, Operation{ID: "get-match", Method: http.MethodGet, Path: "/v1/matches/{id}", Tag: tagMatches, Action: accounts.MatchRead, Summary: "Read a match"}, s.getMatch)
	if s.cfg.Followup == nil {
		return
	}
	add(s, Operation{ID: "answer-match", Method: http.MethodPut, Path: "/v1/matches/{id}/answer", Tag: tagMatches, Action: accounts.MatchAnswer,
		Summary: "Answer a match", Example: `{"reply":"not_for_us","motive":"team_taken","note":"Nos équipes sont prises jusqu'en mars."}`, About: "Interested, or not for us and why: the short form of step-pursuit. The enterprise may change its mind; a match that no longer holds cannot be answered (409)."}, s.answerMatch)
}

func (s *Server) lotMatches(ctx context.Context, in *RankingInput) (*Ranking, error) {
	o, l, err := s.visibleLot(ctx, opportunities.LotID(in.ID))
	if err == nil {
		err = accounts.Allow(accounts.From(ctx), accounts.MatchesOfLot, s.scopeOfLot(o, l))
	}
	if err != nil {
		return nil, err
	}
	answer, err := s.cfg.Matching.MatchesOfLot(ctx, l.ID, in.query())
	if err != nil {
		return nil, err
	}
	return s.ranking(ctx, in.at, answer)
}

// scopeOfLot is the opportunity's, where the lot is done.
func (s *Server) scopeOfLot(o *opportunities.Opportunity, l *opportunities.Lot) accounts.Scope {
	only := *o
	only.Lots = []opportunities.Lot{*l}
	return s.scopeOfOpportunity(&only)
}

// scopeOfLotID is that of the lot of this id.
func (s *Server) scopeOfLotID(ctx context.Context, id opportunities.LotID) (accounts.Scope, error) {
	l, err := s.cfg.Opportunities.Lot(ctx, id)
	if err != nil {
		return accounts.Scope{}, err
	}
	o, err := s.cfg.Opportunities.Get(ctx, l.OpportunityID)
	if err != nil {
		return accounts.Scope{}, err
	}
	return s.scopeOfLot(o, l), nil
}

func (s *Server) organisationMatches(ctx context.Context, in *struct {
	RankingInput
	Passed   bool `query:"passed" doc:"Also lots whose deadline has passed, and needs whose places are all taken."`
	Expected bool `query:"expected" doc:"Also the calls that nobody has published yet, foreseen from awards."`
}) (*Ranking, error) {
	o, err := s.cfg.Network.Get(ctx, network.ID(in.ID))
	if err == nil {
		err = accounts.Allow(accounts.From(ctx), accounts.MatchesOfOrganisation, o.Scope(s.cfg.Atlas))
	}
	if err != nil {
		return nil, err
	}
	q := in.query()
	q.Passed, q.Expected = in.Passed, in.Expected
	answer, err := s.cfg.Matching.MatchesOfOrganisation(ctx, o.ID, q)
	if err != nil {
		return nil, err
	}
	return s.ranking(ctx, in.at, answer)
}

// ranking keeps to the enterprise and to those who look after it how large it
// is and why it declined: the buyer learns that it did, not why.
func (s *Server) ranking(ctx context.Context, at address, a *matching.Answer) (*Ranking, error) {
	may, err := s.privateTo(ctx, a)
	if err != nil {
		return nil, err
	}
	id, out := accounts.From(ctx), &Ranking{Body: *a.WithoutPrivate(may)}
	for i := range out.Body.Matches {
		if m := &out.Body.Matches[i]; !confides(id, int64(m.Organisation.ID)) {
			m.ReplyReason, m.ReplyNote = "", ""
		}
	}
	if a.Next > 0 {
		out.Link = at.links(strconv.Itoa(a.Next))
	} else {
		out.Link = at.links("")
	}
	return out, nil
}

// privateTo tells of which enterprises of an answer the caller reads what is
// not published, as GET /v1/organisations/{id} shows it.
func (s *Server) privateTo(ctx context.Context, a *matching.Answer) (func(network.ID) bool, error) {
	id, seen := accounts.From(ctx), map[network.ID]bool{}
	var asked []network.ID
	for _, m := range a.Matches {
		asked = append(asked, m.Organisation.ID)
	}
	for _, m := range a.Near {
		asked = append(asked, m.Organisation.ID)
	}
	slices.Sort(asked)
	rows, err := s.cfg.Network.LoadForMatching(ctx, slices.Compact(asked)...)
	if err != nil {
		return nil, err
	}
	for _, o := range rows {
		seen[o.ID] = accounts.Can(id, accounts.OrganisationPrivate, o.Scope(s.cfg.Atlas))
	}
	return func(o network.ID) bool { return seen[o] }, nil
}

func confides(id accounts.Identity, organisation int64) bool {
	return id.Role == accounts.Admin || id.Role == accounts.Officer || id.OrganisationID == organisation
}

func (s *Server) getMatch(ctx context.Context, in *ByID) (*Found[Match], error) {
	m, err := s.cfg.Matching.Get(ctx, matching.ID(in.ID))
	if err != nil {
		return nil, err
	}
	scope, err := s.scopeOfMatch(ctx, m)
	if err != nil {
		return nil, err
	}
	if err := accounts.Allow(accounts.From(ctx), accounts.MatchRead, scope); err != nil {
		return nil, err
	}
	return found(showMatch(accounts.From(ctx), m)), nil
}

// scopeOfMatch is the enterprise's and the buyer's, where the lot is done.
func (s *Server) scopeOfMatch(ctx context.Context, m *matching.Match) (accounts.Scope, error) {
	scope, err := s.scopeOfLotID(ctx, m.LotID)
	if err != nil {
		return accounts.Scope{}, err
	}
	scope.Organisations = append(scope.Organisations, int64(m.OrganisationID))
	return scope, nil
}

func (s *Server) answerMatch(ctx context.Context, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body ReplyInput
}) (*Found[Match], error) {
	m, err := s.cfg.Matching.Get(ctx, matching.ID(in.ID))
	if err != nil {
		return nil, err
	}
	id := accounts.From(ctx)
	if err := accounts.Allow(id, accounts.MatchAnswer, accounts.Of(int64(m.OrganisationID))); err != nil {
		return nil, hidden(err, m.ID)
	}
	if _, err := s.cfg.Followup.Reply(ctx, m.ID, 0, in.Body.step()); err != nil {
		return nil, err
	}
	if m, err = s.cfg.Matching.Get(ctx, m.ID); err != nil {
		return nil, err
	}
	return found(showMatch(id, m)), nil
}

// step is an answer in one word, as the life of a match has it.
func (in ReplyInput) step() followup.Step {
	to := followup.Interested
	if in.Reply == string(matching.NotForUs) {
		to = followup.Declined
	}
	return followup.Step{To: to, Reason: followup.Reason(in.Motive), Note: in.Note}
}

// hidden makes another enterprise's match one that is not there.
func hidden(err error, id any) error {
	if fault.Is(err, fault.KindForbidden) {
		return fault.NotFound("match", id)
	}
	return err
}

func showMatch(id accounts.Identity, m *matching.Match) Match {
	out := Match{ID: int64(m.ID), Lot: int64(m.LotID), Organisation: int64(m.OrganisationID), State: string(m.State), Reason: m.Reason, Score: m.Score,
		Confidence: m.Confidence, Reply: string(m.Reply), RepliedAt: utc(m.RepliedAt), ProposedAt: m.FirstProposedAt.UTC(), ComputedAt: m.ComputedAt.UTC()}
	if confides(id, int64(m.OrganisationID)) {
		out.ReplyMotive, out.ReplyNote = string(m.ReplyReason), m.ReplyNote
	}
	return out
}
