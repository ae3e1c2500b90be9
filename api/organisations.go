package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/territories"
)

// Organisation is what everybody may know of one, and under private what its
// own people and those who look after it may.
type Organisation struct {
	ID             int64           `json:"id"`
	Role           string          `json:"role" enum:"federation,regional_association,member,employer,buyer,partner"`
	Kind           string          `json:"kind,omitempty" doc:"Of a member: AI, ACI, EI, ETTI, EITI, GEIQ, EA, ESAT, SAP, RQ (régie de quartier), OF (training), OTHER."`
	SIRET          string          `json:"siret,omitempty"`
	Name           string          `json:"name"`
	Brand          string          `json:"brand,omitempty"`
	NAF            string          `json:"naf,omitempty"`
	Description    string          `json:"description,omitempty"`
	Website        string          `json:"website,omitempty"`
	Active         bool            `json:"active"`
	ESSSince       string          `json:"ess_since,omitempty"`
	Sites          []Site          `json:"sites"`
	Statuses       []LegalStatus   `json:"statuses"`
	Activities     []Activity      `json:"activities"`
	Certifications []Certification `json:"certifications"`
	Networks       []int64         `json:"networks" doc:"Organisations (federation, associations) it belongs to."`
	Private        *Private        `json:"private,omitempty" doc:"Only for its own people and those who look after it."`
	UpdatedAt      time.Time       `json:"updated_at"`
}

// Private is what is not published.
type Private struct {
	Email      string     `json:"email,omitempty"`
	Phone      string     `json:"phone,omitempty"`
	Unsigned   bool       `json:"unsigned" doc:"An officer made it, or wrote its address, and the administration has not confirmed it yet."`
	Findings   []Finding  `json:"findings" doc:"What the last import noticed and somebody may put right."`
	Confirmed  []string   `json:"confirmed" doc:"Fields that the organisation vouches for: no import changes them."`
	Turnover   float64    `json:"turnover,omitempty" doc:"Euros a year, excluding taxes."`
	Insurance  float64    `json:"insurance,omitempty" doc:"Euros insured."`
	ExcludedBy []string   `json:"excluded_by" doc:"SIRET or SIREN of the buyers that exclude it: their lots are not proposed to it."`
	Capacities []Capacity `json:"capacities" doc:"One for each activity, in their order."`
}

// Finding is something an import noticed.
type Finding struct {
	Code   string `json:"code"`
	Detail string `json:"detail,omitempty"`
}

// Capacity is what an organisation can put on one contract.
type Capacity struct {
	Activity int64   `json:"activity"`
	FTE      float64 `json:"fte,omitempty"`
	Hours    float64 `json:"hours,omitempty"`
	Amount   float64 `json:"amount,omitempty" doc:"Euros excluding taxes, the largest contract it takes."`
}

// Site is a place of an organisation.
type Site struct {
	Main     bool     `json:"main"`
	Address  string   `json:"address,omitempty" maxLength:"500"`
	Postcode string   `json:"postcode,omitempty" maxLength:"10"`
	City     string   `json:"city,omitempty" maxLength:"500"`
	Commune  string   `json:"commune,omitempty" maxLength:"5" doc:"INSEE code."`
	Lon      *float64 `json:"lon,omitempty"`
	Lat      *float64 `json:"lat,omitempty"`
}

// LegalStatus is a status on dates; dates are inclusive, absent where unknown.
type LegalStatus struct {
	Kind   string  `json:"kind" example:"convention_aci"`
	From   string  `json:"from,omitempty" format:"date"`
	Until  string  `json:"until,omitempty" format:"date"`
	FTE    float64 `json:"fte,omitempty" minimum:"0" doc:"Full-time equivalents financed."`
	Share  float64 `json:"share,omitempty" minimum:"0" maximum:"1" doc:"Of an equivalent structure: share of workers concerned."`
	Proof  string  `json:"proof,omitempty" maxLength:"500"`
	Origin string  `json:"origin,omitempty" readOnly:"true" doc:"assumed, declared or confirmed."`
}

// Activity is something an organisation does: codes, modes and zone hold together.
type Activity struct {
	ID         int64           `json:"id"`
	Label      string          `json:"label,omitempty"`
	Codes      []Code          `json:"codes" doc:"Empty: to be specified."`
	Modes      []string        `json:"modes"`
	Zone       json.RawMessage `json:"zone,omitempty" doc:"Perimeter expression; absent where unknown."`
	ZoneWords  *Words          `json:"zone_words,omitempty"`
	Origin     string          `json:"origin" enum:"assumed,declared,confirmed" doc:"assumed: deduced, nobody has said it."`
	ZoneOrigin string          `json:"zone_origin" enum:"assumed,declared,confirmed"`
}

// ActivityInput is an activity as its organisation says it.
type ActivityInput struct {
	Label  string          `json:"label,omitempty" maxLength:"500"`
	Codes  []string        `json:"codes" maxItems:"200" example:"[\"sector:espaces-verts\",\"cpv:77310000\"]"`
	Modes  []string        `json:"modes,omitempty" maxItems:"4" doc:"mise_a_disposition, prestation, fourniture, mandataire."`
	Zone   *PerimeterInput `json:"zone,omitempty" doc:"Where it works."`
	FTE    float64         `json:"fte,omitempty" minimum:"0"`
	Hours  float64         `json:"hours,omitempty" minimum:"0"`
	Amount float64         `json:"amount,omitempty" minimum:"0"`
}

// Certification is a quality label on dates.
type Certification struct {
	Code  string `json:"code" example:"cedre"`
	Name  string `json:"name,omitempty"`
	From  string `json:"from,omitempty"`
	Until string `json:"until,omitempty"`
}

// IdentityInput is what an organisation says of itself; what is absent is left as it is.
type IdentityInput struct {
	Name        *string  `json:"name,omitempty" maxLength:"500"`
	Brand       *string  `json:"brand,omitempty" maxLength:"500"`
	Description *string  `json:"description,omitempty" maxLength:"50000"`
	Website     *string  `json:"website,omitempty" maxLength:"500"`
	Turnover    *float64 `json:"turnover,omitempty" minimum:"0" doc:"Euros a year, excluding taxes."`
	Insurance   *float64 `json:"insurance,omitempty" minimum:"0" doc:"Euros insured."`
	ExcludedBy  []string `json:"excluded_by,omitempty" maxItems:"200" doc:"SIRET or SIREN of the buyers that exclude it; an empty list: none."`
	Email       *string  `json:"email,omitempty" maxLength:"254"`
	Phone       *string  `json:"phone,omitempty" maxLength:"50"`
	Sites       []Site   `json:"sites,omitempty" maxItems:"200"`
}

func (s *Server) organisations() {
	add(s, Operation{ID: "list-organisations", Method: http.MethodGet, Path: "/v1/organisations", Tag: tagOrganisations, Action: accounts.OrganisationRead,
		Summary: "List organisations", About: "By name. All the filters given must hold; within a list, one is enough. A trade is found by closeness, a territory by the zones served and by the sites."}, s.listOrganisations)
	add(s, Operation{ID: "get-organisation", Method: http.MethodGet, Path: "/v1/organisations/{id}", Tag: tagOrganisations, Action: accounts.OrganisationRead,
		Summary: "Read an organisation"}, s.getOrganisation)
	add(s, Operation{ID: "confirm-identity", Method: http.MethodPatch, Path: "/v1/organisations/{id}", Tag: tagOrganisations, Action: accounts.OrganisationConfirm,
		Summary: "Say who we are", Example: `{"description":"Espaces verts, petite maçonnerie et collecte.","website":"https://structure.example"}`, About: "The organisation vouches for what it gives: no import changes it afterwards.", Errors: []int{http.StatusPreconditionFailed}}, s.confirmIdentity)
	add(s, Operation{ID: "confirm-activities", Method: http.MethodPut, Path: "/v1/organisations/{id}/activities", Tag: tagOrganisations, Action: accounts.OrganisationConfirm,
		Summary: "Say what we do and where", Example: `{"activities":[{"label":"Entretien d'espaces verts","codes":["cpv:77310000"],"modes":["prestation"],"zone":{"words":"30 km autour de Romans-sur-Isère"},"fte":4}]}`, About: "Replaces the activities; the organisation vouches for them and is matched again at once.", Errors: []int{http.StatusPreconditionFailed}}, s.confirmActivities)
	add(s, Operation{ID: "confirm-statuses", Method: http.MethodPut, Path: "/v1/organisations/{id}/statuses", Tag: tagOrganisations, Action: accounts.OrganisationConfirm,
		Summary: "Say our legal statuses", Example: `{"statuses":[{"kind":"convention_aci","from":"2026-01-01","until":"2026-12-31","fte":12.5}]}`, About: "Replaces the statuses, with their dates and proofs.", Errors: []int{http.StatusPreconditionFailed}}, s.confirmStatuses)
	s.organisationEdits()
	s.countersignatures()
}

func (s *Server) listOrganisations(ctx context.Context, in *struct {
	At
	Paging
	Q           string   `query:"q" maxLength:"200" doc:"Every word, in the names, the SIRET or the towns."`
	Role        []string `query:"role" maxItems:"6"`
	Kind        []string `query:"kind" maxItems:"12"`
	Code        []string `query:"code" maxItems:"20" example:"sector:espaces-verts" doc:"An activity is close to one of them (scheme:value)…"`
	Mode        []string `query:"mode" maxItems:"4" doc:"…in one of these modes…"`
	Territory   string   `query:"territory" maxLength:"120" example:"departement:26" doc:"…and serves part of it, or a site is there."`
	Presence    string   `query:"presence" enum:"zone,site" doc:"Only by a zone served, or only by a site."`
	Network     int64    `query:"network" minimum:"1"`
	Group       int64    `query:"group" minimum:"1"`
	Pole        int64    `query:"pole" minimum:"1"`
	Partnership int64    `query:"partnership" minimum:"1"`
	ToSpecify   bool     `query:"to_specify" doc:"No activity says a trade."`
	Assumed     bool     `query:"assumed" doc:"An activity or its zone is deduced."`
}) (*Listed[Organisation], error) {
	f := network.Filter{Text: in.Q, Network: network.ID(in.Network), Group: in.Group, Pole: in.Pole, Partnership: in.Partnership,
		Presence: network.Presence(in.Presence), ToSpecify: in.ToSpecify, Assumed: in.Assumed,
		Roles: cast[network.Role](in.Role), Kinds: cast[network.Kind](in.Kind), Modes: cast[network.Mode](in.Mode)}
	var faults []fault.Field
	f.Codes, faults = codesOf("query.code", in.Code)
	f.Territory, faults = s.filterTerritory(in.Territory, faults)
	if len(faults) > 0 {
		return nil, fault.Invalid(faults...)
	}
	page, err := s.cfg.Network.List(ctx, f, network.Request{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	id := accounts.From(ctx)
	return listed(in.at, page.Items, page.Next, func(o *network.Organisation) Organisation { return s.showOrganisation(id, o) }), nil
}

// filterTerritory reads the territory of a filter.
func (s *Server) filterTerritory(text string, faults []fault.Field) (territories.Expr, []fault.Field) {
	if text == "" {
		return territories.Expr{}, faults
	}
	ref, err := territories.ParseRef(text)
	if err == nil {
		_, err = s.cfg.Atlas.Of(ref)
	}
	if err != nil {
		return territories.Expr{}, append(faults, fault.At("query.territory", "unknown",
			"Ce territoire n’existe pas (écrivez departement:26).", "There is no such territory (write departement:26)."))
	}
	return territories.In(ref), faults
}

func (s *Server) getOrganisation(ctx context.Context, in *ByID) (*Found[Organisation], error) {
	o, err := s.cfg.Network.Get(ctx, network.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return revised(s.showOrganisation(accounts.From(ctx), o), o.Revision), nil
}

// confirming reads an organisation that the caller may vouch for.
func (s *Server) confirming(ctx context.Context, id int64, c IfMatch) (*network.Organisation, int64, error) {
	revision, err := c.revision()
	if err != nil {
		return nil, 0, err
	}
	o, err := s.cfg.Network.Get(ctx, network.ID(id))
	if err != nil {
		return nil, 0, err
	}
	return o, revision, accounts.Allow(accounts.From(ctx), accounts.OrganisationConfirm, o.Scope(s.cfg.Atlas))
}

func (s *Server) confirmed(ctx context.Context, o *network.Organisation, err error) (*Found[Organisation], error) {
	if err != nil {
		return nil, err
	}
	return revised(s.showOrganisation(accounts.From(ctx), o), o.Revision), nil
}

func (s *Server) confirmIdentity(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body IdentityInput
}) (*Found[Organisation], error) {
	_, revision, err := s.confirming(ctx, in.ID, in.IfMatch)
	if err != nil {
		return nil, err
	}
	b := in.Body
	who := network.Identity{Name: b.Name, Brand: b.Brand, Description: b.Description, Website: b.Website, Email: b.Email, Phone: b.Phone}
	who.Turnover, who.Insurance = b.Turnover, b.Insurance
	if b.ExcludedBy != nil {
		who.ExcludedBy = append([]network.SIRET{}, cast[network.SIRET](b.ExcludedBy)...)
	}
	who.Sites = readSites(b.Sites)
	o, err := s.cfg.Network.ConfirmIdentity(ctx, network.ID(in.ID), revision, who)
	return s.confirmed(ctx, o, err)
}

func (s *Server) confirmActivities(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body struct {
		Activities []ActivityInput `json:"activities" maxItems:"200"`
	}
}) (*Found[Organisation], error) {
	_, revision, err := s.confirming(ctx, in.ID, in.IfMatch)
	if err != nil {
		return nil, err
	}
	activities, err := s.readActivities(ctx, in.Body.Activities)
	if err != nil {
		return nil, err
	}
	o, err := s.cfg.Network.ConfirmActivities(ctx, network.ID(in.ID), revision, activities)
	return s.confirmed(ctx, o, err)
}

func (s *Server) readActivities(ctx context.Context, in []ActivityInput) ([]network.Activity, error) {
	out := make([]network.Activity, 0, len(in))
	var faults []fault.Field
	for i, a := range in {
		path := "activities[" + strconv.Itoa(i) + "]."
		codes, bad := codesOf("body."+path+"codes", a.Codes)
		faults = append(faults, bad...)
		v := network.Activity{Label: a.Label, Codes: codes, Modes: cast[network.Mode](a.Modes), FTE: a.FTE, Hours: a.Hours, Amount: a.Amount}
		if a.Zone != nil {
			p, err := s.compile(ctx, path+"zone.", *a.Zone)
			if err != nil && !fault.Is(err, fault.KindInvalid) {
				return nil, err
			}
			if err != nil {
				faults = append(faults, fault.Of(err).Fields...)
			} else {
				v.Zone = p.Text
			}
		}
		out = append(out, v)
	}
	if len(faults) > 0 {
		return nil, fault.Invalid(faults...)
	}
	return out, nil
}

func (s *Server) confirmStatuses(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body struct {
		Statuses []LegalStatus `json:"statuses" maxItems:"200"`
	}
}) (*Found[Organisation], error) {
	_, revision, err := s.confirming(ctx, in.ID, in.IfMatch)
	if err != nil {
		return nil, err
	}
	o, err := s.cfg.Network.ConfirmStatuses(ctx, network.ID(in.ID), revision, readStatuses(in.Body.Statuses))
	return s.confirmed(ctx, o, err)
}

// showOrganisation shows what the caller may see.
func (s *Server) showOrganisation(id accounts.Identity, o *network.Organisation) Organisation {
	out := Organisation{ID: int64(o.ID), Role: string(o.Role), Kind: string(o.Kind), SIRET: string(o.SIRET), Name: o.Name, Brand: o.Brand,
		NAF: string(o.NAF), Description: o.Description, Website: o.Website, Active: o.Active, ESSSince: o.ESSSince, UpdatedAt: o.UpdatedAt.UTC(),
		Sites: []Site{}, Statuses: []LegalStatus{}, Activities: []Activity{}, Certifications: []Certification{}, Networks: []int64{}}
	for _, v := range o.Sites {
		out.Sites = append(out.Sites, Site{Main: v.Main, Address: v.Address, Postcode: v.Postcode, City: v.City, Commune: string(v.Commune), Lon: v.Lon, Lat: v.Lat})
	}
	for _, v := range o.Certifications {
		out.Certifications = append(out.Certifications, Certification{Code: v.Code, Name: v.Name, From: v.From, Until: v.Until})
	}
	for _, m := range o.Memberships {
		out.Networks = append(out.Networks, int64(m.NetworkID))
	}
	for _, a := range o.Activities {
		out.Activities = append(out.Activities, s.showActivity(a))
	}
	private := accounts.Can(id, accounts.OrganisationPrivate, o.Scope(s.cfg.Atlas))
	for _, v := range o.Statuses {
		st := LegalStatus{Kind: string(v.Kind), From: v.From, Until: v.Until, FTE: v.FTE, Origin: string(v.Origin)}
		if private {
			st.Share, st.Proof = v.Share, v.Proof
		}
		out.Statuses = append(out.Statuses, st)
	}
	if private {
		out.Private = showPrivate(o)
	}
	return out
}

func (s *Server) showActivity(a network.Activity) Activity {
	v := Activity{ID: a.ID, Label: a.Label, Codes: showCodes(a.Codes), Modes: make([]string, 0, len(a.Modes)), Origin: string(a.Origin), ZoneOrigin: string(a.ZoneOrigin)}
	for _, m := range a.Modes {
		v.Modes = append(v.Modes, string(m))
	}
	if a.Zone == "" {
		return v
	}
	v.Zone = json.RawMessage(a.Zone)
	if e, err := territories.ParseExpr([]byte(a.Zone)); err == nil {
		words := s.words(e)
		v.ZoneWords = &words
	}
	return v
}

func showPrivate(o *network.Organisation) *Private {
	p := &Private{Email: o.Email, Phone: o.Phone, Unsigned: o.OpenedBy != nil || o.AddressBy != nil, Turnover: o.Turnover, Insurance: o.Insurance, ExcludedBy: []string{}, Findings: []Finding{}, Confirmed: o.Confirmed, Capacities: []Capacity{}}
	if p.Confirmed == nil {
		p.Confirmed = []string{}
	}
	for _, f := range o.Findings {
		p.Findings = append(p.Findings, Finding(f))
	}
	for _, siret := range o.ExcludedBy {
		p.ExcludedBy = append(p.ExcludedBy, string(siret))
	}
	for _, a := range o.Activities {
		p.Capacities = append(p.Capacities, Capacity{Activity: a.ID, FTE: a.FTE, Hours: a.Hours, Amount: a.Amount})
	}
	return p
}

// cast reads texts as a noun's own type; the noun refuses the unknown ones.
func cast[T ~string](texts []string) []T {
	var out []T
	for _, t := range texts {
		out = append(out, T(t))
	}
	return out
}

func at(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
