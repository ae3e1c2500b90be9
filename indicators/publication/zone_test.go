package publication_test

import (
	"bytes"
	"context"
	"math/big"
	"slices"
	"strings"
	"testing"

	"maillage/indicators/publication"
	"maillage/indicators/release"
	"maillage/territories"
)

func zoned() publication.Plan {
	p := durable()
	p.Level, p.Kinds = publication.Zones, false
	return p
}

// Zones are grown from communes, named by them and published with them: each commune is
// in one, and a figure of a zone may be read where its region's is hidden.
func TestZonesAreReleased(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.fill(40, 1)
		if r := h.publish(durable()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		if r := h.publish(zoned()); r.State != publication.Published {
			t.Fatal(r.Reason)
		}
		v, file := h.latest()
		if r := verified(t, file); !r.Sound() {
			t.Errorf("%+v", r.Findings)
		}
		zones := v.Zones()
		seen := map[string]bool{}
		for _, z := range zones {
			for _, c := range z.Communes {
				if seen[c] {
					t.Fatalf("%s is in two zones", c)
				}
				seen[c] = true
			}
			if z.Name.FR == "" || !slices.IsSorted(z.Communes) {
				t.Errorf("%+v", z.Name)
			}
		}
		table, _, err := h.Table(public(), "C04", 0)
		must(t, err)
		given, hidden := 0, 0
		for _, r := range table.Readings {
			if strings.HasPrefix(r.Territory, "zone-") && r.Mark == publication.Given {
				given++
			}
			if strings.HasPrefix(r.Territory, "zone-") && r.Mark == publication.Hidden && r.Kind == "all" {
				hidden++
			}
		}
		t.Logf("%d zones, %d communes, %d told, %d hidden", len(zones), len(seen), given, hidden)
		if given < 2 || hidden > 0 || len(seen) < 30_000 {
			t.Errorf("%d zones are told, %d communes", given, len(seen))
		}
		h.noRest(table)
		d, err := release.Read(context.Background(), bytes.NewReader(file), int64(len(file)))
		must(t, err)
		at := slices.IndexFunc(d.Tables, func(t release.Table) bool { return t.Name == "zones" })
		if at < 0 || len(d.Tables[at].Rows) != len(seen) {
			t.Error("the ZIP does not say which communes make a zone")
		}
	})
}

// noRest asks that no region less the zones that lie in it leaves a few persons.
func (h *house) noRest(t *publication.Table) {
	h.t.Helper()
	atlas, err := territories.Load()
	must(h.t, err)
	within := map[string][]publication.Reading{}
	for _, r := range t.Readings {
		z, is := t.Zones[r.Territory]
		if !is || r.Base == nil {
			continue
		}
		regions := map[string]bool{}
		for _, c := range z.Communes {
			ord, _ := atlas.Ordinal(territories.CommuneCode(c))
			regions["R"+atlas.Commune(ord).Region] = true
		}
		for region := range regions {
			if len(regions) == 1 {
				within[region] = append(within[region], r)
			}
		}
	}
	for _, r := range t.Readings {
		if r.Kind != "all" || r.Base == nil || len(within[r.Territory]) == 0 {
			continue
		}
		base, numerator := new(big.Rat).Set(r.Base), new(big.Rat).Set(r.Numerator)
		for _, z := range within[r.Territory] {
			base.Sub(base, z.Base)
			numerator.Sub(numerator, z.Numerator)
		}
		for _, rest := range []*big.Rat{base, numerator} {
			if rest.Sign() > 0 && rest.Cmp(big.NewRat(5, 1)) < 0 {
				h.t.Errorf("%s less its zones leaves %s", r.Territory, rest.RatString())
			}
		}
	}
}
