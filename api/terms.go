package api

import (
	"context"

	"maillage/accounts"
	"maillage/internal/fault"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// Terms is what a lot says when it is a place for people: a job need, a mission,
// an immersion, a session of training.
type Terms struct {
	Contract  string     `json:"contract,omitempty" enum:"cdi,cdd,cddi,interim,seasonal,apprenticeship,professionalisation"`
	Hours     float64    `json:"hours,omitempty" minimum:"0" maximum:"48" doc:"A week; absent: not said."`
	Slots     []string   `json:"slots,omitempty" maxItems:"28" example:"[\"mon-morning\",\"tue-morning\"]" doc:"When in the week: day and part of day (morning 5–12, afternoon 12–18, evening 18–22, night 22–5). Absent: not said."`
	Split     bool       `json:"split,omitempty" doc:"The day is cut in two."`
	Reach     float64    `json:"reach,omitempty" minimum:"0" maximum:"500" doc:"Kilometres within which people are looked for; absent: 50."`
	Beginner  bool       `json:"beginner,omitempty" doc:"Beginners are welcome."`
	Aptitudes []Wish     `json:"aptitudes,omitempty" maxItems:"40" doc:"Required or appreciated; of a training session, what must be held before."`
	Languages []Language `json:"languages,omitempty" maxItems:"40"`
	Contact   *Contact   `json:"contact,omitempty" doc:"Who answers. Read by who proposes people and by whose position it is, in an opportunity or a lot read alone; never in a list nor a feed. A rewriting without it drops it."`
	Aim       string     `json:"aim,omitempty" enum:"discover,confirm,recruit" doc:"Of an immersion (code du travail, L5135-1)."`
	Audience  string     `json:"audience,omitempty" enum:"journeys,staff" doc:"Of a training session, required: people in insertion, or the permanent staff of the structures."`
	Outcomes  []Gain     `json:"outcomes,omitempty" maxItems:"40" doc:"Of a training session: what it gives."`
	Leads     []string   `json:"leads,omitempty" maxItems:"40" example:"[\"rome:N1101\"]" doc:"Of a training session: the occupations that it prepares for."`
}

// Wish is an aptitude that a position asks for.
type Wish struct {
	Code     string `json:"code" maxLength:"60" example:"permis-b" doc:"One of /v1/aptitudes."`
	Level    int    `json:"level,omitempty" minimum:"0" maximum:"4" doc:"Of a skill: 1 notions, 2 with help, 3 alone, 4 can show others."`
	Required bool   `json:"required" doc:"False: appreciated."`
}

// Language is a language that a position asks for.
type Language struct {
	Language string `json:"language" minLength:"2" maxLength:"2" example:"fr" doc:"ISO 639-1."`
	Level    string `json:"level,omitempty" enum:"A1,A2,B1,B2,C1,C2"`
	Required bool   `json:"required" doc:"False: appreciated."`
}

// Gain is what a training session gives.
type Gain struct {
	Code  string `json:"code" maxLength:"60" example:"caces-r489-3" doc:"One of /v1/aptitudes."`
	Level int    `json:"level,omitempty" minimum:"0" maximum:"4"`
}

// Contact is the person of the employer who answers.
type Contact struct {
	Name  string `json:"name,omitempty" maxLength:"200"`
	Email string `json:"email,omitempty" maxLength:"200"`
	Phone string `json:"phone,omitempty" maxLength:"40"`
}

// AptitudeFound is a licence, a certificate or a skill of the closed list.
type AptitudeFound struct {
	Code  string   `json:"code" example:"permis-b"`
	Kind  string   `json:"kind" enum:"licence,certificate,skill" doc:"A licence or a certificate is held or not; a skill has a level."`
	Label Words    `json:"label"`
	ROME  []string `json:"rome" doc:"Beginnings of the occupations that often ask for it; none: any."`
}

// readTerms turns an input into the noun's own type.
func readTerms(path string, in *Terms) (*opportunities.Terms, []fault.Field) {
	if in == nil {
		return nil, nil
	}
	var faults []fault.Field
	slots, err := nomenclatures.ParseSlots(in.Slots...)
	if err != nil {
		faults = append(faults, fault.At("body."+path+"slots", "unknown", "Ces horaires ne sont pas compris : mon-morning, tue-afternoon…", "These times are not understood: mon-morning, tue-afternoon…"))
	}
	leads, bad := codesOf("body."+path+"leads", in.Leads)
	faults = append(faults, bad...)
	t := &opportunities.Terms{Contract: opportunities.Employment(in.Contract), Hours: in.Hours, Slots: slots, Split: in.Split, Reach: in.Reach, Beginner: in.Beginner,
		Aim: opportunities.Aim(in.Aim), Audience: opportunities.Audience(in.Audience)}
	for _, w := range in.Aptitudes {
		t.Aptitudes = append(t.Aptitudes, opportunities.Wanted{Code: nomenclatures.Aptitude(w.Code), Level: nomenclatures.Mastery(w.Level), Required: w.Required}) //nolint:gosec // 0 to 4 by the contract
	}
	for _, g := range in.Outcomes {
		t.Outcomes = append(t.Outcomes, opportunities.Gain{Code: nomenclatures.Aptitude(g.Code), Level: nomenclatures.Mastery(g.Level)}) //nolint:gosec // 0 to 4 by the contract
	}
	for _, l := range in.Languages {
		level, _ := nomenclatures.ParseFluency(l.Level) // one of the contract's
		t.Languages = append(t.Languages, opportunities.Speaking{Language: l.Language, Level: level, Required: l.Required})
	}
	for _, code := range leads {
		t.Leads = append(t.Leads, nomenclatures.ROME(code.Value))
	}
	if in.Contact != nil {
		t.Contact = opportunities.Contact(*in.Contact)
	}
	return t, faults
}

// showTerms is what anybody may read of terms: who answers is added by withContacts.
func showTerms(t *opportunities.Terms) *Terms {
	if t == nil {
		return nil
	}
	out := &Terms{Contract: string(t.Contract), Hours: t.Hours, Slots: t.Slots.Names(), Split: t.Split, Reach: t.Reach, Beginner: t.Beginner, Aim: string(t.Aim), Audience: string(t.Audience)}
	for _, w := range t.Aptitudes {
		out.Aptitudes = append(out.Aptitudes, Wish{string(w.Code), int(w.Level), w.Required})
	}
	for _, g := range t.Outcomes {
		out.Outcomes = append(out.Outcomes, Gain{string(g.Code), int(g.Level)})
	}
	for _, l := range t.Languages {
		out.Languages = append(out.Languages, Language{l.Language, l.Level.String(), l.Required})
	}
	for _, code := range t.Leads {
		out.Leads = append(out.Leads, code.Code().String())
	}
	return out
}

// whole shows an opportunity read alone: with who answers, to who proposes
// people and to whose it is.
func (s *Server) whole(ctx context.Context, o *opportunities.Opportunity) Opportunity {
	out := s.showOpportunity(o)
	for i := range o.Lots {
		s.withContact(ctx, o, &o.Lots[i], &out.Lots[i])
	}
	return out
}

func (s *Server) withContact(ctx context.Context, o *opportunities.Opportunity, l *opportunities.Lot, out *Lot) {
	if l.Terms == nil || l.Terms.Contact == (opportunities.Contact{}) {
		return
	}
	if accounts.Can(accounts.From(ctx), accounts.OpportunityContact, s.scopeOfOpportunity(o)) {
		who := Contact(l.Terms.Contact)
		out.Terms.Contact = &who
	}
}

func (s *Server) listAptitudes(_ context.Context, in *struct {
	Q     string `query:"q" maxLength:"200" example:"chariot" doc:"Words of its name, in French or in English."`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"200"`
}) (*Found[[]AptitudeFound], error) {
	return found(each(nomenclatures.SearchAptitudes(in.Q, in.Limit), func(a nomenclatures.AptitudeInfo) AptitudeFound {
		return AptitudeFound{Code: string(a.Code), Kind: string(a.Kind), Label: Words{a.FR, a.EN}, ROME: append([]string{}, a.ROME...)}
	})), nil
}
