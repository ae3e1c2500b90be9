package web

import (
	"net/url"
	"slices"
	"strconv"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// offerForm is the form of a kind of position, to who may offer it.
func (s *Server) offerForm(kind opportunities.Kind) func(*call) error {
	return func(c *call) error {
		if err := c.mayOffer(kind); err != nil {
			return err
		}
		return c.show("position", c.positionPage(positionForm{kind: kind, sites: []int{1}}, nil))
	}
}

// mayOffer says before the form is filled that a kind is not the person's to
// publish: who lends nobody has no mission.
func (c *call) mayOffer(kind opportunities.Kind) error {
	if !slices.Contains(opportunities.KindsOf(c.who.Role), kind) {
		return fault.Forbidden()
	}
	if kind != opportunities.Mission {
		return nil
	}
	own, err := c.own()
	if err != nil {
		return err
	}
	if own.Kind != network.KindAI && own.Kind != network.KindETTI {
		return fault.New(fault.KindForbidden, "no-lender", "Seules une AI et une ETTI publient des missions.", "Only an AI and an ETTI publish missions.")
	}
	return nil
}

// offer reads the form of a kind and keeps it, or shows it again with its faults.
func (s *Server) offer(kind opportunities.Kind) func(*call) error {
	return func(c *call) error {
		if err := c.mayOffer(kind); err != nil {
			return err
		}
		f := c.readSites(positionForm{kind: kind})
		if c.redraws() {
			return c.show("position", c.positionPage(f, nil))
		}
		o, errs := c.readPosition(f)
		if len(errs) == 0 {
			made, err := c.makeOpportunity(o)
			if err == nil {
				return c.made(made, map[bool]string{true: "need_posted", false: "published"}[kind == opportunities.JobNeed])
			}
			fields, general, ok := c.faults(err)
			if !ok {
				return err
			}
			errs = f.positionErrors(fields, general)
		}
		return c.showForm(c.positionPage(f, errs), "position", errs)
	}
}

// redraws tells the gestures that only change what the form shows.
func (c *call) redraws() bool {
	return c.form("ajouter") != "" || c.form("retirer") != "" || c.form("plus") != ""
}

// editPositionForm shows a position in the form it could have been published with.
func (c *call) editPositionForm(o *opportunities.Opportunity) error {
	c.r.PostForm = c.asPositionForm(o)
	f := positionForm{kind: o.Kind, old: o}
	for i := range liveLots(o) {
		f.sites = append(f.sites, i+1)
	}
	return c.show("position", c.editPositionPage(f, nil))
}

func (c *call) editPositionPage(f positionForm, errs map[string]string) *PositionPage {
	page := c.positionPage(f, errs)
	title := c.T("publish.edit_title")
	page.Title, page.Heading, page.Lead = title, title, c.T("publish.edit_lead")
	page.Crumbs = []Crumb{c.positionsCrumb(f.kind), {clip(f.old.Title, 60), opportunityPath(f.old.ID)}, {Text: title}}
	page.Action, page.Submit, page.CanDraft = opportunityPath(f.old.ID)+"/modifier", c.T("publish.save"), false
	page.Revision = strconv.FormatInt(f.old.Revision, 10)
	return page
}

// editPosition keeps the corrected position.
func (c *call) editPosition(old *opportunities.Opportunity) error {
	f := c.readSites(positionForm{kind: old.Kind, old: old})
	if c.redraws() {
		return c.show("position", c.editPositionPage(f, nil))
	}
	revision, err := c.revision()
	if err != nil {
		return err
	}
	o, errs := c.correctedPosition(f)
	if len(errs) == 0 {
		err := c.s.cfg.Opportunities.Amend(c.r.Context(), c.who.Identity, old, o)
		if err == nil {
			_, err = c.s.cfg.Opportunities.Update(c.r.Context(), c.by(), revision, o)
		}
		if err == nil {
			return c.to(opportunityPath(o.ID), "opportunity_saved")
		}
		fields, general, ok := c.faults(err)
		if !ok {
			return err
		}
		errs = f.positionErrors(fields, general)
	}
	return c.showForm(c.editPositionPage(f, errs), "position", errs)
}

// asPositionForm writes a position as the fields of its form: the terms are
// those of its first lot.
func (c *call) asPositionForm(o *opportunities.Opportunity) url.Values {
	f := url.Values{"titre": {o.Title}, "acheteur": {o.BuyerName}, "description": {o.Description}}
	if o.Deadline != nil {
		f.Set("echeance", o.Deadline.In(c.zone).Format("2006-01-02T15:04"))
	}
	lots := liveLots(o)
	for i := range lots {
		lot, prefix := lots[i].In(o), lotPrefix(i+1)
		f.Add("lot", strconv.Itoa(i+1))
		f.Set(prefix+"numero", lot.Number)
		f.Set(placeName(i+1), c.placeForm(lot.Place))
		if lot.Posts > 0 {
			f.Set(prefix+"postes", strconv.Itoa(lot.Posts))
		}
		f.Set(prefix+"debut", lot.StartsOn)
		f.Set(prefix+"fin", lot.EndsOn)
	}
	if len(lots) == 0 {
		return f
	}
	first := lots[0].In(o)
	for _, code := range first.Codes {
		if code.Scheme == nomenclatures.SchemeROME {
			f.Set("lot1_precision", c.codeWords(code))
			f.Set("lot1_precision_code", code.String())
			break
		}
	}
	c.setNumber(f, "duree", first.Hours)
	if first.Terms != nil {
		c.asTerms(f, first.Terms)
	}
	return f
}

// placeForm writes a place as it is typed; nothing is the whole country.
func (c *call) placeForm(p opportunities.Place) string {
	if p.Words == "" && p.Scope == opportunities.InCommunes {
		return c.perimeterWords(p.Perimeter)
	}
	return p.Words
}

func (c *call) setNumber(f url.Values, name string, n float64) {
	if n > 0 {
		f.Set(name, c.Decimal(n, 2))
	}
}

func (c *call) asTerms(f url.Values, t *opportunities.Terms) {
	for name, text := range map[string]string{"contrat": string(t.Contract), "objet": string(t.Aim), "public": string(t.Audience),
		"contact_nom": t.Contact.Name, "contact_courriel": t.Contact.Email, "contact_telephone": t.Contact.Phone} {
		f.Set(name, text)
	}
	c.setNumber(f, "heures", t.Hours)
	c.setNumber(f, "rayon", t.Reach)
	names, rest := rhythmsOf(t.Slots)
	f["rythme"], f["jour"] = names, rest.Names()
	for name, on := range map[string]bool{"coupe": t.Split, "debutant": t.Beginner} {
		if on {
			f.Set(name, "oui")
		}
	}
	for name, all := range map[string][]opportunities.Wanted{"requis": t.Requires(), "aide": t.Appreciates()} {
		for i, w := range all {
			c.setAptitude(f, name+strconv.Itoa(i+1), w.Code, w.Level)
		}
	}
	for i, g := range t.Outcomes {
		c.setAptitude(f, "acquis"+strconv.Itoa(i+1), g.Code, g.Level)
	}
	for i, code := range t.Leads {
		id := "prepare" + strconv.Itoa(i+1)
		f.Set(id, c.codeWords(code.Code()))
		f.Set(id+"_code", code.Code().String())
	}
	for i, s := range t.Languages {
		id := "langue" + strconv.Itoa(i+1)
		f.Set(id, s.Language)
		f.Set(id+"_niveau", s.Level.String())
		if !s.Required {
			f.Set(id+"_aide", "oui")
		}
	}
}

func (c *call) setAptitude(f url.Values, id string, code nomenclatures.Aptitude, level nomenclatures.Mastery) {
	f.Set(id, c.aptitudeWords(code, 0))
	f.Set(id+"_code", string(code))
	if level > 0 {
		f.Set(id+"_niveau", strconv.Itoa(int(level)))
	}
}

// correctedPosition lays over a position what its form says otherwise than it was
// shown: what the form does not show, and what differs from one lot to another
// and was not touched, stays.
func (c *call) correctedPosition(f positionForm) (*opportunities.Opportunity, map[string]string) {
	posted := c.r.PostForm
	k := correction{call: c, was: c.asPositionForm(f.old), errs: map[string]string{}}
	c.r.PostForm = k.was
	wasTerms := c.readTerms(f, map[string]string{})
	c.r.PostForm = posted
	nowTerms := c.readTerms(f, k.errs)
	o := *f.old
	k.text("titre", &o.Title)
	k.text("description", &o.Description)
	if k.changed("acheteur") { // somebody else
		o.BuyerName, o.BuyerID, o.BuyerSIRET = c.form("acheteur"), nil, ""
	}
	if o.Title == "" {
		k.errs["titre"] = c.T("publish.error_title")
	}
	if k.changed("echeance") {
		o.Deadline, o.DeadlineRaw = c.readDeadline("echeance", k.errs)
	}
	o.Lots = nil
	for _, n := range f.sites {
		o.Lots = append(o.Lots, k.site(f, n, &o, wasTerms, nowTerms))
	}
	if len(o.Lots) != len(liveLots(f.old)) || slices.ContainsFunc(o.Lots, func(l opportunities.Lot) bool { return !c.samePlaceAs(f.old, l) }) {
		o.Place = wholePlace(placed(o.Lots, f.old))
	}
	return &o, k.errs
}

// placed are lots with the place of the whole where they say none.
func placed(lots []opportunities.Lot, of *opportunities.Opportunity) []opportunities.Lot {
	out := make([]opportunities.Lot, len(lots))
	for i, l := range lots {
		out[i] = l.In(of)
	}
	return out
}

// samePlaceAs tells a lot that is where it was.
func (c *call) samePlaceAs(old *opportunities.Opportunity, l opportunities.Lot) bool {
	i := slices.IndexFunc(old.Lots, func(k opportunities.Lot) bool { return k.Number == l.Number })
	return i >= 0 && old.Lots[i].Place == l.Place
}

// site is the lot of a place as corrected, or a new one.
func (k correction) site(f positionForm, n int, o *opportunities.Opportunity, was, now opportunities.Terms) opportunities.Lot {
	prefix, name := lotPrefix(n), placeName(n)
	known := slices.IndexFunc(f.old.Lots, func(l opportunities.Lot) bool {
		return !l.Withdrawn && l.Number == k.form(prefix+"numero") && l.Number != ""
	})
	if known < 0 {
		return k.newSite(f, n, o, now)
	}
	l := f.old.Lots[known]
	if k.changed(name) {
		l.Place = k.readPlace(name, k.errs)
	}
	if k.form(name) == "" && k.was.Get(name) != "" {
		k.errs[name] = k.T("position.error_place")
	}
	if k.changed(prefix + "postes") {
		l.Posts = k.readPosts(prefix+"postes", k.errs)
	}
	days := "lot1_"
	if f.session() {
		days = prefix
		k.number("duree", &l.Hours)
	}
	k.text(days+"debut", &l.StartsOn)
	k.text(days+"fin", &l.EndsOn)
	if k.changed("echeance") {
		l.Deadline, l.DeadlineRaw = o.Deadline, o.DeadlineRaw
	}
	k.occupation(f, &l)
	terms := opportunities.Terms{}
	if l.Terms != nil {
		terms = *l.Terms
	}
	overlay(&terms, was, now)
	l.Terms = &terms
	if l.Title == f.old.Title {
		l.Title = o.Title
	}
	return l
}

// newSite is a place that was added: with the terms of the form.
func (k correction) newSite(f positionForm, n int, o *opportunities.Opportunity, now opportunities.Terms) opportunities.Lot {
	l := k.readSite(f, n, k.errs)
	own := now
	l.Number, l.Position = freshNumber(f.old.Lots, o.Lots), len(f.old.Lots)+len(o.Lots)+1
	l.Terms, l.Title, l.Deadline, l.DeadlineRaw = &own, l.Place.Words, o.Deadline, o.DeadlineRaw
	if live := liveLots(f.old); len(live) > 0 {
		l.Codes = slices.Clone(live[0].In(f.old).Codes)
	}
	k.occupation(f, &l)
	return l
}

// occupation replaces the one that the form shows, and leaves the other codes.
func (k correction) occupation(f positionForm, l *opportunities.Lot) {
	if f.session() || !k.changed("lot1_precision") && !k.changed("lot1_precision_code") {
		return
	}
	code, ok := k.occupationAsked(k.form("lot1_precision"), k.form("lot1_precision_code"))
	if !ok {
		k.errs["lot1_precision"] = k.T("position.error_occupation")
		return
	}
	l.Codes = replaceCode(slices.Clone(l.In(f.old).Codes), k.was.Get("lot1_precision_code"), code, true)
}

// suggestAptitudes completes a licence, a certificate or a skill.
func (s *Server) suggestAptitudes(c *call) error {
	out := []suggestion{}
	for _, a := range nomenclatures.SearchAptitudes(c.query("q"), 8) {
		out = append(out, suggestion{Value: string(a.Code), Label: a.Label(string(c.Lang)), Hint: c.T("position.kind_of." + string(a.Kind))})
	}
	return c.json(out)
}

// otherForms are the forms of the kinds that have their own, to who may fill them.
func (c *call) otherForms() (out []Link) {
	for _, kind := range opportunities.KindsOf(c.who.Role) {
		if kind.HasPositions() && c.mayOffer(kind) == nil {
			out = append(out, Link{c.T("position.title." + string(kind)), positionAddress(kind)})
		}
	}
	if c.s.cfg.Calls != nil && c.may(accounts.CallPublish) {
		out = append(out, Link{c.T("call.link_takeover"), callPath + "?nature=" + string(opportunities.Takeover)})
	}
	return out
}
