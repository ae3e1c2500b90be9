package matching

import (
	"slices"
	"strings"
	"time"

	"maillage/matching/engine"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
	"maillage/territories"
)

// usualKm is the zone supposed of an enterprise that says nothing of its own:
// only to tell that it may cover a place, never to rank it.
const usualKm = 30

// feed turns what the nouns hold into what the engine reads.
type feed struct {
	atlas *territories.Atlas
}

// enterprise reads a member; ok is false for what is no candidate.
func (f feed) enterprise(o *network.Organisation, ties network.Ties) (e *engine.Enterprise, ok bool) {
	if o.Role != network.Member || o.Kind == "" {
		return nil, false
	}
	e = &engine.Enterprise{
		ID: engine.EnterpriseID(o.ID), Revision: o.Revision, Name: o.Called(), SIRET: string(o.SIRET), Folded: territories.Fold(o.Name), Kind: kindOf(o.Kind), Active: o.Active,
		Site: f.site(o), Ties: f.ties(ties), Turnover: o.Turnover, Insurance: o.Insurance,
		StatusesKnown:       o.HasConfirmed("statuses"),
		CertificationsKnown: o.HasConfirmed("certifications"),
		ReferencesKnown:     o.HasConfirmed("references"),
	}
	if o.Email != "" || o.Phone != "" {
		e.Reachable = engine.Yes
	}
	for _, siret := range o.ExcludedBy {
		e.Refused = append(e.Refused, string(siret))
	}
	for _, s := range o.Statuses {
		e.Statuses = append(e.Statuses, statuses(o.Kind, s)...)
	}
	if o.ESSSince != "" {
		e.Statuses = append(e.Statuses, engine.Status{Kind: engine.StatusESS, From: date(o.ESSSince)})
	}
	for _, a := range o.Activities {
		e.Activities = append(e.Activities, f.activity(a))
	}
	if len(e.Activities) == 0 {
		e.Activities = f.supposed(e)
	}
	for _, c := range o.Certifications {
		e.Certifications = append(e.Certifications, engine.Certification{Code: c.Code, From: date(c.From), Until: date(c.Until)})
	}
	for _, r := range o.References {
		e.References = append(e.References, f.reference(r))
	}
	return e, true
}

func kindOf(k network.Kind) engine.Kind {
	switch k {
	case network.KindAI:
		return engine.AI
	case network.KindACI:
		return engine.ACI
	case network.KindEI:
		return engine.EI
	case network.KindETTI:
		return engine.ETTI
	case network.KindEITI:
		return engine.EITI
	case network.KindGEIQ:
		return engine.GEIQ
	case network.KindEA:
		return engine.EA
	case network.KindESAT:
		return engine.ESAT
	case network.KindSAP:
		return engine.SAP
	case network.KindRegie:
		return engine.Regie
	case network.KindTraining:
		return engine.Training
	}
	return engine.Other
}

// site is the commune of the main site, or of the first one that is placed.
func (f feed) site(o *network.Organisation) int {
	found := engine.NoSite
	for _, s := range o.Sites {
		ord, ok := f.atlas.Ordinal(s.Commune)
		if !ok {
			continue
		}
		if s.Main {
			return ord
		}
		if found == engine.NoSite {
			found = ord
		}
	}
	return found
}

// statuses reads a status. An "equivalent" doesn't say for whom: of a régie or
// any other, both readings are kept, marked as supposed.
func statuses(kind network.Kind, s network.Status) []engine.Status {
	out := engine.Status{
		Kind: engine.StatusKind(s.Kind), From: date(s.From), Until: date(s.Until), FTE: s.FTE, Share: s.Share, Proof: s.Proof,
		Assumed: s.Origin == network.Assumed, Undated: s.From == "" && s.Origin != network.Confirmed,
	}
	if s.Kind != network.Equivalent {
		return []engine.Status{out}
	}
	disadvantaged, disabled := out, out
	disadvantaged.Kind, disabled.Kind = engine.EquivalentDisadvantaged, engine.EquivalentDisabled
	disadvantaged.Assumed, disabled.Assumed = true, true
	disabled.FTE = 0 // counted once
	switch kind {
	case network.KindEA, network.KindESAT:
		return []engine.Status{disabled}
	case network.KindRegie:
		return []engine.Status{disadvantaged}
	}
	return []engine.Status{disadvantaged, disabled}
}

func (f feed) activity(a network.Activity) engine.Activity {
	return engine.Activity{
		ID: a.ID, Codes: telling(a.Codes), Modes: modesOf(a.Modes), Zone: f.perimeter(a.Zone),
		Capacity:     engine.Capacity{FTE: a.FTE, Hours: a.Hours, Amount: a.Amount},
		AssumedTrade: a.Origin == network.Assumed, AssumedZone: a.ZoneOrigin == network.Assumed,
	}
}

// supposed gives an enterprise without activities a zone and no trade, so that
// it is found among those to be specified.
func (f feed) supposed(e *engine.Enterprise) []engine.Activity {
	if e.Site == engine.NoSite || !f.atlas.Commune(e.Site).HasPoint {
		return nil
	}
	p, err := f.atlas.Compile(territories.RadiusOf(f.atlas.Commune(e.Site).Code, usualKm))
	if err != nil {
		return nil
	}
	return []engine.Activity{{Zone: p, AssumedZone: true}}
}

// telling drops the codes that say nothing of a trade.
func telling(codes []nomenclatures.Code) []nomenclatures.Code {
	return slices.DeleteFunc(slices.Clone(codes), func(c nomenclatures.Code) bool {
		switch c.Scheme {
		case nomenclatures.SchemeNAF:
			return !nomenclatures.Telling(nomenclatures.NAF(c.Value))
		case nomenclatures.SchemeDescriptor:
			_, silent := nomenclatures.SilentDescriptor(nomenclatures.Descriptor(c.Value))
			return silent
		}
		return false
	})
}

func modesOf[M ~string](modes []M) engine.Modes {
	var out engine.Modes
	for _, m := range modes {
		switch network.Mode(m) {
		case network.Staffing:
			out |= engine.Secondment
		case network.Supply:
			out |= engine.Supply
		case network.Agency:
			out |= engine.Mandate
		default:
			out |= engine.Provision
		}
	}
	return out
}

// perimeter compiles a stored expression; what can't be read is not known.
func (f feed) perimeter(text string) *territories.Perimeter {
	if text == "" {
		return nil
	}
	p, err := f.atlas.CompileText(text)
	if err != nil {
		return nil
	}
	return p
}

// reference dates a contract known by its year at the end of it, so that the
// whole of the year counts.
func (f feed) reference(r network.Reference) engine.Reference {
	out := engine.Reference{Place: f.perimeter(r.Place), BuyerSIRET: string(r.BuyerSIRET), ReservedESS: r.ReservedESS, On: territories.Date{Year: r.Year, Month: time.December, Day: 31}}
	if r.Code != "" {
		out.Codes = []nomenclatures.Code{r.Code.Code()}
	}
	return out
}

func (f feed) ties(t network.Ties) []engine.Tie {
	var out []engine.Tie
	for _, g := range t.Groups {
		out = append(out, engine.Tie{TieRef: engine.TieRef{Kind: engine.Group, ID: g.ID}, Name: g.Name})
	}
	for _, p := range t.Poles {
		out = append(out, engine.Tie{TieRef: engine.TieRef{Kind: engine.Pole, ID: p.ID}, Name: p.Name, Territory: f.perimeter(p.Territory)})
	}
	for _, c := range t.Partnerships {
		tie := engine.Tie{TieRef: engine.TieRef{Kind: engine.Convention, ID: c.ID}, Name: c.Name,
			Territory: f.perimeter(c.Territory), From: date(c.From), Until: date(c.Until)}
		for _, s := range c.Sectors {
			tie.Codes = append(tie.Codes, s.Code())
		}
		out = append(out, tie)
	}
	return out
}

// date reads a stored date; an empty or unreadable one is open.
func date(text string) territories.Date {
	d, err := territories.ParseDate(text)
	if err != nil {
		return territories.Date{}
	}
	return d
}

// absence says why a lot is not to be matched; empty when it is.
func absence(l *opportunities.Lot) string {
	switch {
	case l.Withdrawn:
		return ReasonLotWithdrawn
	case l.Opportunity.Kind.ForPeople():
		return ReasonForPeople
	case l.Opportunity.State == opportunities.Draft:
		return ReasonLotDraft
	case l.Opportunity.State == opportunities.Cancelled:
		return ReasonLotCancelled
	case l.Opportunity.Kind == opportunities.Expected && l.Opportunity.State != opportunities.Published:
		return ReasonForecastOver // what was never open to answer is no history
	}
	return ""
}

// lot reads a lot as it stands in its opportunity.
func (f feed) lot(l *opportunities.Lot, ties map[network.ID]network.Ties) *engine.Lot {
	o := l.Opportunity
	out := &engine.Lot{
		ID: engine.LotID(l.ID), Revision: l.Revision, Opportunity: int64(o.ID), Title: l.Title, Kind: lotKind(o.Kind),
		Codes: telling(l.Codes), Reservation: reservation(l.Clause), InsertionHours: l.Clause.Hours, Until: date(l.EndsOn),
		Asked:         engine.Capacity{FTE: l.FTE, Hours: l.Hours, Amount: l.Amount},
		TurnoverFloor: l.Turnover, InsuranceFloor: l.Insurance, BuyerSIRET: o.BuyerSIRET, DaysNeeded: l.WorkingDays, DurationMonths: months(l.StartsOn, l.EndsOn),
	}
	out.Scope, out.Place = f.place(l.Place)
	out.Holidays = l.Place.Holidays(f.atlas)
	if out.Scope == engine.PlaceCommunes && l.Wider != "" {
		out.Wider = f.perimeter(l.Wider)
	}
	out.Modes = modesAsked(out, l.Modes)
	if out.Asked.FTE == 0 && l.Posts > 0 {
		out.Asked.FTE = float64(l.Posts)
	}
	if out.Asked.Hours == 0 && out.Kind == engine.InsertionHours {
		out.Asked.Hours = l.Clause.Hours
	}
	if l.Deadline != nil {
		out.Deadline = *l.Deadline
	}
	out.Ended = ended(l)
	if l.References != nil {
		out.References = engine.ReferencesAsked{Known: true, Count: *l.References}
	}
	for _, c := range l.Certifications {
		out.Certifications = append(out.Certifications, engine.CertificationWish{Code: c.Code, Required: c.Required})
	}
	f.parties(out, o, ties)
	if i := o.Insertion; i != nil {
		out.Holders, out.InsertionShare, out.UntilSupposed = holders(i), i.Share, i.Supposed
	}
	return out
}

// holders are who won the contract that leaves hours to fill.
func holders(i *opportunities.Insertion) (out []engine.Holder) {
	for _, h := range i.Holders {
		out = append(out, engine.Holder{SIRET: h.SIRET, Name: h.Name, Folded: territories.Fold(h.Name)})
	}
	return out
}

// ended is since when a lot is known to be closed, awarded or filled, whichever
// came first: of the opportunity its last change at the latest, of the places the
// last hire, so that a question about an earlier date finds it open. A place that
// is added opens it again.
func ended(l *opportunities.Lot) time.Time {
	o, since := l.Opportunity, l.FilledSince()
	if (o.State == opportunities.Closed || o.State == opportunities.Awarded) && (since.IsZero() || o.UpdatedAt.Before(since)) {
		return o.UpdatedAt
	}
	return since
}

// parties says who buys and what they belong to. Who calls for partners buys
// nothing: what it belongs to is a reason to join.
func (f feed) parties(out *engine.Lot, o *opportunities.Opportunity, ties map[network.ID]network.Ties) {
	if o.BuyerID != nil {
		out.Buyer = engine.BuyerID(*o.BuyerID)
	}
	if o.TransferorID != nil { // never a candidate of what it hands over, and named by no tie
		out.Buyer = engine.BuyerID(*o.TransferorID)
		return
	}
	if o.Kind == opportunities.PartnerCall {
		if o.PublisherID != nil {
			out.Buyer = engine.BuyerID(*o.PublisherID) // never a candidate of its own call
			out.IssuerTies = f.refs(ties[network.ID(*o.PublisherID)])
		}
		return
	}
	if out.Buyer != 0 {
		out.BuyerTies = f.refs(ties[network.ID(out.Buyer)])
	}
}

func (f feed) refs(t network.Ties) []engine.TieRef {
	var out []engine.TieRef
	for _, tie := range f.ties(t) {
		out = append(out, tie.TieRef)
	}
	return out
}

func lotKind(k opportunities.Kind) engine.LotKind {
	switch k {
	case opportunities.PrivatePurchase:
		return engine.PrivatePurchase
	case opportunities.JobNeed:
		return engine.JobNeed
	case opportunities.InsertionHours:
		return engine.InsertionHours
	case opportunities.PartnerCall, opportunities.Takeover:
		return engine.CallForPartners
	case opportunities.Expected:
		return engine.ExpectedCall
	}
	return engine.Tender
}

func reservation(c opportunities.Clause) engine.Reservation {
	switch {
	case c.Verdict == opportunities.ClauseToConfirm && c.ReservedTo != opportunities.NotReserved:
		return engine.ReservedUnclear
	case c.Verdict != opportunities.ClauseReserved:
		return engine.Unreserved
	case c.ReservedTo == opportunities.NotReserved:
		return engine.ReservedUnclear
	}
	return engine.Reservation(c.ReservedTo)
}

func (f feed) place(p opportunities.Place) (engine.Scope, *territories.Perimeter) {
	switch p.Scope {
	case opportunities.WholeCountry:
		return engine.PlaceCountry, nil
	case opportunities.InCommunes:
		if area := f.perimeter(p.Perimeter); area != nil {
			return engine.PlaceCommunes, area
		}
	}
	return engine.PlaceUnknown, nil
}

// modesAsked gives the ways of serving that a lot accepts. A lot that doesn't
// say accepts what its kind and its main code allow: people lent for a need of
// people, a service or works for most codes, a supply too for goods.
func modesAsked(l *engine.Lot, said []string) engine.Modes {
	if m := modesOf(said); m != 0 {
		return m
	}
	switch l.Kind {
	case engine.JobNeed:
		return engine.Secondment
	case engine.InsertionHours:
		return engine.Provision | engine.Secondment
	case engine.CallForPartners:
		return 0
	}
	if len(l.Codes) == 0 {
		return 0
	}
	return modesOfCode(l.Codes[0])
}

// modesOfCode reads the nature of a purchase in its CPV division: 03 to 44 and
// 48 are goods, 45 works, 50 to 98 services; 796 is supply of personnel.
func modesOfCode(c nomenclatures.Code) engine.Modes {
	if c.Scheme != nomenclatures.SchemeCPV {
		return engine.Provision | engine.Supply
	}
	division := c.Value[:2]
	switch {
	case strings.HasPrefix(c.Value, "796"):
		return engine.Secondment
	case division < "45" || division == "48":
		return engine.Provision | engine.Supply
	}
	return engine.Provision
}

// months is the length of a lot, 0 when it isn't told.
func months(from, until string) int {
	a, b := date(from), date(until)
	if a.IsZero() || b.IsZero() {
		return 0
	}
	return max(0, (b.Year-a.Year)*12+int(b.Month-a.Month)+(b.Day-a.Day+15)/30)
}
