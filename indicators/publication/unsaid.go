package publication

import (
	"maillage/indicators/compute"
	"maillage/indicators/disclosure"
)

// Of some persons nobody said the sex, the age or whether they meet a criterion. They are
// a part of their own, so that parts sum to their whole. Where nobody of a place was asked,
// what is counted of women is a zero that nobody answered: readers get "not collected". They
// know then that all of the place are unsaid, so that the attack keeps the zero as known.

// lacksCriterion tells whether nobody said of somebody of the year whether they meet a criterion.
func (b *book) lacksCriterion(p compute.Public, of compute.Measure) bool {
	if p == compute.AnyPublic {
		return false
	}
	n := b.tally(scope{whole, total}, quantity{plus: []compute.Measure{of}}, []compute.Cross{compute.CrossOf(compute.AnySex, compute.AnyAge, p.Unsaid())}, nil)
	return n.persons > 0 || len(n.groups) > 0
}

// criterion is the dimension of one criterion. That its parts are three is written, for
// who attacks the release again.
func (lay layer) criterion() disclosure.Dimension {
	d := disclosure.Dimension{Name: "public." + lay.public.String(), Total: total}
	if lay.unsaid {
		name := lay.public.String()
		d.Groupings = []map[string]string{{inPublic + name: total, outPublic + name: total, unsaidPublic + name: total}}
	}
	return d
}

// nobodySaid tells a cross of persons of which nothing is said in a scope.
func (b *book) nobodySaid(s scope, q quantity, c compute.Cross) bool {
	for _, pair := range c.Unsaid() {
		of, unsaid := b.tally(s, q, []compute.Cross{pair.Of}, nil), b.tally(s, q, []compute.Cross{pair.Unsaid}, nil)
		all, _ := of.sum()
		said, _ := unsaid.sum()
		if (all != 0 || of.persons != 0) && all == said && of.persons == unsaid.persons {
			return true
		}
	}
	return false
}
