// Package demo makes the demonstration federation: one federation and its
// regional associations, 150 members, groups, poles, a sector partnership,
// 80 offers in every state, places for people around Valence (needs, missions,
// immersions, training sessions), seven running contracts with the calls that they
// foretell, 60 journeys of people in insertion and an account for each persona, on real communes
// and with a fixed seed. Organisations, buyers and offers are invented; there
// is no real person. Two names are those of the witness poles that the
// federation's 2012 report names.
//
// It refuses to touch a database that holds anything else, and marks its own,
// because its passwords are public.
package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"maillage/accounts"
	"maillage/internal/store"
	"maillage/network"
	"maillage/opportunities"
	"maillage/territories"
)

// Password opens every account of the demonstration. It is public: that is why
// a demonstration is never served without saying so.
const Password = "tisser-le-territoire-2012"

// source marks what the demonstration made.
const source = "demo"

// setting is the mark of a demonstration in its database.
const setting = "demonstration"

// Config is what the demonstration is made with. Now defaults to time.Now.
type Config struct {
	Store    *store.Store
	Atlas    *territories.Atlas
	Accounts *accounts.Service
	Network  *network.Service
	Now      func() time.Time
	// Site and Publisher are those of the service that shows the demonstration: its
	// releases are cited as the ones made later.
	Site, Publisher string
}

// Is reports whether a database holds the demonstration, made or half made.
func Is(ctx context.Context, st *store.Store) (bool, error) {
	value, err := st.Setting(ctx, setting)
	return value != "", err
}

// Load makes the demonstration in an empty database and tells whether it did.
// One that is there is kept as it is; one whose making was interrupted, or a
// database that holds anything else, is refused.
func Load(ctx context.Context, cfg Config) (loaded bool, err error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	switch value, err := cfg.Store.Setting(ctx, setting); {
	case err != nil:
		return false, err
	case value == "made":
		return false, refuseImported(ctx, cfg.Store)
	case value != "":
		return false, errors.New("the making of this demonstration was interrupted: remove the database and start again")
	}
	if err := refuseUnlessEmpty(ctx, cfg.Store); err != nil {
		return false, err
	}
	if err := mark(ctx, cfg.Store, "making"); err != nil {
		return false, err
	}
	l := &loader{Config: cfg, generator: newGenerator(cfg.Atlas, cfg.Now())}
	if err := l.load(ctx); err != nil {
		return false, fmt.Errorf("make the demonstration: %w", err)
	}
	return true, mark(ctx, cfg.Store, "made")
}

func mark(ctx context.Context, st *store.Store, value string) error {
	return st.InTx(ctx, func(ctx context.Context, tx store.Tx) error { return tx.Set(ctx, setting, value) })
}

// refuseUnlessEmpty protects a real database from known passwords.
func refuseUnlessEmpty(ctx context.Context, st *store.Store) error {
	for _, table := range []string{"users", "organisations", "opportunities", "notices"} {
		n, err := st.Read().NewSelect().Table(table).Count(ctx)
		if err != nil {
			return fmt.Errorf("look for other data: %w", err)
		}
		if n > 0 {
			return errors.New("this database already holds something else than the demonstration: give another one with --database")
		}
	}
	return nil
}

// refuseImported stops a demonstration to which real members were added by another way.
func refuseImported(ctx context.Context, st *store.Store) error {
	n, err := st.Read().NewSelect().Table("organisations").Where("source = ?", "import").Count(ctx)
	if err != nil {
		return fmt.Errorf("look for other data: %w", err)
	}
	if n > 0 {
		return fmt.Errorf("this database is the demonstration, whose passwords are public, and %d imported organisations were added to it: serve another one", n)
	}
	return nil
}

// loader makes the parts in order, through the same use cases as everybody.
type loader struct {
	Config
	*generator

	federation   *network.Organisation
	associations map[string]*network.Organisation // by région
	members      []*network.Organisation
	employers    []*network.Organisation
	buyers       []*network.Organisation
	awarded      []*opportunities.Opportunity
	officer      int64 // user
	member       int64 // user of the heroine
	counsellor   int64 // user of the heroine’s
	employer     int64 // user of the employer of Valence
	researcher   int64 // user
	told         int   // offers of insertion hours so far
}

func (l *loader) load(ctx context.Context) error {
	for _, part := range []struct {
		name string
		make func(context.Context) error
	}{
		{"networks", l.loadNetworks}, {"members", l.loadMembers}, {"employers and buyers", l.loadOthers},
		{"groups", l.loadGroups}, {"poles", l.loadPoles}, {"partnership", l.loadPartnership},
		{"offers", l.loadOffers},
		{"awards", l.loadAwards},
		{"notices", l.loadNotices},
		{"positions", l.loadPositions},
		{"accounts", l.loadAccounts},
		{"people", l.loadPeople},
		{"proposals", l.loadProposals},
		{"silent calls", l.loadSilent},
		{"pursuits", l.loadPursuits},
		{"contacts", l.loadContacts},
		{"dossier", l.loadDossier},
		{"prospects", l.loadProspects},
		{"calls", l.loadCalls},
		{"reminders", l.loadReminders},
		{"webhooks", l.loadWebhooks},
		{"batches", l.loadBatches},
		{"past", l.loadPast},
		{"observatory", l.loadObservatory},
		{"own records", l.loadOwnRecords},
		{"campaigns", l.loadCampaigns},
		{"quality", l.loadQuality},
		{"agenda", l.loadAgenda},
		{"questions", l.loadQuestions},
		{"releases", l.loadReleases},
		{"replies", l.loadReplies},
		{"year", l.loadYear},
	} {
		if err := part.make(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

func (l *loader) save(ctx context.Context, o *network.Organisation, networks ...*network.Organisation) (*network.Organisation, error) {
	for _, n := range networks {
		o.Memberships = append(o.Memberships, network.Membership{NetworkID: n.ID, Since: day(l.today.AddDate(-3, 0, 0))})
	}
	return l.Network.Save(ctx, o, 0)
}

func (l *loader) loadNetworks(ctx context.Context) (err error) {
	l.federation, err = l.save(ctx, l.organisation(network.Federation, "Fédération du Maillage (démonstration)", "75056"))
	if err != nil {
		return err
	}
	l.associations = map[string]*network.Organisation{}
	for _, list := range towns {
		for _, seat := range list {
			c := l.commune(seat)
			if l.associations[c.Region] != nil {
				continue
			}
			name, _ := l.atlas.Name(territories.Ref{Kind: territories.KindRegion, Code: c.Region})
			a, err := l.save(ctx, l.organisation(network.Regional, "Maillage "+name+" (démonstration)", seat), l.federation)
			if err != nil {
				return err
			}
			l.associations[c.Region] = a
		}
	}
	return nil
}

func (l *loader) loadMembers(ctx context.Context) error {
	for _, m := range l.generator.members() {
		region := l.commune(m.Sites[0].Commune).Region
		saved, err := l.save(ctx, m, l.federation, l.associations[region])
		if err != nil {
			return err
		}
		l.members = append(l.members, saved)
	}
	return nil
}

func (l *loader) loadOthers(ctx context.Context) error {
	for _, e := range employerSeeds {
		o := l.organisation(network.Employer, e.name, e.seat)
		o.NAF = "55.10Z"
		saved, err := l.save(ctx, o)
		if err != nil {
			return err
		}
		l.employers = append(l.employers, saved)
	}
	for i, name := range buyerNames {
		saved, err := l.save(ctx, l.organisation(network.Buyer, name, towns[i%len(towns)][0]))
		if err != nil {
			return err
		}
		l.buyers = append(l.buyers, saved)
	}
	return nil
}

func (l *loader) loadGroups(ctx context.Context) error {
	for _, g := range l.groups(l.members) {
		if _, err := l.Network.SaveGroup(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) loadPoles(ctx context.Context) error {
	for _, s := range poleSeeds {
		if _, err := l.Network.SavePole(ctx, l.pole(s, l.members)); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) loadPartnership(ctx context.Context) error {
	frame, err := l.Network.SavePartnership(ctx, l.frame(l.federation.ID))
	if err != nil {
		return err
	}
	around := append(append([]*network.Organisation{}, l.employers...), l.members...)
	for _, c := range l.localConventions(frame, around) {
		if _, err := l.Network.SavePartnership(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// loadOffers lives each offer again on the days when it happened: the same use
// cases with a clock of that day, so that its history is true.
func (l *loader) loadOffers(ctx context.Context) error {
	for _, o := range l.offers(l.buyers, l.employers, l.members) {
		l.follow(o.made)
		if err := l.live(ctx, o); err != nil {
			return fmt.Errorf("%s: %w", o.made.Title, err)
		}
	}
	return nil
}

func (l *loader) live(ctx context.Context, o offer) error {
	on := func(day time.Time) *opportunities.Service {
		return opportunities.NewService(opportunities.Config{Store: l.Store, Atlas: l.Atlas, Now: func() time.Time { return day }})
	}
	start := o.published
	if start.IsZero() {
		start = l.today
	}
	by := opportunities.By{Origin: source}
	made, err := on(start).Create(ctx, by, o.made)
	if err != nil || o.published.IsZero() {
		return err
	}
	if _, err = on(start).Publish(ctx, by, made.ID, 0); err != nil {
		return err
	}
	switch o.ends {
	case opportunities.Closed:
		_, err = on(o.ended).Close(ctx, by, made.ID, 0)
	case opportunities.Awarded:
		made, err = on(o.ended).Award(ctx, by, made.ID, 0)
		l.awarded = append(l.awarded, made)
	case opportunities.Cancelled:
		by.Note = "Procédure sans suite pour motif d’intérêt général."
		_, err = on(o.ended).Cancel(ctx, by, made.ID, 0)
	}
	return err
}
