package tenders

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// losses lists what a notice says and its release, read back, does not say the
// same way.
func losses(n, back *Notice) (list []string) {
	same := func(field string, want, got any) {
		if w, g := fmt.Sprint(want), fmt.Sprint(got); w != g {
			list = append(list, fmt.Sprintf("%s: %.300q became %.300q", field, w, g))
		}
	}
	same("nature", n.Nature, back.Nature)
	same("family", n.Form.Family, back.Form.Family)
	if n.Published != "" {
		same("published", n.Published, back.Published)
	}
	same("language", n.Language, back.Language)
	same("buyer", n.Buyer, back.Buyer)
	same("title", n.Title, back.Title)
	same("description", n.Description, back.Description)
	same("cpv", n.CPV, back.CPV)
	same("descriptors", n.Descriptors, back.Descriptors)
	same("sectors", n.Sectors, back.Sectors)
	same("links", n.Links, back.Links)
	same("value", money(n.Value), money(back.Value))
	if n.Form.Family != Award {
		same("deadline", instant(n.Deadline), instant(back.Deadline))
	}
	if n.Place.Basis == ByPerformance {
		same("place", string(n.Place.Perimeter), string(back.Place.Perimeter))
	}
	same("verdict", n.Social.Verdict, back.Social.Verdict)
	if n.Social.Verdict == Reserved {
		same("reserved_to", n.Social.ReservedTo, back.Social.ReservedTo)
	}
	same("winners", winnersOf(n), winnersOf(back))
	same("award", awardOf(n), awardOf(back))
	same("lots", len(n.Lots), len(back.Lots))
	for i := range min(len(n.Lots), len(back.Lots)) {
		list = append(list, lotLosses(n, back, i)...)
	}
	return list
}

func lotLosses(n, back *Notice, i int) (list []string) {
	a, b := n.Lots[i], back.Lots[i]
	for _, f := range []struct {
		name      string
		want, got any
	}{
		{"lot.title", a.Title, b.Title}, {"lot.cpv", a.CPV, b.CPV}, {"lot.value", money(a.Value), money(b.Value)},
		{"lot.deadline", instant(a.Deadline), instant(b.Deadline)}, {"lot.verdict", a.Social.Verdict, b.Social.Verdict},
		{"lot.reserved", a.Reserved, b.Reserved}, {"lot.place", string(a.Place.Perimeter), string(b.Place.Perimeter)},
	} {
		if f.name == "lot.deadline" && n.Form.Family == Award || f.name == "lot.place" && a.Place.Basis != ByPerformance {
			continue
		}
		if w, g := fmt.Sprint(f.want), fmt.Sprint(f.got); w != g {
			list = append(list, fmt.Sprintf("%s: %.300q became %.300q", f.name, w, g))
		}
	}
	return list
}

func money(v *Value) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%.2f %s", v.Amount, v.Currency)
}

func instant(d *Deadline) string {
	if d == nil {
		return ""
	}
	return d.Instant.UTC().Format(time.RFC3339)
}

func winnersOf(n *Notice) string {
	var list []string
	for _, w := range n.Winners {
		list = append(list, w.Name+"/"+w.SIRET+"/"+w.Lot)
	}
	slices.Sort(list)
	return strings.Join(list, "; ")
}

func awardOf(n *Notice) string {
	if n.Award == nil {
		return "0  0"
	}
	return fmt.Sprint(n.Award.Months, " ", n.Award.Notified, " ", n.Award.Offers)
}
