package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// Opportunity is one thing that is offered.
type Opportunity struct {
	ID          int64      `json:"id"`
	Kind        string     `json:"kind" enum:"tender,private_purchase,job_need,insertion_hours,partner_call,takeover,mission,immersion,training_session,expected"`
	State       string     `json:"state" enum:"draft,published,closed,awarded,cancelled"`
	Open        bool       `json:"open" doc:"It can still be answered: published, its deadline not passed, and not filled."`
	Filled      bool       `json:"filled" doc:"Every place of every lot that stands is taken; a place that is added opens it again. Always false of what has no places for people."`
	Title       string     `json:"title"`
	Description string     `json:"description,omitempty"`
	Buyer       Buyer      `json:"buyer"`
	Publisher   *int64     `json:"publisher,omitempty" doc:"Organisation that published it here."`
	Source      string     `json:"source" doc:"boamp, ted, eforms, officer, employer, member, demo."`
	Links       Links      `json:"links"`
	Place       Place      `json:"place"`
	Clause      Clause     `json:"clause"`
	Codes       []Code     `json:"codes"`
	Deadline    *time.Time `json:"deadline,omitempty" doc:"The earliest of its open lots."`
	AsWritten   *AsWritten `json:"deadline_as_written,omitempty"`
	Amount      float64    `json:"amount,omitempty" doc:"Estimated, excluding taxes."`
	Currency    string     `json:"currency,omitempty"`
	Lots        []Lot      `json:"lots"`
	Procurement *int64     `json:"procurement,omitempty" doc:"Opportunity whose award these insertion hours follow."`
	Insertion   *Insertion `json:"insertion,omitempty" doc:"What an award says of the insertion hours to fill; their number is in clause.hours, absent where it is not said."`
	Forecast    *Forecast  `json:"forecast,omitempty" doc:"Of kind expected only: a call that nobody has published yet, never open to answer."`
	PublishedAt *time.Time `json:"published_at,omitempty"`
	UpdatedAt   time.Time  `json:"updated_at"`
}

// Insertion is what an awarded contract says of the insertion hours that its holders
// have to fill. What no notice says is absent, never supposed, but for the end.
type Insertion struct {
	Holders     []Holder `json:"holders"`
	Share       float64  `json:"share,omitempty" minimum:"0" maximum:"1" doc:"Of the working time."`
	Publics     []string `json:"publics" doc:"Who must do them, as written."`
	Facilitator string   `json:"facilitator,omitempty" doc:"Who accompanies the clause, as written."`
	Lot         string   `json:"lot,omitempty" doc:"Of the procurement."`
	Awarded     string   `json:"awarded,omitempty" doc:"Civil day."`
	Months      int      `json:"months,omitempty" doc:"Duration of the contract; absent: not said."`
	Supposed    bool     `json:"supposed" doc:"The end of the lot is a default, for want of a duration."`
}

// Holder is who won a contract.
type Holder struct {
	Name  string `json:"name"`
	SIRET string `json:"siret,omitempty"`
}

// Buyer is who asks.
type Buyer struct {
	ID    *int64 `json:"id,omitempty" doc:"Organisation, where it is known here."`
	Name  string `json:"name,omitempty" maxLength:"500"`
	SIRET string `json:"siret,omitempty" maxLength:"20"`
}

// Links lead to the source.
type Links struct {
	Official   string `json:"official,omitempty" maxLength:"2000"`
	Documents  string `json:"documents,omitempty" maxLength:"2000"`
	Submission string `json:"submission,omitempty" maxLength:"2000"`
}

// AsWritten is a deadline as the source writes it.
type AsWritten struct {
	Wall    string `json:"wall,omitempty"`
	Zone    string `json:"zone,omitempty"`
	Raw     string `json:"raw,omitempty"`
	Warning string `json:"warning,omitempty"`
}

// Place is where the thing is done.
type Place struct {
	Scope          string          `json:"scope" enum:"communes,country,unknown" doc:"The whole country and an unknown place are two things."`
	Perimeter      json.RawMessage `json:"perimeter,omitempty"`
	PerimeterWords *Words          `json:"perimeter_words,omitempty"`
	AsWritten      string          `json:"as_written,omitempty"`
}

// Clause is the social verdict, with its evidence.
type Clause struct {
	Verdict    string     `json:"verdict,omitempty" enum:"reserved,execution,criterion,object,none,to_confirm"`
	ReservedTo string     `json:"reserved_to,omitempty" enum:"siae,ea_esat,both,ess,prison"`
	Hours      float64    `json:"hours,omitempty" minimum:"0" doc:"Insertion hours."`
	Confidence float64    `json:"confidence,omitempty" minimum:"0" maximum:"1" readOnly:"true"`
	Evidence   []Evidence `json:"evidence,omitempty" readOnly:"true"`
}

// Evidence is a passage that supports a verdict; start and end count characters of the field.
type Evidence struct {
	Field string `json:"field"`
	Quote string `json:"quote,omitempty"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Lot is a part that can be answered alone. Where it says nothing of its place,
// clause, codes or deadline, what the whole says holds for it, and is shown.
type Lot struct {
	ID             int64         `json:"id"`
	Opportunity    int64         `json:"opportunity"`
	Number         string        `json:"number"`
	Title          string        `json:"title"`
	Description    string        `json:"description,omitempty"`
	Codes          []Code        `json:"codes"`
	Modes          []string      `json:"modes" doc:"Service modes accepted; empty: any."`
	Place          Place         `json:"place"`
	Clause         Clause        `json:"clause"`
	Certifications []Certificate `json:"certifications"`
	FTE            float64       `json:"fte,omitempty"`
	Hours          float64       `json:"hours,omitempty"`
	Amount         float64       `json:"amount,omitempty"`
	Turnover       float64       `json:"turnover,omitempty" doc:"Floor of yearly turnover, euros."`
	Insurance      float64       `json:"insurance,omitempty" doc:"Floor of what is insured, euros."`
	References     *int          `json:"references_asked,omitempty" doc:"Similar contracts to show; absent: not said."`
	Posts          int           `json:"posts,omitempty"`
	PlacesLeft     *int          `json:"places_left,omitempty" doc:"Of a place for people: how many of its posts (1 where they are not said) nobody was hired for."`
	Filled         bool          `json:"filled" doc:"No place is left: nobody is proposed for it any more, person or enterprise."`
	WorkingDays    int           `json:"working_days,omitempty"`
	StartsOn       string        `json:"starts_on,omitempty"`
	EndsOn         string        `json:"ends_on,omitempty"`
	Terms          *Terms        `json:"terms,omitempty" doc:"Of a place for people."`
	Deadline       *time.Time    `json:"deadline,omitempty"`
	Withdrawn      bool          `json:"withdrawn" doc:"No longer in the latest notice."`
}

// Certificate is a certification asked for, or equivalent.
type Certificate struct {
	Code     string `json:"code" maxLength:"100"`
	Name     string `json:"name,omitempty" maxLength:"500"`
	Required bool   `json:"required" doc:"False: appreciated."`
}

// OpportunityInput is what a publisher says of an opportunity.
type OpportunityInput struct {
	Kind        string      `json:"kind" enum:"tender,private_purchase,job_need,insertion_hours,partner_call,mission,immersion,training_session"`
	Title       string      `json:"title" minLength:"1" maxLength:"2000" example:"Entretien des espaces verts de la ZA de la Gloriette"`
	Description string      `json:"description,omitempty" maxLength:"200000"`
	Buyer       *Buyer      `json:"buyer,omitempty" doc:"An employer's own needs are its own."`
	Links       Links       `json:"links,omitempty"`
	Place       *PlaceInput `json:"place,omitempty"`
	Clause      Clause      `json:"clause,omitempty"`
	Codes       []string    `json:"codes,omitempty" maxItems:"200" example:"[\"cpv:77310000\"]"`
	Deadline    *time.Time  `json:"deadline,omitempty"`
	Amount      float64     `json:"amount,omitempty" minimum:"0"`
	Lots        []LotInput  `json:"lots,omitempty" maxItems:"2000" doc:"None: the whole is one lot."`
}

// PlaceInput is a place as an expression, in words, or the whole country.
type PlaceInput struct {
	PerimeterInput
	Country bool `json:"country,omitempty" doc:"The whole country."`
}

// LotInput is a part as its publisher says it; what it leaves out, the whole says.
type LotInput struct {
	Number         string        `json:"number,omitempty" maxLength:"60" doc:"Names the lot from one version to the next."`
	Title          string        `json:"title" maxLength:"2000"`
	Description    string        `json:"description,omitempty" maxLength:"200000"`
	Codes          []string      `json:"codes,omitempty" maxItems:"200"`
	Modes          []string      `json:"modes,omitempty" maxItems:"4"`
	Place          *PlaceInput   `json:"place,omitempty"`
	Clause         Clause        `json:"clause,omitempty"`
	Certifications []Certificate `json:"certifications,omitempty" maxItems:"50"`
	FTE            float64       `json:"fte,omitempty" minimum:"0"`
	Hours          float64       `json:"hours,omitempty" minimum:"0"`
	Amount         float64       `json:"amount,omitempty" minimum:"0"`
	Turnover       float64       `json:"turnover,omitempty" minimum:"0" doc:"Floor of yearly turnover, euros."`
	Insurance      float64       `json:"insurance,omitempty" minimum:"0" doc:"Floor of what is insured, euros."`
	References     *int          `json:"references_asked,omitempty" minimum:"0" doc:"Similar contracts to show; absent: not said."`
	Posts          int           `json:"posts,omitempty" minimum:"0"`
	WorkingDays    int           `json:"working_days,omitempty" minimum:"0"`
	StartsOn       string        `json:"starts_on,omitempty" format:"date"`
	EndsOn         string        `json:"ends_on,omitempty" format:"date"`
	Terms          *Terms        `json:"terms,omitempty" doc:"Of a job need, a mission, an immersion or a training session, whose lots are places for people. The posts, the place, the dates and the occupations (codes) are the lot's; the hours of a training session too."`
	Deadline       *time.Time    `json:"deadline,omitempty"`
}

// Event is one entry of a history.
type Event struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	Actor  *int64    `json:"actor,omitempty" doc:"User; absent: a job or an import."`
	Origin string    `json:"origin,omitempty" doc:"Notice it comes from."`
	Diff   []Change  `json:"diff"`
}

// Change is the difference of one field.
type Change struct {
	Field  string `json:"field"`
	Before any    `json:"before,omitempty"`
	After  any    `json:"after,omitempty"`
}

// Note is a word that goes with a gesture.
type Note struct {
	Note string `json:"note,omitempty" maxLength:"2000" doc:"Why, or who won."`
}

func (s *Server) opportunities() {
	get, post := http.MethodGet, http.MethodPost
	add(s, Operation{ID: "list-opportunities", Method: get, Path: "/v1/opportunities", Tag: tagOpportunities, Action: accounts.OpportunityRead,
		Summary: "List opportunities", About: "By deadline, those without one last; or the newest first. All the filters given must hold; within a list, one is enough. Without the descriptions, which are in each opportunity. A page may hold fewer than asked: only next tells the end."}, s.listOpportunities)
	add(s, Operation{ID: "get-opportunity", Method: get, Path: "/v1/opportunities/{id}", Tag: tagOpportunities, Action: accounts.OpportunityRead,
		Summary: "Read an opportunity with its lots", About: "A draft is there only for its publisher and those who look after it."}, s.getOpportunity)
	add(s, Operation{ID: "get-lot", Method: get, Path: "/v1/lots/{id}", Tag: tagOpportunities, Action: accounts.OpportunityRead, Summary: "Read a lot"}, s.getLot)
	add(s, Operation{ID: "list-opportunity-events", Method: get, Path: "/v1/opportunities/{id}/events", Tag: tagOpportunities, Action: accounts.OpportunityHistory,
		Summary: "Read the history of an opportunity", About: "Newest first; every change with its difference."}, s.listEvents)
	add(s, Operation{ID: "create-opportunity", Method: post, Path: "/v1/opportunities", Tag: tagOpportunities, Action: accounts.OpportunityCreate, Status: http.StatusCreated,
		Summary: "Write a draft", Example: `{"kind":"private_purchase","title":"Taille des haies","place":{"words":"Romans-sur-Isère"},"codes":["cpv:77310000"],"deadline":"2027-01-15T11:00:00Z","amount":4500,"lots":[{"number":"1","title":"Haies de l'hôtel","modes":["prestation"],"clause":{"verdict":"execution","hours":120}}]}`, About: "Nothing is matched until it is published. With an Idempotency-Key, the same request again answers with the draft made the first time, and another request with 409."}, s.createOpportunity)
	add(s, Operation{ID: "update-opportunity", Method: http.MethodPut, Path: "/v1/opportunities/{id}", Tag: tagOpportunities, Action: accounts.OpportunityEdit,
		Summary: "Rewrite an opportunity", Example: `{"kind":"private_purchase","title":"Taille des haies","place":{"words":"Romans-sur-Isère"},"codes":["cpv:77310000"],"deadline":"2027-01-15T11:00:00Z","amount":4500,"lots":[{"number":"1","title":"Haies de l'hôtel","modes":["prestation"],"clause":{"verdict":"execution","hours":120}}]}`, About: "Replaces all of it; a lot is known by its number, one left out is withdrawn. If it is published, its matches follow.", Errors: []int{http.StatusPreconditionFailed}}, s.updateOpportunity)
	for _, g := range []struct {
		verb, summary string
		action        accounts.Action
		do            func(context.Context, opportunities.By, opportunities.ID, int64) (*opportunities.Opportunity, error)
	}{
		{"publish", "Publish a draft", accounts.OpportunityPublish, s.cfg.Opportunities.Publish},
		{"close", "End the time to answer", accounts.OpportunityClose, s.cfg.Opportunities.Close},
		{"award", "Say that it found its holders", accounts.OpportunityAward, s.cfg.Opportunities.Award},
		{"cancel", "Cancel", accounts.OpportunityCancel, s.cfg.Opportunities.Cancel},
	} {
		add(s, Operation{ID: g.verb + "-opportunity", Method: post, Path: "/v1/opportunities/{id}/" + g.verb, Tag: tagOpportunities, Action: g.action,
			Summary: g.summary, Errors: []int{http.StatusPreconditionFailed}, Example: `{"note":"Reporté au printemps."}`}, s.gesture(g.action, g.do))
	}
	s.forecasts()
}

// scopeOfOpportunity is whose it is and where it is done.
func (s *Server) scopeOfOpportunity(o *opportunities.Opportunity) accounts.Scope {
	return s.cfg.Opportunities.ScopeOf(o)
}

// visible reads an opportunity that the caller may see; any other is not there.
func (s *Server) visible(ctx context.Context, id opportunities.ID) (*opportunities.Opportunity, error) {
	o, err := s.cfg.Opportunities.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !o.Public() && !accounts.Can(accounts.From(ctx), accounts.OpportunityDraft, s.scopeOfOpportunity(o)) {
		return nil, fault.NotFound("opportunity", id)
	}
	return o, nil
}

// Wanted are the filters of a list. Like At and Paging it is exported so that
// huma reads it where it is embedded.
type Wanted struct {
	Q          string    `query:"q" maxLength:"200" doc:"Every word, in the titles, the buyer or the places."`
	Kind       []string  `query:"kind" maxItems:"9" doc:"Without it, what enterprises can answer: missions, immersions and training sessions, which only people answer, and expected calls, which nobody has published yet, are listed only where they are asked for."`
	Gives      []string  `query:"gives" maxItems:"20" example:"caces-r489-3" doc:"Of training sessions: one at least gives one of these aptitudes."`
	Audience   string    `query:"audience" enum:"journeys,staff" doc:"Of training sessions: for whom."`
	State      []string  `query:"state" maxItems:"5" doc:"Without it, everything published; draft shows your own."`
	Open       bool      `query:"open" doc:"Only what can still be answered."`
	Code       []string  `query:"code" maxItems:"20" example:"sector:espaces-verts" doc:"One lot at least is close to one of them (scheme:value), or is training that prepares for it…"`
	Territory  string    `query:"territory" maxLength:"120" example:"departement:26" doc:"…and lies in part in it."`
	PlaceKnown bool      `query:"place_known" doc:"With territory: leave out what is asked in the whole country or nobody knows where."`
	Clause     []string  `query:"clause" maxItems:"6" doc:"Verdicts: reserved, execution, criterion, object, none, to_confirm."`
	ReservedTo []string  `query:"reserved_to" maxItems:"5"`
	From       time.Time `query:"deadline_from" doc:"Deadline not before this instant."`
	To         time.Time `query:"deadline_to" doc:"Deadline not after this instant."`
	Buyer      int64     `query:"buyer" minimum:"1"`
	Publisher  int64     `query:"publisher" minimum:"1"`
	Source     []string  `query:"source" maxItems:"10"`
	Expected   string    `query:"expected_from" format:"date" doc:"Of kind expected: foreseen not before this day."`
	ExpectedTo string    `query:"expected_until" format:"date" doc:"Of kind expected: foreseen not after this day."`
	Order      string    `query:"order" enum:"soonest,newest,coming" default:"soonest" doc:"coming: by the day an expected call is foreseen."`
}

// wanted understands the filters, or refuses them with every fault located.
func (s *Server) wanted(in Wanted) (opportunities.Filter, error) {
	f := opportunities.Filter{Text: in.Q, Open: in.Open, ExpectedFrom: in.Expected, ExpectedUntil: in.ExpectedTo, PlaceKnown: in.PlaceKnown, From: in.From, To: in.To, BuyerID: in.Buyer, PublisherID: in.Publisher,
		Sources: in.Source, Kinds: cast[opportunities.Kind](in.Kind), States: cast[opportunities.State](in.State),
		Verdicts: cast[opportunities.Verdict](in.Clause), Reservations: cast[opportunities.Reservation](in.ReservedTo)}
	var faults []fault.Field
	f.Codes, faults = codesOf("query.code", in.Code)
	f.Training = opportunities.Training{Gives: cast[nomenclatures.Aptitude](in.Gives), Audience: opportunities.Audience(in.Audience)}
	f.Territory, faults = s.filterTerritory(in.Territory, faults)
	if len(faults) > 0 {
		return f, fault.Invalid(faults...)
	}
	if len(f.States) == 0 {
		f.States = []opportunities.State{opportunities.Published, opportunities.Closed, opportunities.Awarded, opportunities.Cancelled}
	}
	return f, nil
}

func (s *Server) listOpportunities(ctx context.Context, in *struct {
	At
	Paging
	Wanted
}) (*Listed[Opportunity], error) {
	f, err := s.wanted(in.Wanted)
	if err != nil {
		return nil, err
	}
	page, err := s.cfg.Opportunities.List(ctx, f, opportunities.Request{After: in.After, Limit: in.Limit, Order: opportunities.Order(in.Order)})
	if err != nil {
		return nil, err
	}
	id, seen := accounts.From(ctx), make([]*opportunities.Opportunity, 0, len(page.Items))
	for _, o := range page.Items {
		if o.Public() || accounts.Can(id, accounts.OpportunityDraft, s.scopeOfOpportunity(o)) {
			seen = append(seen, o)
		}
	}
	return listed(in.at, seen, page.Next, s.briefly), nil
}

// briefly leaves out the texts, which may be long: a list is for choosing.
func (s *Server) briefly(o *opportunities.Opportunity) Opportunity {
	out := s.showOpportunity(o)
	out.Description = ""
	for i := range out.Lots {
		out.Lots[i].Description = ""
	}
	return out
}

func (s *Server) getOpportunity(ctx context.Context, in *ByID) (*Found[Opportunity], error) {
	o, err := s.visible(ctx, opportunities.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return revised(s.whole(ctx, o), o.Revision), nil
}

func (s *Server) getLot(ctx context.Context, in *ByID) (*Found[Lot], error) {
	o, l, err := s.visibleLot(ctx, opportunities.LotID(in.ID))
	if err != nil {
		return nil, err
	}
	out := s.showLot(*l)
	s.withContact(ctx, o, l, &out)
	return revised(out, l.Revision), nil
}

// visibleLot reads a lot in its opportunity, if the caller may see it.
func (s *Server) visibleLot(ctx context.Context, id opportunities.LotID) (*opportunities.Opportunity, *opportunities.Lot, error) {
	l, err := s.cfg.Opportunities.Lot(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	o, err := s.visible(ctx, l.OpportunityID)
	if err != nil {
		return nil, nil, err
	}
	in := l.In(o)
	return o, &in, nil
}

func (s *Server) listEvents(ctx context.Context, in *struct {
	ByID
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*Found[[]Event], error) {
	o, err := s.visible(ctx, opportunities.ID(in.ID))
	if err == nil {
		err = accounts.Allow(accounts.From(ctx), accounts.OpportunityHistory, s.scopeOfOpportunity(o))
	}
	if err != nil {
		return nil, err
	}
	rows, err := s.cfg.Opportunities.Events(ctx, o.ID, in.Limit)
	return found(each(rows, func(e opportunities.Event) Event {
		if o.Kind == opportunities.Takeover { // whose gesture it is would tell who hands over
			e.ActorID = nil
		}
		return Event{At: e.At.UTC(), Kind: e.Kind, Actor: e.ActorID, Origin: shownOrigin(e.Origin), Diff: each(e.Diff, func(c opportunities.Change) Change { return Change(c) })}
	})), err
}

// shownOrigin keeps from the readers of a history the digest of a request.
func shownOrigin(origin string) string {
	if strings.HasPrefix(origin, "api:") {
		return "api"
	}
	return origin
}

func by(ctx context.Context, note string) opportunities.By {
	return opportunities.By{UserID: int64(accounts.From(ctx).UserID), Origin: "api", Note: note}
}

func (s *Server) createOpportunity(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" maxLength:"100" doc:"A text of your own, the same when you try again."`
	Body OpportunityInput
}) (*Made[Opportunity], error) {
	id := accounts.From(ctx)
	o, err := s.readOpportunity(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	if err := s.cfg.Opportunities.Offer(ctx, id, o); err != nil {
		return nil, err
	}
	by := by(ctx, "")
	if in.Key != "" {
		o.Key = "api:" + strconv.FormatInt(int64(id.UserID), 10) + ":" + in.Key
		if by.Origin, err = originOf(in.Body); err != nil {
			return nil, err
		}
	}
	made, err := s.cfg.Opportunities.Create(ctx, by, o)
	if in.Key != "" && fault.Of(err).Code == "repeated-key" {
		made, err = s.madeBefore(ctx, o.Key, by.Origin)
	}
	if err != nil {
		return nil, err
	}
	return &Made[Opportunity]{ETag: tag(made.Revision), Location: "/v1/opportunities/" + strconv.FormatInt(int64(made.ID), 10), Body: s.whole(ctx, made)}, nil
}

// originOf says in the history of which body, by its digest, a keyed creation was made.
func originOf(body OpportunityInput) (string, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return "", fmt.Errorf("digest the input: %w", err)
	}
	return fmt.Sprintf("api:%x", sha256.Sum256(text)), nil
}

// madeBefore answers the same request again with what it made the first time;
// another request under the same key is a mistake of the caller.
func (s *Server) madeBefore(ctx context.Context, key, origin string) (*opportunities.Opportunity, error) {
	made, err := s.cfg.Opportunities.ByKey(ctx, key)
	if err != nil {
		return nil, err
	}
	first, err := s.cfg.Opportunities.MadeBy(ctx, made.ID)
	if err != nil {
		return nil, err
	}
	if first != origin {
		return nil, fault.Conflict("repeated-key", "Cette clé a déjà servi à une autre demande : prenez-en une nouvelle.", "This key has served for another request: take a new one.")
	}
	return made, nil
}

func (s *Server) updateOpportunity(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body OpportunityInput
}) (*Found[Opportunity], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	cur, err := s.visible(ctx, opportunities.ID(in.ID))
	if err == nil {
		err = accounts.Allow(accounts.From(ctx), accounts.OpportunityEdit, s.scopeOfOpportunity(cur))
	}
	if err != nil {
		return nil, err
	}
	o, err := s.readOpportunity(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	if o.BuyerID == nil {
		o.BuyerID = cur.BuyerID
	}
	if err := s.cfg.Opportunities.Amend(ctx, accounts.From(ctx), cur, o); err != nil {
		return nil, err
	}
	o, err = s.cfg.Opportunities.Update(ctx, by(ctx, ""), revision, o)
	if err != nil {
		return nil, err
	}
	return revised(s.whole(ctx, o), o.Revision), nil
}

type gestureInput struct {
	ByID
	IfMatch
	Body *Note
}

func (in *gestureInput) note() string {
	if in.Body == nil {
		return ""
	}
	return in.Body.Note
}

// gesture is one transition of the life of an opportunity.
func (s *Server) gesture(a accounts.Action, do func(context.Context, opportunities.By, opportunities.ID, int64) (*opportunities.Opportunity, error)) func(context.Context, *gestureInput) (*Found[Opportunity], error) {
	return func(ctx context.Context, in *gestureInput) (*Found[Opportunity], error) {
		revision, err := in.revision()
		if err != nil {
			return nil, err
		}
		o, err := s.visible(ctx, opportunities.ID(in.ID))
		if err == nil {
			err = accounts.Allow(accounts.From(ctx), a, s.scopeOfOpportunity(o))
		}
		if err == nil {
			o, err = do(ctx, by(ctx, in.note()), o.ID, revision)
		}
		if err != nil {
			return nil, err
		}
		return revised(s.whole(ctx, o), o.Revision), nil
	}
}
