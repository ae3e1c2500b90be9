package network_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"maillage/internal/testkit"
	"maillage/network"
	"maillage/territories"
)

// go test -run XXX -bench . ./network
func BenchmarkLists(b *testing.B) {
	data, err := os.ReadFile(filepath.Join(testkit.Samples(b), "network", "siae.csv"))
	if err != nil {
		b.Fatal(err)
	}
	ctx, s := context.Background(), service(b, testkit.SQLite(b))
	if _, err := s.Import(ctx, network.Source{Name: "siae.csv", Content: bytes.NewReader(data)}); err != nil {
		b.Fatal(err)
	}
	drome := territories.In(territories.Ref{Kind: territories.KindDepartement, Code: "26"})
	for name, f := range map[string]network.Filter{
		"first page": {}, "text": {Text: "jardins romans"}, "territory": {Territory: drome}, "site": {Territory: drome, Presence: network.BySite},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.List(ctx, f, network.Request{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("all, whole", func(b *testing.B) {
		for b.Loop() {
			if err := s.EachBatch(ctx, 0, nil, func([]*network.Organisation) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
}
