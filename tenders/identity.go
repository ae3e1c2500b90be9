package tenders

import (
	"context"
	"strings"

	"maillage/internal/store"
)

// identity is the procurement of a notice: its key among the opportunities,
// whether it was known before this notice, and the names it will be found by.
type identity struct {
	key   string
	known bool
	names []string
}

// name is one way to recognise a procurement.
type name struct {
	text string
	// sure names belong to one procurement; the others are shared in real files
	// (converters stamp one UUID on every notice) and are believed only when
	// the buyer or the title agrees.
	sure bool
}

// identify finds the procurement of a notice: by its procedure identifier, else
// by the notices it names, else by its own identifiers.
func identify(ctx context.Context, tx store.Tx, n *Notice, sum string) (identity, error) {
	all := names(n)
	found, err := keysOf(ctx, tx, all)
	if err != nil {
		return identity{}, err
	}
	who := identity{}
	for _, nm := range all {
		key := found[nm.text]
		if key == "" {
			who.names = append(who.names, nm.text)
			continue
		}
		if who.known {
			continue
		}
		same := nm.sure
		if !same {
			if same, err = agrees(ctx, tx, n, key); err != nil {
				return identity{}, err
			}
		}
		if same {
			who.key, who.known = key, true
		}
	}
	if !who.known {
		who.key = freshKey(n, who.names, sum)
	}
	return who, nil
}

// freshKey is the key of a new procurement: its procedure, else the identifier
// of the notice, told apart where others already bear it.
func freshKey(n *Notice, free []string, sum string) string {
	own := string(n.Source) + ":" + n.ID
	if n.Source == TED {
		own = "ted:" + ojKey(n.ID)
	}
	for _, want := range []string{"procedure:" + n.Procedure, own} {
		for _, f := range free {
			if f == want && want != "procedure:" {
				return want
			}
		}
	}
	return own + "@" + firstNonEmpty(publication(n), sum[:8])
}

// names lists the ways to recognise the procurement of a notice, the most
// telling first.
func names(n *Notice) (list []name) {
	add := func(text string, sure bool) {
		for _, have := range list {
			if have.text == text {
				return
			}
		}
		list = append(list, name{text, sure})
	}
	if n.Procedure != "" {
		add("procedure:"+n.Procedure, false)
	}
	for _, relation := range []Relation{SameAs, Changes, Follows} {
		for _, r := range n.Related {
			if r.Relation != relation {
				continue
			}
			if r.Scheme == TED {
				add("ted:"+ojKey(r.ID), true)
			} else {
				add(string(r.Scheme)+":"+r.ID, r.Scheme == BOAMP)
			}
		}
	}
	if n.Source == TED {
		add("ted:"+ojKey(n.ID), true)
	} else {
		add(string(n.Source)+":"+n.ID, n.Source == BOAMP)
	}
	return list
}

// agrees compares a notice with those of a procurement: nearly the same title,
// or the same buyer and a title that is not another one altogether.
func agrees(ctx context.Context, tx store.Tx, n *Notice, key string) (bool, error) {
	rows, err := noticesOfKey(ctx, tx, key)
	if err != nil {
		return false, err
	}
	for _, r := range rows {
		alike := likeness(n.Title, r.Title)
		buyer := samePerson(n.Buyer.Name, r.BuyerName) || (n.Buyer.SIREN != "" && n.Buyer.SIREN == r.BuyerSIREN)
		if alike >= 0.7 || (buyer && alike >= 0.25) {
			return true, nil
		}
	}
	return len(rows) == 0, nil
}

// likeness is the share of the words of the shorter title that the other holds,
// so that a title that was cut is like the whole one. Words of three letters
// and fewer say nothing.
func likeness(a, b string) float64 {
	x, y := titleWords(a), titleWords(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return 0
	}
	common := 0
	for w := range x {
		if y[w] {
			common++
		}
	}
	return float64(common) / float64(len(x))
}

func titleWords(title string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(fold(title).text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		if len(w) > 3 {
			words[w] = true
		}
	}
	return words
}
