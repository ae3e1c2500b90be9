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

// GroupInput is a group as somebody writes it.
type GroupInput struct {
	Name    string  `json:"name" minLength:"1" maxLength:"500"`
	Members []int64 `json:"members" maxItems:"1000"`
}

// PoleInput is a pole as somebody writes it.
type PoleInput struct {
	Name        string         `json:"name" minLength:"1" maxLength:"500"`
	Seat        string         `json:"seat,omitempty" maxLength:"5" doc:"INSEE code of the commune of its seat."`
	Stage       string         `json:"stage" enum:"emerging,active,confirmed"`
	Territory   PerimeterInput `json:"territory"`
	Description string         `json:"description,omitempty" maxLength:"50000"`
	Since       string         `json:"since,omitempty" format:"date"`
	Members     []int64        `json:"members,omitempty" maxItems:"1000"`
	Projects    []ProjectInput `json:"projects,omitempty" maxItems:"200" doc:"Those that come from a hole are named by their title, and stay when they are left out."`
}

// ProjectInput is a project as somebody writes it.
type ProjectInput struct {
	Title       string `json:"title" maxLength:"500"`
	Description string `json:"description,omitempty" maxLength:"50000"`
	State       string `json:"state" enum:"idea,running,done,abandoned"`
}

// PartnershipInput is a national frame (no frame of its own, no territory), or
// one of its local conventions.
type PartnershipInput struct {
	Frame       *int64          `json:"frame,omitempty" minimum:"1" doc:"The national frame of a local convention."`
	Name        string          `json:"name" minLength:"1" maxLength:"500"`
	Sectors     []string        `json:"sectors,omitempty" maxItems:"200"`
	Territory   *PerimeterInput `json:"territory,omitempty" doc:"Of a local convention."`
	From        string          `json:"from,omitempty" format:"date"`
	Until       string          `json:"until,omitempty" format:"date"`
	Description string          `json:"description,omitempty" maxLength:"50000"`
	Signatories []int64         `json:"signatories,omitempty" maxItems:"1000"`
}

const (
	groupExample       = `{"name":"Groupe de la Gloriette","members":[2]}`
	poleExample        = `{"name":"Pôle du Vercors","seat":"26281","stage":"emerging","territory":{"words":"Romans-sur-Isère"},"members":[2],"projects":[{"title":"Un atelier partagé","state":"idea"}]}`
	partnershipExample = `{"frame":1,"name":"Convention de la Drôme","territory":{"words":"Drôme"},"from":"2026-01-01","signatories":[2]}`
)

// Removal names a thing to forget, and the version of it that was read.
type Removal struct {
	ByID
	IfMatch
}

func (s *Server) tieEdits() {
	post, put, del := http.MethodPost, http.MethodPut, http.MethodDelete
	add(s, Operation{ID: "create-group", Method: post, Path: "/v1/groups", Tag: tagTies, Action: accounts.GroupEdit, Status: http.StatusCreated, Summary: "Make a group known", Example: groupExample}, s.createGroup)
	add(s, Operation{ID: "update-group", Method: put, Path: "/v1/groups/{id}", Tag: tagTies, Action: accounts.GroupEdit, Summary: "Rewrite a group", Example: groupExample}, s.updateGroup)
	add(s, Operation{ID: "remove-group", Method: del, Path: "/v1/groups/{id}", Tag: tagTies, Action: accounts.GroupEdit, Status: http.StatusNoContent, Summary: "Forget a group", About: "Its organisations stay."}, s.removeGroup)
	add(s, Operation{ID: "create-pole", Method: post, Path: "/v1/poles", Tag: tagTies, Action: accounts.PoleEdit, Status: http.StatusCreated, Summary: "Make a cooperation pole known", Example: poleExample}, s.createPole)
	add(s, Operation{ID: "update-pole", Method: put, Path: "/v1/poles/{id}", Tag: tagTies, Action: accounts.PoleEdit, Summary: "Rewrite a cooperation pole", Example: poleExample}, s.updatePole)
	add(s, Operation{ID: "remove-pole", Method: del, Path: "/v1/poles/{id}", Tag: tagTies, Action: accounts.PoleEdit, Status: http.StatusNoContent, Summary: "Forget a cooperation pole", About: "Its organisations stay."}, s.removePole)
	add(s, Operation{ID: "create-partnership", Method: post, Path: "/v1/partnerships", Tag: tagTies, Action: accounts.PartnershipEdit, Status: http.StatusCreated, Summary: "Make a partnership known",
		About: "A national frame is an administrator's; a local convention is of those who look after its territory.", Example: partnershipExample}, s.createPartnership)
	add(s, Operation{ID: "update-partnership", Method: put, Path: "/v1/partnerships/{id}", Tag: tagTies, Action: accounts.PartnershipEdit, Summary: "Rewrite a partnership", Example: partnershipExample}, s.updatePartnership)
	add(s, Operation{ID: "remove-partnership", Method: del, Path: "/v1/partnerships/{id}", Tag: tagTies, Action: accounts.PartnershipEdit, Status: http.StatusNoContent, Summary: "Forget a partnership",
		About: "Its local conventions go with it; its signatories stay."}, s.removePartnership)
}

func (s *Server) allow(ctx context.Context, a accounts.Action, scope accounts.Scope) error {
	return accounts.Allow(accounts.From(ctx), a, scope)
}

// scopeOfMembers is where the organisations of a group are.
func (s *Server) scopeOfMembers(ctx context.Context, members []network.ID) (accounts.Scope, error) {
	place := territories.SetOf()
	for _, id := range members {
		o, err := s.cfg.Network.Get(ctx, id)
		if fault.Is(err, fault.KindNotFound) {
			continue // Save says so, and where
		}
		if err != nil {
			return accounts.Scope{}, err
		}
		if scope := o.Scope(s.cfg.Atlas); scope.Place != nil {
			place = place.Or(scope.Place)
		}
	}
	return accounts.Scope{Place: place}, nil
}

// scopeOfText is the communes of a stored perimeter.
func (s *Server) scopeOfText(text string) accounts.Scope {
	e, err := territories.ParseExpr([]byte(text))
	if err != nil {
		return accounts.Scope{}
	}
	p, err := s.cfg.Atlas.Compile(e)
	if err != nil {
		return accounts.Scope{}
	}
	return accounts.Scope{Place: p.Set}
}

func (s *Server) saveGroup(ctx context.Context, id, revision int64, in GroupInput) (*network.Group, error) {
	g := &network.Group{ID: id, Revision: revision, Name: in.Name, Members: cast64[network.ID](in.Members)}
	scope, err := s.scopeOfMembers(ctx, g.Members)
	if err == nil {
		err = s.allow(ctx, accounts.GroupEdit, scope)
	}
	if err != nil {
		return nil, err
	}
	return s.cfg.Network.SaveGroup(ctx, g)
}

func (s *Server) createGroup(ctx context.Context, in *struct{ Body GroupInput }) (*Made[Group], error) {
	g, err := s.saveGroup(ctx, 0, 0, in.Body)
	if err != nil {
		return nil, err
	}
	return &Made[Group]{ETag: tag(g.Revision), Location: "/v1/groups/" + strconv.FormatInt(g.ID, 10), Body: showGroup(*g)}, nil
}

// editableGroup asks the policy about the group as it is.
func (s *Server) editableGroup(ctx context.Context, id int64) error {
	g, err := s.cfg.Network.Group(ctx, id)
	if err != nil {
		return err
	}
	scope, err := s.scopeOfMembers(ctx, g.Members)
	if err != nil {
		return err
	}
	return s.allow(ctx, accounts.GroupEdit, scope)
}

func (s *Server) updateGroup(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body GroupInput
}) (*Found[Group], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	if err := s.editableGroup(ctx, in.ID); err != nil {
		return nil, err
	}
	g, err := s.saveGroup(ctx, in.ID, revision, in.Body)
	if err != nil {
		return nil, err
	}
	return revised(showGroup(*g), g.Revision), nil
}

func (s *Server) removeGroup(ctx context.Context, in *Removal) (*Nothing, error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	if err := s.editableGroup(ctx, in.ID); err != nil {
		return nil, err
	}
	return none(s.cfg.Network.RemoveGroup(ctx, in.ID, revision))
}

func (s *Server) savePole(ctx context.Context, id, revision int64, in PoleInput) (*network.Pole, error) {
	territory, err := s.compile(ctx, "territory.", in.Territory)
	if err != nil {
		return nil, err
	}
	if err := s.allow(ctx, accounts.PoleEdit, accounts.Scope{Place: territory.Set}); err != nil {
		return nil, err
	}
	p := &network.Pole{ID: id, Revision: revision, Name: in.Name, Seat: territories.CommuneCode(in.Seat), Stage: network.Stage(in.Stage), Territory: territory.Text,
		Description: in.Description, Since: in.Since, Members: cast64[network.ID](in.Members)}
	for _, x := range in.Projects {
		p.Projects = append(p.Projects, network.Project{Title: x.Title, Description: x.Description, State: x.State})
	}
	return s.cfg.Network.SavePole(ctx, p)
}

func (s *Server) createPole(ctx context.Context, in *struct{ Body PoleInput }) (*Made[Pole], error) {
	p, err := s.savePole(ctx, 0, 0, in.Body)
	if err != nil {
		return nil, err
	}
	return &Made[Pole]{ETag: tag(p.Revision), Location: "/v1/poles/" + strconv.FormatInt(p.ID, 10), Body: s.showPole(*p)}, nil
}

func (s *Server) editablePole(ctx context.Context, id int64) error {
	p, err := s.cfg.Network.Pole(ctx, id)
	if err != nil {
		return err
	}
	return s.allow(ctx, accounts.PoleEdit, s.scopeOfText(p.Territory))
}

func (s *Server) updatePole(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body PoleInput
}) (*Found[Pole], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	if err := s.editablePole(ctx, in.ID); err != nil {
		return nil, err
	}
	p, err := s.savePole(ctx, in.ID, revision, in.Body)
	if err != nil {
		return nil, err
	}
	return revised(s.showPole(*p), p.Revision), nil
}

func (s *Server) removePole(ctx context.Context, in *Removal) (*Nothing, error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	if err := s.editablePole(ctx, in.ID); err != nil {
		return nil, err
	}
	return none(s.cfg.Network.RemovePole(ctx, in.ID, revision))
}

func (s *Server) savePartnership(ctx context.Context, id, revision int64, in PartnershipInput) (*network.Partnership, error) {
	p := &network.Partnership{ID: id, Revision: revision, ParentID: in.Frame, Name: in.Name, From: in.From, Until: in.Until, Description: in.Description,
		Sectors: cast[nomenclatures.Sector](in.Sectors), Signatories: cast64[network.ID](in.Signatories)}
	if in.Territory != nil {
		territory, err := s.compile(ctx, "territory.", *in.Territory)
		if err != nil {
			return nil, err
		}
		p.Territory = territory.Text
	}
	if err := s.allow(ctx, accounts.PartnershipEdit, s.scopeOfPartnership(p)); err != nil {
		return nil, err
	}
	return s.cfg.Network.SavePartnership(ctx, p)
}

// scopeOfPartnership keeps national frames to administrators: they lie in
// nobody's perimeter.
func (s *Server) scopeOfPartnership(p *network.Partnership) accounts.Scope {
	if p.ParentID == nil {
		return accounts.Scope{}
	}
	return s.scopeOfText(p.Territory)
}

func (s *Server) createPartnership(ctx context.Context, in *struct{ Body PartnershipInput }) (*Made[Partnership], error) {
	p, err := s.savePartnership(ctx, 0, 0, in.Body)
	if err != nil {
		return nil, err
	}
	return &Made[Partnership]{ETag: tag(p.Revision), Location: "/v1/partnerships/" + strconv.FormatInt(p.ID, 10), Body: s.showPartnership(*p)}, nil
}

func (s *Server) editablePartnership(ctx context.Context, id int64) error {
	p, err := s.cfg.Network.Partnership(ctx, id)
	if err != nil {
		return err
	}
	return s.allow(ctx, accounts.PartnershipEdit, s.scopeOfPartnership(p))
}

func (s *Server) updatePartnership(ctx context.Context, in *struct {
	ByID
	IfMatch
	Body PartnershipInput
}) (*Found[Partnership], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	if err := s.editablePartnership(ctx, in.ID); err != nil {
		return nil, err
	}
	p, err := s.savePartnership(ctx, in.ID, revision, in.Body)
	if err != nil {
		return nil, err
	}
	return revised(s.showPartnership(*p), p.Revision), nil
}

func (s *Server) removePartnership(ctx context.Context, in *Removal) (*Nothing, error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	if err := s.editablePartnership(ctx, in.ID); err != nil {
		return nil, err
	}
	return none(s.cfg.Network.RemovePartnership(ctx, in.ID, revision))
}

// cast64 reads numbers as a noun's own identifiers.
func cast64[T ~int64](in []int64) []T {
	var out []T
	for _, n := range in {
		out = append(out, T(n))
	}
	return out
}
