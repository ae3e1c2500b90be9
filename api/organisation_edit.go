package api

import (
	"context"
	"net/http"
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/territories"
)

// OrganisationInput is what the network knows of an organisation, whole.
type OrganisationInput struct {
	Role           string          `json:"role" enum:"federation,regional_association,member,employer,buyer,partner"`
	Kind           string          `json:"kind,omitempty" enum:"AI,ACI,EI,ETTI,EITI,GEIQ,EA,ESAT,SAP,RQ,OF,OTHER" doc:"Of a member."`
	SIRET          string          `json:"siret,omitempty" maxLength:"20"`
	Name           string          `json:"name" minLength:"1" maxLength:"500"`
	Brand          string          `json:"brand,omitempty" maxLength:"500"`
	NAF            string          `json:"naf,omitempty" maxLength:"10"`
	Description    string          `json:"description,omitempty" maxLength:"50000"`
	Website        string          `json:"website,omitempty" maxLength:"500"`
	Email          string          `json:"email,omitempty" maxLength:"254"`
	Phone          string          `json:"phone,omitempty" maxLength:"50"`
	ESSSince       string          `json:"ess_since,omitempty" format:"date"`
	Turnover       float64         `json:"turnover,omitempty" minimum:"0" doc:"Euros a year, excluding taxes; absent: not said."`
	Insurance      float64         `json:"insurance,omitempty" minimum:"0" doc:"Euros insured; absent: not said."`
	ExcludedBy     []string        `json:"excluded_by,omitempty" maxItems:"200" doc:"SIRET or SIREN of the buyers that exclude it: their lots are not proposed to it."`
	Inactive       bool            `json:"inactive,omitempty" doc:"Out of lists and of matching, not forgotten."`
	Sites          []Site          `json:"sites,omitempty" maxItems:"200"`
	Statuses       []LegalStatus   `json:"statuses,omitempty" maxItems:"200"`
	Activities     []ActivityInput `json:"activities,omitempty" maxItems:"200"`
	Certifications []Certification `json:"certifications,omitempty" maxItems:"200"`
	Networks       []int64         `json:"networks,omitempty" maxItems:"50" doc:"Federation and associations it belongs to."`
}

func (s *Server) organisationEdits() {
	add(s, Operation{ID: "create-organisation", Method: http.MethodPost, Path: "/v1/organisations", Tag: tagOrganisations, Action: accounts.OrganisationCreate, Status: http.StatusCreated,
		Summary: "Make an organisation known", About: "Its identity is its SIRET and its kind.",
		Example: `{"role":"member","kind":"ACI","siret":"41816609600069","name":"Jardins de la Gloriette","sites":[{"main":true,"commune":"26362","city":"Valence"}],"activities":[{"codes":["cpv:77310000"],"modes":["prestation"],"zone":{"words":"Drôme"}}]}`}, s.createOrganisation)
	add(s, Operation{ID: "update-organisation", Method: http.MethodPut, Path: "/v1/organisations/{id}", Tag: tagOrganisations, Action: accounts.OrganisationEdit,
		Summary: "Rewrite what is known of an organisation", About: "Replaces all of it but its track record; what it says of itself is confirmed with PATCH, and given back here as it is: an officer who changes it is refused (409, vouched).", Errors: []int{http.StatusConflict, http.StatusPreconditionFailed},
		Example: `{"role":"member","kind":"ACI","name":"Romans Espaces verts","sites":[{"main":true,"commune":"26281","city":"Romans-sur-Isère"}]}`}, s.updateOrganisation)
}

func (s *Server) createOrganisation(ctx context.Context, in *struct{ Body OrganisationInput }) (*Made[Organisation], error) {
	o, err := s.readOrganisation(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	scope := o.Scope(s.cfg.Atlas)
	scope.Organisations = nil // it is not there yet
	if err := accounts.Allow(accounts.From(ctx), accounts.OrganisationCreate, scope); err != nil {
		return nil, err
	}
	o.Source = "account"
	o, err = s.cfg.Network.Save(ctx, o, 0)
	if err != nil {
		return nil, err
	}
	return &Made[Organisation]{ETag: tag(o.Revision), Location: "/v1/organisations/" + strconv.FormatInt(int64(o.ID), 10), Body: s.showOrganisation(accounts.From(ctx), o)}, nil
}

func (s *Server) updateOrganisation(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body OrganisationInput
}) (*Found[Organisation], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	cur, err := s.cfg.Network.Get(ctx, network.ID(in.ID))
	if err == nil {
		err = accounts.Allow(accounts.From(ctx), accounts.OrganisationEdit, cur.Scope(s.cfg.Atlas))
	}
	if err != nil {
		return nil, err
	}
	o, err := s.readOrganisation(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	if err := keepVouched(accounts.From(ctx), cur, o); err != nil {
		return nil, err
	}
	if revision == 0 && len(cur.Confirmed) > 0 {
		revision = cur.Revision // nothing is confirmed between this reading and the writing
	}
	o.ID, o.References = cur.ID, cur.References
	o, err = s.cfg.Network.Save(ctx, o, revision)
	return s.confirmed(ctx, o, err)
}

func (s *Server) readOrganisation(ctx context.Context, in OrganisationInput) (*network.Organisation, error) {
	activities, err := s.readActivities(ctx, in.Activities)
	if err != nil {
		return nil, err
	}
	o := &network.Organisation{Role: network.Role(in.Role), Kind: network.Kind(in.Kind), SIRET: network.SIRET(in.SIRET), Name: in.Name, Brand: in.Brand,
		Description: in.Description, Website: in.Website, Email: in.Email, Phone: in.Phone, ESSSince: in.ESSSince, Turnover: in.Turnover, Insurance: in.Insurance, ExcludedBy: cast[network.SIRET](in.ExcludedBy), Active: !in.Inactive,
		Sites: readSites(in.Sites), Statuses: readStatuses(in.Statuses), Activities: activities}
	if in.NAF != "" {
		if o.NAF, err = nomenclatures.ParseNAF(in.NAF); err != nil {
			return nil, fault.Invalid(fault.At("naf", "shape", "Un code NAF s’écrit 81.21Z.", "A NAF code is written 81.21Z.")).Because(err)
		}
	}
	for _, c := range in.Certifications {
		o.Certifications = append(o.Certifications, network.Certification{Code: c.Code, Name: c.Name, From: c.From, Until: c.Until})
	}
	for _, id := range in.Networks {
		o.Memberships = append(o.Memberships, network.Membership{NetworkID: network.ID(id)})
	}
	return o, nil
}

func readSites(in []Site) []network.Site {
	var out []network.Site
	for _, v := range in {
		out = append(out, network.Site{Main: v.Main, Address: v.Address, Postcode: v.Postcode, City: v.City,
			Commune: territories.CommuneCode(v.Commune), Lon: v.Lon, Lat: v.Lat})
	}
	return out
}

func readStatuses(in []LegalStatus) []network.Status {
	out := make([]network.Status, 0, len(in))
	for _, v := range in {
		out = append(out, network.Status{Kind: network.StatusKind(v.Kind), From: v.From, Until: v.Until, FTE: v.FTE, Share: v.Share, Proof: v.Proof})
	}
	return out
}
