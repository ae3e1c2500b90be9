package matching_test

import (
	"fmt"
	"math/rand/v2"

	"maillage/internal/fault"
	"maillage/network"
	"maillage/nomenclatures"
	"maillage/opportunities"
)

// driver makes changes at random through the services.
type driver struct {
	*room
	r             *rand.Rand
	organisations []network.ID
	offers        []opportunities.ID
	poles         int
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func (d *driver) step() {
	switch n := d.r.IntN(10); {
	case n < 3 || len(d.organisations) < 4:
		d.organisations = append(d.organisations, d.save(d.organisation()).ID)
	case n < 6 || len(d.offers) < 3:
		o := d.publish(d.opportunity())
		d.offers = append(d.offers, o.ID)
	case n == 6:
		o, err := d.network.Get(d.ctx, pick(d.r, d.organisations...))
		d.must(err)
		next := d.organisation()
		o.Activities, o.Statuses, o.Active = next.Activities, next.Statuses, d.r.IntN(5) > 0
		d.save(o)
	case n == 7:
		d.change()
	case n == 8:
		_, err := d.lots.Cancel(d.ctx, opportunities.By{}, pick(d.r, d.offers...), 0)
		if err != nil && !fault.Is(err, fault.KindConflict) {
			d.t.Fatal(err)
		}
	default:
		d.tie()
	}
}

func (d *driver) change() {
	o, err := d.lots.Get(d.ctx, pick(d.r, d.offers...))
	d.must(err)
	next := d.opportunity()
	o.Lots[0].Codes, o.Place, o.Lots[0].FTE = next.Lots[0].Codes, next.Place, next.Lots[0].FTE
	if d.r.IntN(3) == 0 {
		o.BuyerID = next.BuyerID
	}
	if _, err := d.lots.Update(d.ctx, opportunities.By{}, 0, o); err != nil && !fault.Is(err, fault.KindConflict) {
		d.t.Fatal(err)
	}
}

// tie puts members, and sometimes buyers, in a pole.
func (d *driver) tie() {
	d.poles++
	members := []network.ID{pick(d.r, d.organisations...)}
	if other := pick(d.r, d.organisations...); other != members[0] {
		members = append(members, other)
	}
	_, err := d.network.SavePole(d.ctx, &network.Pole{
		Key: fmt.Sprint("pole-", d.poles%3), Name: fmt.Sprint("Pôle ", d.poles%3), Seat: "26281", Territory: d.zone(), Stage: network.StageActive, Members: members,
	})
	d.must(err)
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
		id := int64(pick(d.r, d.organisations...))
		o.BuyerID = &id
	}
	if d.r.IntN(3) == 0 {
		holder, err := d.network.Get(d.ctx, pick(d.r, d.organisations...))
		d.must(err)
		o.Kind, o.Insertion = opportunities.InsertionHours, &opportunities.Insertion{Holders: []opportunities.Holder{{Name: holder.Name}}}
	}
	return o
}
