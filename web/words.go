package web

import (
	"encoding/json"
	"strings"
	"time"

	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// codeWords names a code: its label, and its number where people use numbers.
func (c *call) codeWords(code nomenclatures.Code) string {
	label, number := "", ""
	switch code.Scheme {
	case nomenclatures.SchemeSector:
		label = nomenclatures.Sector(code.Value).Label(string(c.Lang))
	case nomenclatures.SchemeCPV:
		label, number = nomenclatures.CPV(code.Value).Label(), "CPV "+code.Value
	case nomenclatures.SchemeROME:
		label, number = nomenclatures.ROME(code.Value).Label(), code.Value
	}
	switch {
	case label == "" && number == "":
		return code.Value
	case label == "":
		return number
	case number == "":
		return label
	}
	return label + " (" + number + ")"
}

// codeTags shows codes as plain tags, without repeating one.
func (c *call) codeTags(codes []nomenclatures.Code, most int) []Tag {
	var tags []Tag
	seen := map[string]bool{}
	for _, code := range codes {
		text := c.codeWords(code)
		if code.Scheme == nomenclatures.SchemeNAF || code.Scheme == nomenclatures.SchemeDescriptor || seen[text] {
			continue
		}
		seen[text] = true
		if len(tags) == most {
			break
		}
		tags = append(tags, Tag{Text: text, Kind: true})
	}
	return tags
}

// placeWords says a place shortly: as it was published, else as its perimeter reads.
func (c *call) placeWords(p opportunities.Place) string {
	switch p.Scope {
	case opportunities.WholeCountry:
		return c.T("place.country")
	case opportunities.InCommunes:
		if words := c.perimeterWords(p.Perimeter); words != "" {
			return words
		}
	}
	if p.Words != "" {
		return p.Words
	}
	return c.T("place.unknown")
}

// perimeterWords says a stored perimeter in a few words; "" where there is none.
func (c *call) perimeterWords(expr string) string {
	if expr == "" || c.s.cfg.Atlas == nil {
		return ""
	}
	e, err := territories.ParseExpr([]byte(expr))
	if err != nil {
		return ""
	}
	return c.s.cfg.Atlas.Describe(e, string(c.Lang))
}

// clauseTag is the social clause in a word; the zero clause has none.
func (c *call) clauseTag(clause opportunities.Clause) (Tag, bool) {
	switch clause.Verdict {
	case "", opportunities.ClauseNone:
		return Tag{}, false
	case opportunities.ClauseReserved:
		if clause.ReservedTo != opportunities.NotReserved {
			return Tag{Text: c.T("reserved." + string(clause.ReservedTo)), State: Met, Icon: "lock"}, true
		}
	case opportunities.ClauseToConfirm:
		return Tag{Text: c.T("clause.to_confirm"), State: Assumed}, true
	}
	text := c.T("clause." + string(clause.Verdict))
	if clause.Hours > 0 {
		text += ", " + c.Decimal(clause.Hours, 0) + nbsp + "h"
	}
	return Tag{Text: text, State: Met, Icon: "handshake"}, true
}

// openState says how an opportunity stands, when that is not simply "published".
func (c *call) stateTag(o *opportunities.Opportunity) (Tag, bool) {
	if o.State == opportunities.Published {
		return Tag{}, false
	}
	if o.Forecast != nil {
		return Tag{Text: c.T("coming.notice." + string(o.Forecast.End)), State: Partial, Icon: "info"}, true
	}
	return Tag{Text: c.T("ostate." + string(o.State)), State: Partial, Icon: "info"}, true
}

// siteWords is where an organisation is: "Crest (Drôme)".
func (c *call) siteWords(o *network.Organisation) string {
	site := mainSite(o)
	if site == nil {
		return ""
	}
	if ord, ok := c.s.cfg.Atlas.Ordinal(site.Commune); ok {
		commune := c.s.cfg.Atlas.Commune(ord)
		if name, ok := c.s.cfg.Atlas.Name(territories.Ref{Kind: territories.KindDepartement, Code: commune.Departement}); ok && name != commune.Name {
			return commune.Name + " (" + name + ")"
		}
		return commune.Name
	}
	return site.City
}

// mainSite is the place an organisation is known by.
func mainSite(o *network.Organisation) *network.Site {
	for i := range o.Sites {
		if o.Sites[i].Main {
			return &o.Sites[i]
		}
	}
	if len(o.Sites) > 0 {
		return &o.Sites[0]
	}
	return nil
}

// kindAndPlace is how an organisation is introduced: "ACI, Crest (Drôme)".
func (c *call) kindAndPlace(o *network.Organisation) string {
	kind := c.T("orole." + string(o.Role))
	if o.Kind != "" {
		kind = c.T("okind." + string(o.Kind))
	}
	if place := c.siteWords(o); place != "" {
		return kind + ", " + place
	}
	return kind
}

// civilDay reads a stored date (YYYY-MM-DD) in words; "" for none.
func (c *call) civilDay(date string) string {
	t, err := time.ParseInLocation(time.DateOnly, date, c.zone)
	if err != nil {
		return ""
	}
	return c.ShortDate(t)
}

// dated says how a span of dates stands today.
func (c *call) dated(from, until string) Tag {
	today := c.now.In(c.zone).Format(time.DateOnly)
	switch {
	case until != "" && until < today:
		return Tag{Text: c.T("member.expired", "Date", c.civilDay(until)), State: Missed}
	case from != "" && from > today:
		return Tag{Text: c.T("member.not_yet", "Date", c.civilDay(from)), State: Partial, Icon: "clock"}
	case until != "":
		return Tag{Text: c.T("member.valid_until", "Date", c.civilDay(until)), State: Met}
	}
	return Tag{Text: c.T("member.in_force"), State: Met}
}

// anyWords shows a value of a history: a text as it is, a list by its parts, the rest as JSON.
func (c *call) anyWords(value any) string {
	switch v := value.(type) {
	case nil:
		return "∅"
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return c.When(t, c.now)
		}
		return clip(v, 160)
	case bool, float64, json.Number:
		text, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(text)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return clip(string(text), 160)
}

// clip shortens a text at a word.
func clip(s string, most int) string {
	runes := []rune(strings.TrimSpace(s))
	if len(runes) <= most {
		return string(runes)
	}
	cut := string(runes[:most])
	if i := strings.LastIndexByte(cut, ' '); i > most/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

// paragraphs splits a published text where it breaks its lines.
func paragraphs(s string) []string {
	var all []string
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

// list writes words one after another.
func (c *call) list(words []string) string { return strings.Join(words, ", ") }
