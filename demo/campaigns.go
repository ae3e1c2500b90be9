package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"maillage/indicators/campaign"
	"maillage/indicators/compute"
	"maillage/indicators/microdata"
	"maillage/network"
)

// How many structures answered the campaign that is closed, and the one that is open.
const (
	answeredBefore = 18
	answeredNow    = 8
)

// loadCampaigns leaves the campaign of the year before, closed, and one that is
// open: some have sent it, one must correct, the heroine's waits in the middle.
func (l *loader) loadCampaigns(ctx context.Context) error {
	year := l.today.Year() - 2
	before, err := l.campaigns(l.today.AddDate(-1, -7, 0))
	if err != nil {
		return err
	}
	if err := l.campaign(ctx, before, year, l.today.AddDate(-1, -7, 0)); err != nil {
		return fmt.Errorf("campaign of %d: %w", year, err)
	}
	c, err := before.Close(ctx, year, 0)
	if err != nil {
		return err
	}
	if err := before.Settle(ctx, c.ID); err != nil {
		return err
	}
	now, err := l.campaigns(l.today.AddDate(0, 0, -20))
	if err != nil {
		return err
	}
	if err := l.campaign(ctx, now, year+1, l.today.AddDate(0, 0, -20)); err != nil {
		return fmt.Errorf("campaign of %d: %w", year+1, err)
	}
	return l.inTheMiddle(ctx, now)
}

// campaigns makes the service of campaigns on a day.
func (l *loader) campaigns(on time.Time) (*campaign.Service, error) {
	clock := func() time.Time { return on }
	known := microdata.NewService(microdata.Config{Store: l.Store, Atlas: l.Atlas, Now: clock, Random: bytesOf{l.random}})
	return campaign.NewService(campaign.Config{Store: l.Store, Atlas: l.Atlas, Observ: known, Now: clock})
}

// campaign opens one and has some structures answer it.
func (l *loader) campaign(ctx context.Context, s *campaign.Service, year int, opens time.Time) error {
	if _, err := s.Save(ctx, 0, campaign.Plan{Year: year, OpensOn: day(opens), ClosesOn: day(opens.AddDate(0, 0, 45))}); err != nil {
		return err
	}
	c, err := s.Start(ctx, year, 0)
	if err != nil {
		return err
	}
	if err := s.Make(ctx, c.ID); err != nil {
		return err
	}
	n := answeredNow
	if year == l.today.Year()-2 {
		n = answeredBefore
	}
	for _, m := range l.answering()[:n] {
		if year == l.today.Year()-1 && m.ID == l.heroine().ID {
			continue // hers waits in the middle
		}
		id, err := l.filled(ctx, s, m, year)
		if err != nil {
			return err
		}
		if _, err := s.Submit(ctx, id, 0); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	return nil
}

// answering are the structures that answer campaigns, those of the Drôme and the Ardèche first.
func (l *loader) answering() []*network.Organisation {
	near := func(m *network.Organisation) bool {
		return slices.Contains([]string{"26", "07"}, l.commune(m.Sites[0].Commune).Departement)
	}
	all := slices.Clone(l.members)
	slices.SortStableFunc(all, func(a, b *network.Organisation) int {
		switch {
		case near(a) && !near(b):
			return -1
		case near(b) && !near(a):
			return 1
		}
		return 0
	})
	return all
}

// filled answers every question of a structure with figures that hold together.
func (l *loader) filled(ctx context.Context, s *campaign.Service, m *network.Organisation, year int) (campaign.QuestionnaireID, error) {
	own, err := s.Own(ctx, int64(m.ID))
	if err != nil {
		return 0, err
	}
	f, err := s.Form(ctx, own[0].ID)
	if err != nil {
		return 0, err
	}
	said := saidBy(int64(m.ID), year)
	var entries []campaign.Entry
	for _, i := range f.Items {
		if i.Total || i.Answer.Given() {
			continue
		}
		text, ok := said[i.Question.Code]
		if !ok {
			text = "ND"
		}
		entries = append(entries, campaign.Entry{Question: i.Question.Code, Text: &text, Revision: i.Answer.Revision})
	}
	_, err = s.SaveAnswers(ctx, own[0].ID, entries)
	return own[0].ID, err
}

// saidBy is what a structure of a size says: the same size every year, a little more each.
func saidBy(organisation int64, year int) map[compute.Measure]string {
	random := rand.New(rand.NewPCG(uint64(organisation), 2012)) //nolint:gosec // invented figures, not a secret
	size := 4 + 14*random.Float64()
	grown := size * (1 + 0.04*float64(year-2020))
	whole := func(x float64) string { return strconv.Itoa(int(x)) }
	tenth := func(x float64) string { return strconv.FormatFloat(float64(int(10*x))/10, 'f', 1, 64) }
	out := map[compute.Measure]string{
		compute.Workers: whole(2.4 * grown), compute.FTE: tenth(grown), compute.PaidHours: whole(1607 * grown), compute.ClauseHours: whole(180 * grown),
		compute.PermanentPersons: whole(0.4*grown + 2), compute.PermanentFTE: tenth(0.3*grown + 1), compute.PermanentStart: tenth(0.3*grown + 1), compute.PermanentEnd: tenth(0.3*grown + 1),
		compute.HomeWorkerPersons: whole(2.6 * grown), compute.HomeWorkerFTE: tenth(grown), compute.ManagerPersons: whole(0.2*grown + 2), compute.ManagerFTE: tenth(0.15*grown + 1),
		compute.StaffPersons: whole(2*grown + 4), compute.StaffFTE: tenth(1.3 * grown),
		compute.Purchases: whole(9000 * grown), compute.LocalPurchases: whole(5200 * grown), compute.Sales: whole(18000 * grown), compute.Income: whole(41000 * grown), compute.LocalPayroll: whole(20000 * grown),
		compute.PublicAid: whole(21000 * grown), compute.Contributions: whole(7000 * grown), compute.Positions: "9", compute.PositionsOfWomen: whole(3 + 3*random.Float64()), compute.PublicBodies: "2",
		compute.VolunteerHours: whole(30 * grown), compute.OpenEvents: whole(1 + 4*random.Float64()), compute.OpenParticipants: whole(12 + 60*random.Float64()), compute.Innovations: "1", compute.Clients: whole(25 * grown), compute.Teams: "5", compute.TeamsMixed: "3",
	}
	if organisation%3 == 0 {
		out[compute.Tonnes] = whole(12 * grown)
	}
	return out
}

// inTheMiddle leaves the heroine's questionnaire half filled, with what asks for
// a word, and gives one back to be corrected.
func (l *loader) inTheMiddle(ctx context.Context, s *campaign.Service) error {
	heroine := int64(l.heroine().ID)
	own, err := s.Own(ctx, heroine)
	if err != nil {
		return err
	}
	said, year := saidBy(heroine, l.today.Year()-1), own[0].ID
	var entries []campaign.Entry
	for code, text := range map[compute.Measure]string{compute.Workers: said[compute.Workers], compute.FTE: said[compute.FTE], compute.PermanentPersons: said[compute.PermanentPersons], compute.PermanentFTE: said[compute.PermanentFTE],
		compute.Sales: "880 000", compute.Purchases: "environ 90 000", compute.Tonnes: "ND", compute.Teams: "4", compute.TeamsMixed: "5", compute.OpenEvents: "0"} {
		entries = append(entries, campaign.Entry{Question: code, Text: &text, Revision: campaign.AnyRevision})
	}
	slices.SortFunc(entries, func(a, b campaign.Entry) int { return cmp.Compare(a.Question, b.Question) })
	_, errSave := s.SaveAnswers(ctx, year, entries)
	_, errWord := s.Comment(ctx, campaign.Comment{QuestionnaireID: year, Question: compute.Purchases, Text: "Les comptes 60 à 62, hors taxes : votre comptable les a au bilan."})
	return errors.Join(errSave, errWord, l.givenBack(ctx, s))
}

// givenBack returns one questionnaire that was sent.
func (l *loader) givenBack(ctx context.Context, s *campaign.Service) error {
	for _, m := range l.answering()[:answeredNow] {
		if m.ID == l.heroine().ID {
			continue
		}
		own, err := s.Own(ctx, int64(m.ID))
		if err != nil {
			return err
		}
		_, err = s.Return(ctx, own[0].ID, 0, "Les achats locaux paraissent comprendre les salaires.")
		return err
	}
	return nil
}
