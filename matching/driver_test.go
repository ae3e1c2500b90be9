package matching_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"maillage/internal/fault"
	"maillage/internal/store"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// driver makes changes at random through the services of one process, on what
// all the drivers of a test have made.
type driver struct {
	*room
	r     *rand.Rand
	made  *made
	moves []move
}

// made is what the drivers have made so far.
type made struct {
	mu            sync.Mutex
	organisations []network.ID
	offers        []opportunities.ID
	needs         []opportunities.LotID // places for people, among the offers
	poles         int
}

// move is one kind of change; weight is how often it comes beside the others. A
// test of other entities gives its driver more of them.
type move struct {
	weight int
	do     func(*driver)
}

func moves() []move {
	return []move{
		{3, (*driver).join}, {3, (*driver).offer}, {1, (*driver).revise}, {1, (*driver).change}, {1, (*driver).cancel}, {1, (*driver).tie}, {1, (*driver).hire},
	}
}

// hardMoves are all those that two processes can make at once.
func hardMoves() []move {
	return append(moves(), move{1, (*driver).award}, move{1, (*driver).deactivate}, move{1, (*driver).untie}, move{1, (*driver).draft})
}

func newDriver(r *room, seed, number uint64, of *made, moves []move) *driver {
	return &driver{room: r, r: rand.New(rand.NewPCG(seed, number)), made: of, moves: moves}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (d *driver) step() {
	organisations, offers := d.made.count()
	switch {
	case organisations < 4:
		d.join()
	case offers < 3:
		d.offer()
	default:
		d.any()
	}
}

func (d *driver) any() {
	total := 0
	for _, m := range d.moves {
		total += m.weight
	}
	at := d.r.IntN(total)
	for _, m := range d.moves {
		if at -= m.weight; at < 0 {
			m.do(d)
			return
		}
	}
}

func (m *made) count() (organisations, offers int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.organisations), len(m.offers)
}

func (d *driver) someOrganisation() network.ID {
	d.made.mu.Lock()
	defer d.made.mu.Unlock()
	return pick(d.r, d.made.organisations...)
}

func (d *driver) someOffer() opportunities.ID {
	d.made.mu.Lock()
	defer d.made.mu.Unlock()
	return pick(d.r, d.made.offers...)
}

// may accepts the refusals that another driver's change explains.
func (d *driver) may(err error) {
	if err != nil && !slices.ContainsFunc([]fault.Kind{fault.KindConflict, fault.KindNotFound, fault.KindPrecondition}, func(k fault.Kind) bool { return fault.Is(err, k) }) {
		d.t.Helper()
		d.t.Fatal(err)
	}
}

func (d *driver) join() {
	o := d.save(d.organisation())
	d.made.mu.Lock()
	defer d.made.mu.Unlock()
	d.made.organisations = append(d.made.organisations, o.ID)
}

func (d *driver) offer() {
	o := d.publish(d.opportunity())
	d.made.mu.Lock()
	defer d.made.mu.Unlock()
	d.made.offers = append(d.made.offers, o.ID)
	if o.Kind == opportunities.JobNeed {
		d.made.needs = append(d.made.needs, o.Lots[0].ID)
	}
}

func (d *driver) revise() {
	o, err := d.network.Get(d.ctx, d.someOrganisation())
	d.must(err)
	next := d.organisation()
	o.Activities, o.Statuses, o.Active = next.Activities, next.Statuses, d.r.IntN(5) > 0
	_, err = d.network.Save(d.ctx, o, 0)
	d.may(err)
}

func (d *driver) deactivate() {
	_, err := d.network.Deactivate(d.ctx, d.someOrganisation(), 0)
	d.may(err)
}

func (d *driver) cancel() {
	_, err := d.lots.Cancel(d.ctx, opportunities.By{}, d.someOffer(), 0)
	d.may(err)
}

func (d *driver) award() {
	_, err := d.lots.Award(d.ctx, opportunities.By{}, d.someOffer(), 0)
	d.may(err)
}

// draft makes an offer that is not published, or publishes it in another breath.
func (d *driver) draft() {
	o, err := d.lots.Create(d.ctx, opportunities.By{}, d.opportunity())
	d.must(err)
	if d.r.IntN(2) == 0 {
		_, err = d.lots.Publish(d.ctx, opportunities.By{}, o.ID, 0)
		d.may(err)
	}
	d.made.mu.Lock()
	defer d.made.mu.Unlock()
	d.made.offers = append(d.made.offers, o.ID)
}

func (d *driver) change() {
	o, err := d.lots.Get(d.ctx, d.someOffer())
	d.must(err)
	next := d.opportunity()
	o.Lots[0].Codes, o.Place, o.Lots[0].FTE = next.Lots[0].Codes, next.Place, next.Lots[0].FTE
	if d.r.IntN(3) == 0 {
		o.BuyerID = next.BuyerID
	}
	if o.Kind == opportunities.JobNeed {
		o.Lots[0].Posts = 1 + d.r.IntN(4) // what was filled may have a place again
	}
	_, err = d.lots.Update(d.ctx, opportunities.By{}, 0, o)
	d.may(err)
}

// hire takes a place of a need that has one left.
func (d *driver) hire() {
	d.made.mu.Lock()
	needs := slices.Clone(d.made.needs)
	d.made.mu.Unlock()
	if len(needs) == 0 {
		d.offer()
		return
	}
	d.may(d.take(pick(d.r, needs...)))
}

// take says that somebody was hired for a place of a lot.
func (r *room) take(id opportunities.LotID) error {
	return r.st.InTx(r.ctx, func(ctx context.Context, tx store.Tx) error { return r.lots.Take(ctx, tx, id, r.clock.Now()) })
}

// untie removes a pole.
func (d *driver) untie() {
	poles, err := d.network.Poles(d.ctx)
	d.must(err)
	if len(poles) > 0 {
		d.may(d.network.RemovePole(d.ctx, pick(d.r, poles...).ID, 0))
	}
}

// tie puts members, and sometimes buyers, in a pole.
func (d *driver) tie() {
	d.made.mu.Lock()
	d.made.poles++
	number := d.made.poles % 3
	d.made.mu.Unlock()
	members := []network.ID{d.someOrganisation()}
	if other := d.someOrganisation(); other != members[0] {
		members = append(members, other)
	}
	_, err := d.network.SavePole(d.ctx, &network.Pole{
		Key: fmt.Sprint("pole-", number), Name: fmt.Sprint("Pôle ", number), Seat: "26281", Territory: d.zone(), Stage: network.StageActive, Members: members,
	})
	d.may(err)
}

func (d *driver) zone() string {
	return pick(d.r, `{"territory":"departement:26"}`, `{"territory":"commune:26362"}`, `{"radius":{"commune":"26281","km":20}}`,
		`{"radius":{"commune":"26108","km":40}}`, `{"territory":"departement:07"}`, `{"everywhere":true}`)
}

func (d *driver) code() []nomenclatures.Code {
	return cpv(pick(d.r, "77310000", "77340000", "90911200", "90910000", "55520000"))
}

func (d *driver) organisation() *network.Organisation {
	o := gardener()
	o.Name = fmt.Sprint("Membre ", d.r.IntN(1000))
	o.Kind = pick(d.r, network.KindACI, network.KindEI, network.KindAI, network.KindGEIQ)
	o.Statuses[0].Kind = pick(d.r, network.ConventionACI, network.ConventionEI, network.LabelGEIQ)
	o.Activities[0].Codes, o.Activities[0].Zone = d.code(), d.zone()
	o.Activities[0].FTE = float64(d.r.IntN(6))
	if d.r.IntN(6) == 0 {
		o.Activities = nil
	}
	if d.r.IntN(4) == 0 {
		o.Email = ""
	}
	return o
}

func (d *driver) opportunity() *opportunities.Opportunity {
	o := tender()
	o.Place.Perimeter = d.zone()
	o.Lots[0].Codes, o.Lots[0].FTE = d.code(), float64(d.r.IntN(6))
	if d.r.IntN(3) == 0 {
		o.Lots[0].Clause = opportunities.Clause{Verdict: opportunities.ClauseReserved, ReservedTo: opportunities.ReservedSIAE}
	}
	if d.r.IntN(3) == 0 {
		id := int64(d.someOrganisation())
		o.BuyerID = &id
	}
	switch d.r.IntN(3) {
	case 0:
		holder, err := d.network.Get(d.ctx, d.someOrganisation())
		d.must(err)
		o.Kind, o.Insertion = opportunities.InsertionHours, &opportunities.Insertion{Holders: []opportunities.Holder{{Name: holder.Name}}}
	case 1:
		o.Kind, o.Lots[0].Posts, o.Lots[0].Modes = opportunities.JobNeed, 1+d.r.IntN(2), []string{string(network.Provision)}
	}
	return o
}
