package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"maillage/accounts"
	"maillage/accounts/daily"
	"maillage/demo"
	"maillage/followup"
	"maillage/followup/absences"
	"maillage/followup/agenda"
	"maillage/followup/bounces"
	"maillage/followup/bulletin"
	"maillage/followup/calls"
	"maillage/followup/contacts"
	"maillage/followup/conventions"
	"maillage/followup/dossier"
	"maillage/followup/escalation"
	week "maillage/followup/monday"
	"maillage/followup/prospects"
	"maillage/followup/quality"
	"maillage/followup/questions"
	"maillage/followup/tenure"
	"maillage/followup/webhooks"
	"maillage/indicators/access"
	"maillage/indicators/activity"
	"maillage/indicators/campaign"
	"maillage/indicators/delays"
	observed "maillage/indicators/figures"
	"maillage/indicators/funder"
	"maillage/indicators/markets"
	"maillage/indicators/microdata"
	"maillage/indicators/mirror"
	"maillage/indicators/publication"
	"maillage/internal/mail"
	"maillage/internal/outbound"
	"maillage/internal/store"
	"maillage/jobs"
	"maillage/matching"
	"maillage/matching/engine"
	"maillage/matching/fairness"
	"maillage/matching/outlook"
	"maillage/matching/placement"
	"maillage/network"
	"maillage/opportunities"
	"maillage/people"
	"maillage/tenders"
	"maillage/tenders/fetch"
	"maillage/territories"
	"maillage/web"
)

// platform is every noun over one database.
type platform struct {
	env           *env
	store         *store.Store
	atlas         *territories.Atlas
	accounts      *accounts.Service
	network       *network.Service
	opportunities *opportunities.Service
	tenders       *tenders.Service
	sources       *tenders.Sources
	matching      *matching.Service
	followup      *followup.Service
	contacts      *contacts.Service
	dossier       *dossier.Service
	prospects     *prospects.Service
	calls         *calls.Service
	activity      *activity.Service
	conventions   *conventions.Service
	monday        *week.Service
	tenures       *tenure.Service
	placement     *placement.Service
	outlook       *outlook.Service
	fairness      *fairness.Service
	people        *people.Service
	microdata     *microdata.Service
	campaigns     *campaign.Service
	figures       *observed.Service
	releases      *publication.Service
	access        *access.Service
	mirror        *mirror.Service
	funder        *funder.Service
	delays        *delays.Service
	markets       *markets.Service
	quality       *quality.Service
	agenda        *agenda.Service
	questions     *questions.Service
	absences      *absences.Service
	escalation    *escalation.Service
	webhooks      *webhooks.Service
	bounces       *bounces.Service
	bulletin      *bulletin.Service
	daily         *daily.Service
}

// outside is what a platform needs of the world around it; the zero value sends no mail and names no address.
type outside struct {
	mail      mail.Sender
	site      string
	publisher string // of releases; empty for the usual one
	says      tenders.Publication
}

// platform opens the database, brings its schema up to date and makes every noun.
func (e *env) platform(out outside) (*platform, error) {
	atlas, err := territories.Load()
	if err != nil {
		return nil, fmt.Errorf("load the territories: %w", err)
	}
	st, err := e.open()
	if err != nil {
		return nil, err
	}
	p := &platform{env: e, store: st, atlas: atlas}
	if err := p.assemble(out); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return p, nil
}

func (p *platform) assemble(out outside) (err error) {
	now := p.env.now
	p.network = network.NewService(network.Config{Store: p.store, Atlas: p.atlas, Now: now})
	p.bounces = bounces.NewService(bounces.Config{Store: p.store, Atlas: p.atlas, Network: p.network, Now: now})
	asked := p.bounces.Guard(out.mail, true) // the letters of accounts, which somebody waits for
	out.mail = p.bounces.Guard(out.mail, false)
	p.accounts, err = accounts.New(accounts.Config{Store: p.store, Now: now, Log: p.env.log, Mail: asked, Site: out.site,
		Perimeter: accounts.PerimetersOf(p.atlas), Frozen: demonstration})
	if err != nil {
		return err
	}
	words, err := web.NewLetters(out.site, p.atlas, now)
	if err != nil {
		return err
	}
	p.opportunities = opportunities.NewService(opportunities.Config{Store: p.store, Atlas: p.atlas, Now: now,
		WorkingDays: engine.WorkingDays, Mail: out.mail, Words: words, Leave: daily.Add})
	p.tenders = tenders.NewService(tenders.Config{Store: p.store, Atlas: p.atlas, Opportunities: p.opportunities, Network: p.network, Now: now, Publication: out.says})
	p.sources = tenders.NewSources(p.tenders, fetch.New(fetch.Config{Allow: p.env.reach, Now: now}))
	keys, err := people.ParseKeys(p.env.keys)
	if err != nil {
		return fmt.Errorf("read MAILLAGE_IDENTITY_KEY: %w", err)
	}
	p.people = people.NewService(people.Config{Store: p.store, Atlas: p.atlas, Keys: keys, Now: now})
	p.matching = matching.NewService(matching.Config{Store: p.store, Atlas: p.atlas, Now: now})
	if err := p.assembleAnswers(); err != nil {
		return err
	}
	p.tenures = tenure.NewService(tenure.Config{Store: p.store, Now: now})
	p.contacts = contacts.NewService(contacts.Config{Store: p.store, Atlas: p.atlas, Now: now, Network: p.network, Opportunities: p.opportunities, Matching: p.matching})
	p.placement = placement.NewService(placement.Config{Store: p.store, Atlas: p.atlas, People: p.people, Opportunities: p.opportunities, Network: p.network, Now: now, Mail: out.mail, Site: out.site})
	p.fairness = fairness.NewService(fairness.Config{Store: p.store, Atlas: p.atlas, People: p.people, Placement: p.placement, Now: now})
	p.outlook = outlook.NewService(outlook.Config{Store: p.store, Atlas: p.atlas, People: p.people, Opportunities: p.opportunities, Now: now})
	p.microdata = microdata.NewService(microdata.Config{Store: p.store, Atlas: p.atlas, Now: now})
	p.campaigns, err = campaign.NewService(campaign.Config{Store: p.store, Atlas: p.atlas, Observ: p.microdata, Now: now, Mail: out.mail, Words: words, Leave: daily.Add, AtOnce: daily.Now})
	if err != nil {
		return err
	}
	p.access = access.NewService(access.Config{Store: p.store, Atlas: p.atlas, Now: now, Mail: out.mail, Site: out.site})
	p.figures = observed.NewService(observed.Config{Store: p.store, Atlas: p.atlas, Now: now})
	p.releases = publication.NewService(publication.Config{Store: p.store, Atlas: p.atlas, Counts: p.figures, Mail: out.mail, Site: out.site, Publisher: out.publisher, Now: now})
	p.delays = delays.NewService(delays.Config{Store: p.store, Atlas: p.atlas, Now: now})
	if p.markets, err = markets.NewService(markets.Config{Store: p.store, Atlas: p.atlas, Now: now}); err != nil {
		return err
	}
	p.mirror = mirror.NewService(mirror.Config{Figures: p.figures, Released: mirror.FromReleases(p.releases)})
	if p.activity, err = activity.NewService(activity.Config{Store: p.store, Markets: p.markets, Now: now}); err != nil {
		return err
	}
	p.funder = funder.NewService(funder.Config{Figures: p.figures, Now: now})
	return p.assembleStructures(out, words)
}

// assembleAnswers makes what follows a match: its life, and the file that it is
// answered with, which keeps what was sent.
func (p *platform) assembleAnswers() error {
	now := p.env.now
	shelf := dossier.Config{Store: p.store, Now: now, Network: p.network, Opportunities: p.opportunities, Matching: p.matching}
	keeper, err := dossier.NewKeeper(shelf)
	if err != nil {
		return err
	}
	p.followup = followup.NewService(followup.Config{Store: p.store, Atlas: p.atlas, Now: now, Network: p.network, Opportunities: p.opportunities, Matching: p.matching, Handed: keeper})
	shelf.Followup = p.followup
	p.prospects = prospects.NewService(prospects.Config{Store: p.store, Atlas: p.atlas, Now: now, Network: p.network, Matching: p.matching, Followup: p.followup})
	p.calls = calls.NewService(calls.Config{Store: p.store, Atlas: p.atlas, Now: now, Network: p.network, Opportunities: p.opportunities, Followup: p.followup})
	p.dossier, err = dossier.NewService(shelf)
	return err
}

// assembleStructures makes what the network does with its structures.
func (p *platform) assembleStructures(out outside, words *web.Letters) (err error) {
	p.agenda = agenda.NewService(agenda.Config{Store: p.store, Atlas: p.atlas, Now: p.env.now, Mail: out.mail, Words: words})
	if p.questions, err = questions.NewService(questions.Config{Store: p.store, Atlas: p.atlas, Now: p.env.now, Mail: out.mail, Words: words}); err != nil {
		return err
	}
	p.conventions = conventions.NewService(conventions.Config{Store: p.store, Atlas: p.atlas, Now: p.env.now, Opportunities: p.opportunities})
	p.absences = absences.NewService(absences.Config{Store: p.store, Now: p.env.now})
	p.escalation = escalation.NewService(escalation.Config{Store: p.store, Atlas: p.atlas, Now: p.env.now, Network: p.network, Opportunities: p.opportunities, Matching: p.matching,
		Followup: p.followup, Contacts: p.contacts, Tenures: p.tenures, Absences: p.absences, Conventions: p.conventions, Dossier: p.dossier, Mail: out.mail, Words: words, Leave: daily.Add})
	p.bulletin = bulletin.NewService(bulletin.Config{Store: p.store, Atlas: p.atlas, Now: p.env.now, Network: p.network, Opportunities: p.opportunities, Matching: p.matching,
		Followup: p.followup, Agenda: p.agenda, Questions: p.questions, Mail: out.mail, Words: words, Leave: daily.Add})
	p.webhooks = webhooks.NewService(webhooks.Config{Store: p.store, Atlas: p.atlas, Now: p.env.now, Network: p.network, Opportunities: p.opportunities,
		Poster: outbound.NewPoster(outbound.Config{Allow: p.env.hooks}), Site: out.site, Mail: out.mail, Words: words})
	p.quality, err = quality.NewService(quality.Config{Store: p.store, Atlas: p.atlas, Network: p.network, Now: p.env.now, Mail: out.mail, Words: words, Leave: daily.Add})
	if err != nil {
		return err
	}
	p.daily = daily.NewService(daily.Config{Store: p.store, Now: p.env.now, WorkingDays: engine.WorkingDays, Mail: out.mail, Words: words, Sources: []daily.Source{
		daily.From(p.escalation.Compose, p.escalation.Silence),
		daily.From(p.quality.Compose, p.escalation.Silence), // what is reminded of is ended together
		daily.From(p.campaigns.Compose, p.escalation.Silence),
		daily.From(p.bulletin.Compose, p.bulletin.Silence),
		daily.From(p.opportunities.Compose, p.opportunities.Silence),
	}})
	p.monday = week.NewService(week.Config{Store: p.store, Now: p.env.now, Opportunities: p.opportunities, Matching: p.matching, Followup: p.followup, Contacts: p.contacts, Quality: p.quality})
	return err
}

// demonstration tells the accounts that every visitor of the demonstration
// shares; their domain is reserved (RFC 2606), so a real service has none.
func demonstration(email accounts.Email) bool {
	for _, p := range demo.Personas() {
		if strings.EqualFold(p.Email, string(email)) {
			return true
		}
	}
	return false
}

// own is the platform for a command that writes real data: never the demonstration's, whose passwords are public.
func (e *env) own(out outside) (*platform, error) {
	p, err := e.platform(out)
	if err != nil {
		return nil, err
	}
	if err := p.refuseDemonstration(e.ctx); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// work starts the workers.
func (p *platform) work(ctx context.Context, c crew) (*jobs.Pool, error) {
	return jobs.Start(ctx, jobs.Config{Store: p.store, Matching: p.matching, Opportunities: p.opportunities, PeopleMatches: p.placement, Cards: p.placement,
		Mail: p.accounts, Letters: p.opportunities, Sources: p.sources, Forecasts: p.tenders, People: p.people,
		Records: p.microdata, Figures: p.figures, Activity: p.activity, Campaigns: p.campaigns, Releases: p.releases, Access: p.access, Quality: p.quality, Agenda: p.agenda, Questions: p.questions, Reminders: p.escalation, Webhooks: p.webhooks, Markets: p.markets, Bulletin: p.bulletin, Daily: p.daily, Log: p.env.log, Workers: c.Count, Longest: c.Longest})
}

func (p *platform) close() {
	p.env.log.Debug("the database closes", "longest_write_seconds", p.store.LongestTx().Seconds(), "peak_kib", peakKiB())
	_ = p.store.Close()
}

// peakKiB is the most memory this process held, where Linux tells; 0 elsewhere.
// The kernel's own account of a child (ru_maxrss) begins with its parent's.
func peakKiB() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kib int
	_, _ = fmt.Sscan(after, &kib)
	return kib
}

// system is the context of a command: it acts as the operator of the machine.
func (e *env) system() context.Context { return accounts.With(e.ctx, accounts.TheSystem()) }
