package api

import (
	"context"
	"net/http"
	"time"

	"maillage/accounts"
	"maillage/followup"
	"maillage/followup/prospects"
	"maillage/internal/fault"
	"maillage/matching"
	"maillage/network"
	"maillage/territories"
)

// ProspectInput is what a buyer may need and no notice tells.
type ProspectInput struct {
	Key          string  `json:"key" minLength:"1" maxLength:"100" doc:"Whoever notes twice with one key notes once."`
	Organisation int64   `json:"organisation,omitempty" minimum:"0" doc:"Who holds it; absent: the caller's."`
	Market       string  `json:"market" enum:"small,private" doc:"Small: public, below the thresholds."`
	Buyer        string  `json:"buyer" minLength:"1" maxLength:"200"`
	SIREN        string  `json:"siren,omitempty" maxLength:"20" doc:"Or SIRET."`
	Need         string  `json:"need" minLength:"1" maxLength:"2000" doc:"Nothing about a person in insertion."`
	Territory    string  `json:"territory,omitempty" maxLength:"4000" doc:"As commune:26113 or departement:26, or a perimeter."`
	Amount       float64 `json:"amount,omitempty" minimum:"0" doc:"Euros a year, excluding taxes."`
	ExpectedOn   string  `json:"expected_on,omitempty" format:"date"`
	Source       string  `json:"source" enum:"buyer,renewal,network,website,other"`
}

// ProspectEntry is a prospect with the quotes that the caller may read.
type ProspectEntry struct {
	ID int64 `json:"id"`
	ProspectInput
	Holder   string       `json:"holder" doc:"Name of who holds it."`
	State    string       `json:"state" enum:"open,asked,sent,won,lost,set_aside"`
	Aside    string       `json:"aside,omitempty" enum:"no_need,too_small,nobody,published,other"`
	Quotes   []QuoteEntry `json:"quotes" doc:"Of an enterprise: its own alone."`
	Revision int64        `json:"revision"`
}

// QuoteEntry is what one enterprise is asked to price.
type QuoteEntry struct {
	ID           int64   `json:"id"`
	Organisation int64   `json:"organisation"`
	Name         string  `json:"name,omitempty"`
	State        string  `json:"state" enum:"asked,not_sent,sent,accepted,refused"`
	Amount       float64 `json:"amount,omitempty" doc:"Euros, excluding taxes."`
	AskedOn      string  `json:"asked_on" format:"date"`
	SentOn       string  `json:"sent_on,omitempty" format:"date"`
	SettledOn    string  `json:"settled_on,omitempty" format:"date"`
	Reason       string  `json:"reason,omitempty"`
	Match        *int64  `json:"match,omitempty" doc:"The call that it answers: the pursuit counts."`
	Revision     int64   `json:"revision"`
}

// QuoteStep is what somebody says of a quote.
type QuoteStep struct {
	State    string  `json:"state" enum:"asked,not_sent,sent,accepted,refused"`
	On       string  `json:"on,omitempty" format:"date" doc:"Absent: today."`
	Amount   float64 `json:"amount,omitempty" minimum:"0"`
	Reason   string  `json:"reason,omitempty" enum:"team_taken,too_far,not_trade,too_large,too_short,price,other,outbid,technical,given_up,not_told" doc:"Required of not_sent and refused."`
	Note     string  `json:"note,omitempty" maxLength:"2000"`
	Match    int64   `json:"match,omitempty" minimum:"0"`
	Revision int64   `json:"revision,omitempty" minimum:"0" doc:"The one that was read; 0 not to check."`
}

// YearWins is what was won in a year, each purchase once.
type YearWins struct {
	Year      int     `json:"year"`
	Won       int     `json:"won"`
	Contracts int     `json:"contracts" doc:"Calls followed here that are told won."`
	Quotes    int     `json:"quotes" doc:"Accepted, of purchases that no pursuit tells."`
	Amount    float64 `json:"amount" doc:"Of these quotes, euros excluding taxes."`
}

func (s *Server) prospects() {
	get, post, put, tag := http.MethodGet, http.MethodPost, http.MethodPut, tagFollowup
	read, edit := accounts.ProspectRead, accounts.ProspectEdit
	add(s, Operation{ID: "list-prospects", Method: get, Path: "/v1/prospects", Tag: tag, Action: read, Summary: "Purchases that no notice tells, with their quotes",
		About: "Of an enterprise: its own, and those of which it is asked for a quote. Of an officer: the perimeter's. The soonest expected first."}, s.listProspects)
	add(s, Operation{ID: "create-prospect", Method: post, Path: "/v1/prospects", Tag: tag, Action: edit, Status: http.StatusCreated, Summary: "Note a prospect",
		Example: `{"key":"essai","market":"small","buyer":"Ville d’exemple","need":"Tontes de printemps","territory":"commune:26113","amount":18000,"source":"buyer"}`}, s.createProspect)
	add(s, Operation{ID: "get-prospect", Method: get, Path: "/v1/prospects/{id}", Tag: tag, Action: read, Summary: "Read a prospect"}, s.getProspect)
	add(s, Operation{ID: "update-prospect", Method: put, Path: "/v1/prospects/{id}", Tag: tag, Action: edit, Summary: "Change a prospect", About: "Its holder and its key do not change.",
		Example: `{"key":"essai","market":"small","buyer":"Ville d’exemple","need":"Tontes et tailles","source":"buyer"}`}, s.updateProspect)
	add(s, Operation{ID: "set-prospect-aside", Method: put, Path: "/v1/prospects/{id}/aside", Tag: tag, Action: edit, Summary: "Set a prospect aside, or take it up again", Example: `{"why":"no_need"}`}, s.setProspectAside)
	add(s, Operation{ID: "ask-quote", Method: post, Path: "/v1/prospects/{id}/quotes", Tag: tag, Action: edit, Summary: "Ask an enterprise for a quote", About: "A member asks itself; an officer, those of the perimeter.", Example: `{"organisation":1}`}, s.askQuote)
	add(s, Operation{ID: "step-quote", Method: post, Path: "/v1/quotes/{id}/steps", Tag: tag, Action: edit, Summary: "Say what became of a quote", About: "409 already-won where another quote of the prospect is accepted.", Example: `{"state":"sent","amount":17500}`}, s.stepQuote)
	add(s, Operation{ID: "get-wins", Method: get, Path: "/v1/wins", Tag: tag, Action: read, Summary: "What was won in a year, each purchase once"}, s.getWins)
}

func (s *Server) listProspects(ctx context.Context, _ *struct{}) (*Found[[]ProspectEntry], error) {
	lines, err := s.cfg.Prospects.List(ctx)
	if err != nil {
		return nil, err
	}
	return found(each(lines, func(l prospects.Line) ProspectEntry { return showProspect(&l) })), nil
}

func showProspect(l *prospects.Line) ProspectEntry {
	out := ProspectEntry{ID: int64(l.ID), Holder: l.Holder, State: string(l.State), Aside: string(l.Aside), Quotes: []QuoteEntry{}, Revision: l.Revision,
		ProspectInput: ProspectInput{Key: l.Key, Organisation: int64(l.OrganisationID), Market: string(l.Market), Buyer: l.Buyer, SIREN: string(l.SIREN), Need: l.Need, Territory: l.Territory, Amount: l.Amount, ExpectedOn: l.ExpectedOn, Source: string(l.Source)}}
	if !l.Mine {
		out.Key = "" // its holder's
	}
	for i := range l.Quotes {
		q := showQuote(&l.Quotes[i].Quote)
		q.Name = l.Quotes[i].Name
		out.Quotes = append(out.Quotes, q)
	}
	return out
}

func showQuote(q *prospects.Quote) QuoteEntry {
	out := QuoteEntry{ID: int64(q.ID), Organisation: int64(q.OrganisationID), State: string(q.State), Amount: q.Amount, AskedOn: q.AskedOn, SentOn: q.SentOn, SettledOn: q.SettledOn, Reason: string(q.Reason), Revision: q.Revision}
	if q.MatchID != nil {
		id := int64(*q.MatchID)
		out.Match = &id
	}
	return out
}

// prospectOf reads what is told of a prospect, every fault located.
func prospectOf(in ProspectInput) (prospects.Prospect, error) {
	p := prospects.Prospect{Key: in.Key, OrganisationID: network.ID(in.Organisation), Market: prospects.Market(in.Market), Buyer: in.Buyer, Need: in.Need, Territory: in.Territory, Amount: in.Amount, ExpectedOn: in.ExpectedOn, Source: prospects.Source(in.Source)}
	if in.SIREN != "" {
		siren, err := network.ParseSIRET(in.SIREN)
		if err != nil {
			return p, fault.Invalid(fault.At("siren", "invalid", "Ce numéro n’est ni un SIREN ni un SIRET.", "This number is neither a SIREN nor a SIRET."))
		}
		p.SIREN = siren
	}
	if ref, err := territories.ParseRef(in.Territory); err == nil {
		p.Territory = territories.In(ref).String()
	}
	return p, nil
}

func (s *Server) createProspect(ctx context.Context, in *struct{ Body ProspectInput }) (*Found[ProspectEntry], error) {
	p, err := prospectOf(in.Body)
	if err != nil {
		return nil, err
	}
	made, err := s.cfg.Prospects.Note(ctx, p)
	if err != nil {
		return nil, err
	}
	return s.prospectNow(ctx, made.ID)
}

func (s *Server) prospectNow(ctx context.Context, id prospects.ID) (*Found[ProspectEntry], error) {
	l, err := s.cfg.Prospects.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return found(showProspect(l)), nil
}

func (s *Server) getProspect(ctx context.Context, in *ByID) (*Found[ProspectEntry], error) {
	return s.prospectNow(ctx, prospects.ID(in.ID))
}

func (s *Server) updateProspect(ctx context.Context, in *struct {
	ByID
	Revision int64 `query:"revision" minimum:"0" doc:"The one that was read; 0 not to check."`
	Body     ProspectInput
}) (*Found[ProspectEntry], error) {
	p, err := prospectOf(in.Body)
	if err != nil {
		return nil, err
	}
	p.ID = prospects.ID(in.ID)
	if _, err := s.cfg.Prospects.Change(ctx, p, in.Revision); err != nil {
		return nil, err
	}
	return s.prospectNow(ctx, p.ID)
}

func (s *Server) setProspectAside(ctx context.Context, in *struct {
	ByID
	Body struct {
		Why string `json:"why,omitempty" enum:"no_need,too_small,nobody,published,other" doc:"Absent: it is taken up again."`
	}
}) (*Found[ProspectEntry], error) {
	if _, err := s.cfg.Prospects.Aside(ctx, prospects.ID(in.ID), prospects.Why(in.Body.Why)); err != nil {
		return nil, err
	}
	return s.prospectNow(ctx, prospects.ID(in.ID))
}

func (s *Server) askQuote(ctx context.Context, in *struct {
	ByID
	Body struct {
		Organisation int64  `json:"organisation" minimum:"1"`
		On           string `json:"on,omitempty" format:"date" doc:"Absent: today."`
	}
}) (*Found[QuoteEntry], error) {
	q, err := s.cfg.Prospects.Ask(ctx, prospects.ID(in.ID), network.ID(in.Body.Organisation), in.Body.On)
	if err != nil {
		return nil, err
	}
	return found(showQuote(q)), nil
}

func (s *Server) stepQuote(ctx context.Context, in *struct {
	ByID
	Body QuoteStep
}) (*Found[QuoteEntry], error) {
	b := in.Body
	step := prospects.Step{To: prospects.QuoteState(b.State), On: b.On, Amount: b.Amount, Reason: followup.Reason(b.Reason), Note: b.Note}
	if b.Match != 0 {
		id := matching.ID(b.Match)
		step.Match = &id
	}
	q, err := s.cfg.Prospects.Move(ctx, prospects.QuoteID(in.ID), b.Revision, step)
	if err != nil {
		return nil, err
	}
	return found(showQuote(q)), nil
}

func (s *Server) getWins(ctx context.Context, in *struct {
	Year int `query:"year" minimum:"2000" maximum:"2100" doc:"Absent: this one."`
}) (*Found[YearWins], error) {
	year := in.Year
	if year == 0 {
		today, err := time.Parse(time.DateOnly, s.cfg.Prospects.Today())
		if err != nil {
			return nil, err
		}
		year = today.Year()
	}
	w, err := s.cfg.Prospects.Wins(ctx, year)
	if err != nil {
		return nil, err
	}
	return found(YearWins{w.Year, w.Total(), w.Contracts, w.Quotes, w.Amount}), nil
}
