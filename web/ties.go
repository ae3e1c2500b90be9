package web

import (
	"strconv"

	"maillage/network"
	"maillage/territories"
)

// poleRow is a cooperation pole in a list.
func (c *call) poleRow(p network.Pole) OrgRow {
	return OrgRow{
		Row: "p" + strconv.FormatInt(p.ID, 10), Name: p.Name, Href: tieHref("pole", p.ID),
		Over: joined(" · ", c.T("tie.pole"), c.T("stage."+string(p.Stage)), c.perimeterWords(p.Territory)),
		Text: clip(p.Description, 140), Tags: []Tag{{Text: c.N("tie.members", len(p.Members)), Kind: true}},
	}
}

// conventionRow is a sector partnership in a list: a national frame or a local convention.
func (c *call) conventionRow(p network.Partnership) OrgRow {
	kind := c.T("tie.convention")
	if p.ParentID == nil {
		kind = c.T("tie.frame")
	}
	row := OrgRow{Name: p.Name, Href: tieHref("convention", p.ID), Over: joined(" · ", kind, c.perimeterWords(p.Territory))}
	for _, sector := range p.Sectors {
		row.Tags = append(row.Tags, Tag{Text: sector.Label(string(c.Lang)), Kind: true})
	}
	row.Tags = append(row.Tags, c.dated(p.From, p.Until))
	return row
}

// tieHref is the page of a pole, a group or a convention.
func tieHref(kind string, id int64) string {
	return "/" + kind + "s/" + strconv.FormatInt(id, 10)
}

// tiesOf are the poles, groups and conventions of an organisation.
func (c *call) tiesOf(o *network.Organisation) ([]OrgRow, error) {
	all, err := c.s.cfg.Network.TiesOf(c.r.Context(), o.ID)
	if err != nil {
		return nil, err
	}
	ties := all[o.ID]
	var rows []OrgRow
	for _, pole := range ties.Poles {
		rows = append(rows, OrgRow{Name: pole.Name, Href: tieHref("pole", pole.ID), Over: joined(" · ", c.T("tie.pole"), c.T("stage."+string(pole.Stage)), c.perimeterWords(pole.Territory))})
	}
	for _, group := range ties.Groups {
		rows = append(rows, OrgRow{Name: group.Name, Href: tieHref("groupe", group.ID), Over: c.T("tie.group")})
	}
	today := territories.DateOf(c.now)
	for _, p := range ties.Partnerships {
		if p.On(today) {
			rows = append(rows, c.conventionRow(network.Partnership{ID: p.ID, ParentID: p.ParentID, Name: p.Name, Sectors: p.Sectors, Territory: p.Territory, From: p.From, Until: p.Until}))
		}
	}
	return rows, nil
}
