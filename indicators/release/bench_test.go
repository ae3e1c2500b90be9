package release_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"maillage/indicators/release"
)

// large is a dataset of n rows of four figures: years of places of kinds.
func large(n int) release.Dataset {
	d := sample()
	t := exits()
	t.Name, t.Rows = "grand", nil
	t.Fields[0].Codes, t.Fields[0].Sums = nil, nil
	for i := range n/40 + 1 {
		t.Fields[0].Codes = append(t.Fields[0].Codes, release.CodeLabel{Code: fmt.Sprintf("%05d", i), Label: say("lieu", "place")})
	}
	for i := range n {
		a, b := int64(i%97), int64(i%97+i%89)
		row := []release.Cell{release.Word(t.Fields[0].Codes[i/40].Code), release.Word([]string{"ACI", "EI"}[i%2]), release.Number(int64(1990 + i/2%20)),
			release.Number(a), release.Number(b), release.Number(0), release.Word("")}
		if row[5].Status = release.NoBase; b > 0 {
			row[5] = release.Number((2000*a + b) / (2 * b))
		}
		t.Rows = append(t.Rows, row)
	}
	d.Tables = []release.Table{t}
	return d
}

func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{1_000, 50_000} {
		d := large(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if err := write(b.Context(), io.Discard, d, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, n := range []int{1_000, 50_000} {
		data := written(b, large(n))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				r, err := release.Verify(b.Context(), bytes.NewReader(data), int64(len(data)), nil)
				if err != nil || !r.Sound() {
					b.Fatal(err, r.Findings)
				}
			}
		})
	}
}
