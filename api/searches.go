package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// SearchInput is what a search keeps, all that is given must hold.
type SearchInput struct {
	Name       string          `json:"name" minLength:"1" maxLength:"120" example:"Espaces verts en Drôme"`
	Frequency  string          `json:"frequency,omitempty" enum:"daily,weekly,off" doc:"How often its news are written: each working day at seven in Paris, the first working day of each week, or never (if absent)."`
	Q          string          `json:"q,omitempty" maxLength:"200"`
	Codes      []string        `json:"codes,omitempty" maxItems:"50" example:"[\"sector:espaces-verts\"]"`
	Perimeter  *PerimeterInput `json:"perimeter,omitempty"`
	Clauses    []string        `json:"clauses,omitempty" maxItems:"6" enum:"reserved,execution,criterion,object,none,to_confirm"`
	ReservedTo []string        `json:"reserved_to,omitempty" maxItems:"5" enum:"siae,ea_esat,both,ess,prison"`
	Kinds      []string        `json:"kinds,omitempty" maxItems:"9" enum:"tender,private_purchase,job_need,insertion_hours,partner_call,takeover,mission,immersion,training_session"`
}

// Search is a saved search of the caller.
type Search struct {
	ID         int64           `json:"id"`
	Name       string          `json:"name"`
	Frequency  string          `json:"frequency" enum:"daily,weekly,off"`
	Q          string          `json:"q,omitempty"`
	Codes      []string        `json:"codes,omitempty"`
	Perimeter  json.RawMessage `json:"perimeter,omitempty"`
	Clauses    []string        `json:"clauses,omitempty"`
	ReservedTo []string        `json:"reserved_to,omitempty"`
	Kinds      []string        `json:"kinds,omitempty"`
	Linked     bool            `json:"linked" doc:"Whether secret addresses give its feeds."`
	CreatedAt  time.Time       `json:"created_at"`
}

// SearchFeeds are the secret addresses of a search, given once.
type SearchFeeds struct {
	Calendar string `json:"calendar" example:"/flux/…/echeances.ics"`
	News     string `json:"news" example:"/flux/…/marches.atom"`
	Table    string `json:"table" example:"/flux/…/marches.csv"`
}

func (s *Server) searches() {
	const one = "/v1/me/searches/{id}"
	read, write := accounts.HomeRead, accounts.AccountChange
	add(s, Operation{ID: "list-my-searches", Method: http.MethodGet, Path: "/v1/me/searches", Tag: tagAccounts, Action: read, Summary: "List my saved searches"}, s.listSearches)
	add(s, Operation{ID: "create-my-search", Method: http.MethodPost, Path: "/v1/me/searches", Tag: tagAccounts, Action: write, Status: http.StatusCreated, Summary: "Save a search",
		Example: `{"name":"Espaces verts en Drôme","frequency":"weekly","codes":["sector:espaces-verts"],"perimeter":{"words":"Drôme"}}`,
		About:   "Its news (new, changed, cancelled) come in one letter for all my searches; none without news.", Errors: []int{http.StatusConflict}}, s.createSearch)
	add(s, Operation{ID: "update-my-search", Method: http.MethodPatch, Path: one, Tag: tagAccounts, Action: write, Status: http.StatusNoContent,
		Summary: "Rename a search or change its letters", Example: `{"frequency":"daily"}`, About: "What is absent stays. News begin again from now when they were off."}, s.updateSearch)
	add(s, Operation{ID: "delete-my-search", Method: http.MethodDelete, Path: one, Tag: tagAccounts, Action: write, Status: http.StatusNoContent, Summary: "Delete a search", About: "Its secret addresses end with it."}, s.deleteSearch)
	add(s, Operation{ID: "link-my-search", Method: http.MethodPost, Path: one + "/feeds", Tag: tagAccounts, Action: write, Status: http.StatusCreated,
		Summary: "Draw the secret addresses of the feeds of a search", About: "Given once, for programs that cannot sign in; those before stop working."}, s.linkSearch)
	add(s, Operation{ID: "unlink-my-search", Method: http.MethodDelete, Path: one + "/feeds", Tag: tagAccounts, Action: write, Status: http.StatusNoContent, Summary: "End the secret addresses of a search"}, s.unlinkSearch)
}

func (s *Server) listSearches(ctx context.Context, _ *Empty) (*Found[[]Search], error) {
	rows, err := s.cfg.Opportunities.Searches(ctx)
	return found(each(rows, showSearch)), err
}

func showSearch(r opportunities.Search) Search {
	k := r.Criteria
	out := Search{ID: int64(r.ID), Name: r.Name, Frequency: string(r.Frequency), Q: k.Text, Codes: each(k.Codes, nomenclatures.Code.String),
		Clauses: texts(k.Verdicts), ReservedTo: texts(k.Reservations), Kinds: texts(k.Kinds), Linked: r.Link != "", CreatedAt: r.CreatedAt.UTC()}
	if k.Territory != "" {
		out.Perimeter = json.RawMessage(k.Territory)
	}
	return out
}

func texts[T ~string](values []T) []string {
	return each(values, func(v T) string { return string(v) })
}

func (s *Server) createSearch(ctx context.Context, in *struct{ Body SearchInput }) (*Made[Search], error) {
	f := opportunities.Filter{Text: in.Body.Q, Kinds: cast[opportunities.Kind](in.Body.Kinds),
		Verdicts: cast[opportunities.Verdict](in.Body.Clauses), Reservations: cast[opportunities.Reservation](in.Body.ReservedTo)}
	codes, faults := codesOf("body.codes", in.Body.Codes)
	if len(faults) > 0 {
		return nil, fault.Invalid(faults...)
	}
	f.Codes = codes
	if in.Body.Perimeter != nil {
		p, err := s.compile(ctx, "perimeter.", *in.Body.Perimeter)
		if err != nil {
			return nil, err
		}
		f.Territory = p.Expr
	}
	row, err := s.cfg.Opportunities.SaveSearch(ctx, in.Body.Name, opportunities.CriteriaOf(f), opportunities.Frequency(or(in.Body.Frequency, string(opportunities.Silent))))
	if err != nil {
		return nil, err
	}
	return &Made[Search]{Location: "/v1/me/searches", Body: showSearch(row)}, nil
}

func (s *Server) updateSearch(ctx context.Context, in *struct {
	ByID
	Body struct {
		Name      string `json:"name,omitempty" maxLength:"120"`
		Frequency string `json:"frequency,omitempty" enum:"daily,weekly,off"`
	}
}) (*Nothing, error) {
	rows, err := s.cfg.Opportunities.Searches(ctx)
	if err != nil {
		return nil, err
	}
	id := opportunities.SearchID(in.ID)
	known := slices.IndexFunc(rows, func(r opportunities.Search) bool { return r.ID == id })
	if known < 0 {
		return nil, fault.NotFound("search", in.ID)
	}
	return none(s.cfg.Opportunities.SetSearch(ctx, id, or(in.Body.Name, rows[known].Name), opportunities.Frequency(in.Body.Frequency)))
}

func (s *Server) deleteSearch(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Opportunities.DeleteSearch(ctx, opportunities.SearchID(in.ID)))
}

func (s *Server) linkSearch(ctx context.Context, in *ByID) (*Made[SearchFeeds], error) {
	secret, err := s.cfg.Opportunities.LinkSearch(ctx, opportunities.SearchID(in.ID))
	if err != nil {
		return nil, err
	}
	base := "/flux/" + secret
	return &Made[SearchFeeds]{Location: base + "/marches.atom", Body: SearchFeeds{Calendar: base + "/echeances.ics", News: base + "/marches.atom", Table: base + "/marches.csv"}}, nil
}

func (s *Server) unlinkSearch(ctx context.Context, in *ByID) (*Nothing, error) {
	return none(s.cfg.Opportunities.UnlinkSearch(ctx, opportunities.SearchID(in.ID)))
}
