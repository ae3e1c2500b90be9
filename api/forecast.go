package api

import (
	"context"
	"net/http"

	"maillage/accounts"
	"maillage/opportunities"
)

// Forecast is why and when a call is expected: an opportunity of kind expected
// has one.
type Forecast struct {
	On         string             `json:"on" format:"date" doc:"Day the call is expected."`
	From       string             `json:"from" format:"date" doc:"It comes out from this day: the buyer is to be called before."`
	Until      string             `json:"until" format:"date"`
	Ends       string             `json:"ends" format:"date" doc:"End of the running contracts."`
	Confidence float64            `json:"confidence" minimum:"0" maximum:"1"`
	Reasons    []ForecastReason   `json:"reasons"`
	Contracts  []ForecastContract `json:"contracts" doc:"Those that end, then those that they followed."`
	Amount     float64            `json:"amount,omitempty" doc:"Of the contracts that end, excluding taxes; it is no estimate of the next one."`
	Currency   string             `json:"currency,omitempty"`
	Confirmed  string             `json:"confirmed,omitempty" example:"2027-03" doc:"Month that the buyer confirmed to an officer."`
	Dismissed  string             `json:"dismissed,omitempty" enum:"not_again,in_house,group_order,bad_data,other" doc:"Why an officer does not expect it."`
	End        string             `json:"end,omitempty" enum:"came_out,lapsed,groundless,not_expected" doc:"Absent while it is expected."`
	Call       *int64             `json:"call,omitempty" doc:"Opportunity of the call that came out."`
}

// ForecastReason is a ground of the confidence.
type ForecastReason struct {
	Code    string `json:"code"`
	N       int    `json:"n,omitempty" doc:"Contracts, calls or months, as the code says."`
	Against bool   `json:"against,omitempty" doc:"A ground for less confidence."`
}

// ForecastContract is an award that a forecast rests on.
type ForecastContract struct {
	Key         string           `json:"key"`
	Number      string           `json:"number,omitempty"`
	Opportunity *int64           `json:"opportunity,omitempty"`
	Title       string           `json:"title"`
	Holders     []ForecastHolder `json:"holders"`
	Amount      float64          `json:"amount,omitempty"`
	Notified    string           `json:"notified" format:"date"`
	Months      int              `json:"months"`
	Ends        string           `json:"ends" format:"date"`
	Procedure   string           `json:"procedure,omitempty"`
	Before      bool             `json:"before,omitempty" doc:"It has been followed already."`
}

// ForecastHolder is who holds a contract.
type ForecastHolder struct {
	Name  string `json:"name"`
	SIRET string `json:"siret,omitempty"`
}

// showForecast leaves out the note of an officer, which is the network's own.
func showForecast(f *opportunities.Forecast) *Forecast {
	if f == nil {
		return nil
	}
	out := &Forecast{On: f.On, From: f.From, Until: f.Until, Ends: f.Ends, Confidence: f.Confidence, Amount: f.Amount, Currency: f.Currency, End: string(f.End), Call: plainID(f.CallID),
		Reasons:   each(f.Reasons, func(r opportunities.Reason) ForecastReason { return ForecastReason(r) }),
		Contracts: each(f.Contracts, showContract)}
	if w := f.Word; w != nil {
		out.Confirmed, out.Dismissed = w.Month, string(w.Motive)
	}
	return out
}

func showContract(c opportunities.Contract) ForecastContract {
	return ForecastContract{Key: c.Key, Number: c.Number, Opportunity: plainID(c.OpportunityID), Title: c.Title, Amount: c.Amount, Notified: c.Notified, Months: c.Months,
		Ends: c.Ends, Procedure: c.Procedure, Before: c.Before, Holders: each(c.Holders, func(h opportunities.Holder) ForecastHolder { return ForecastHolder(h) })}
}

func plainID(id *opportunities.ID) *int64 {
	if id == nil {
		return nil
	}
	n := int64(*id)
	return &n
}

// ForecastWord is what an officer knows of an expected call: one of the two.
type ForecastWord struct {
	Month  string `json:"month,omitempty" pattern:"^[0-9]{4}-[0-9]{2}$" example:"2027-03" doc:"The buyer confirmed a call in this month."`
	Motive string `json:"motive,omitempty" enum:"not_again,in_house,group_order,bad_data,other" doc:"Or it is not to be expected, and why."`
	Note   string `json:"note,omitempty" maxLength:"2000"`
}

func (s *Server) forecasts() {
	add(s, Operation{ID: "settle-forecast", Method: http.MethodPost, Path: "/v1/opportunities/{id}/forecast", Tag: tagOpportunities, Action: accounts.OpportunityForecast,
		Summary: "Say what the buyer of an expected call says", About: "A confirmed month replaces the computed window; a motive sets it aside. Later computations keep either.",
		Example: `{"month":"2027-03","note":"Vu avec le service achats."}`}, s.settleForecast)
}

func (s *Server) settleForecast(ctx context.Context, in *struct {
	ByID
	Body ForecastWord
}) (*Found[Opportunity], error) {
	o, err := s.visible(ctx, opportunities.ID(in.ID))
	if err == nil {
		err = accounts.Allow(accounts.From(ctx), accounts.OpportunityForecast, s.scopeOfOpportunity(o))
	}
	if err != nil {
		return nil, err
	}
	if in.Body.Motive != "" {
		o, err = s.cfg.Opportunities.Dismiss(ctx, by(ctx, in.Body.Note), o.ID, opportunities.Motive(in.Body.Motive))
	} else {
		o, err = s.cfg.Opportunities.Confirm(ctx, by(ctx, in.Body.Note), o.ID, in.Body.Month)
	}
	if err != nil {
		return nil, err
	}
	return revised(s.showOpportunity(o), o.Revision), nil
}
