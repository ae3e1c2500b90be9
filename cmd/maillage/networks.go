package main

import (
	"fmt"

	"maillage/internal/fault"
	"maillage/network"
	"maillage/territories"
)

type networksCmd struct {
	Add networksAddCmd `cmd:"" help:"Note a federation or a regional association: officers are of one, members belong to some. Again changes nothing."`
}

type networksAddCmd struct {
	Name       string `arg:"" help:"Its name."`
	SIRET      string `name:"siret" help:"Its SIRET." required:""`
	Commune    string `help:"INSEE code of the commune of its seat." placeholder:"CODE"`
	Federation bool   `help:"A federation of the whole country, not a regional association."`
	JSON       bool   `name:"json" help:"Print JSON."`
}

// Run keeps one; one of this SIRET that is known is left as it is.
func (c *networksAddCmd) Run(e *env) error {
	p, err := e.own(outside{})
	if err != nil {
		return err
	}
	defer p.close()
	o, err := c.read(p)
	if err != nil {
		return err
	}
	o, made, err := p.network.AddAssociation(e.system(), o)
	if err != nil {
		return err
	}
	said := fault.Text{FR: "Connue déjà, sous le numéro %d.\n", EN: "Known already, under the number %d.\n"}
	if made {
		said = fault.Text{FR: "Notée, sous le numéro %d.\n", EN: "Noted, under the number %d.\n"}
	}
	if c.JSON {
		return e.json(map[string]any{"organisation": o.ID, "role": o.Role})
	}
	e.printf(said.In(e.lang), o.ID)
	return nil
}

func (c *networksAddCmd) read(p *platform) (*network.Organisation, error) {
	siret, err := network.ParseSIRET(c.SIRET)
	if err != nil {
		return nil, fmt.Errorf("read the SIRET: %w", err)
	}
	o := &network.Organisation{Role: network.Regional, Name: c.Name, SIRET: siret}
	if c.Federation {
		o.Role = network.Federation
	}
	if c.Commune == "" {
		return o, nil
	}
	ord, known := p.atlas.Ordinal(territories.CommuneCode(c.Commune))
	if !known {
		return nil, fault.Invalid(fault.At("commune", "unknown", "Ce code n’est celui d’aucune commune d’aujourd’hui.", "This code is of no commune of today."))
	}
	o.Sites = []network.Site{{Main: true, Commune: territories.CommuneCode(c.Commune), City: p.atlas.Commune(ord).Name}}
	return o, nil
}
