package lp

import (
	"context"
	"errors"
	"testing"
)

// BenchmarkAttack asks how low and how high every protected cell of the federation
// could be, from one solver: what a certificate costs.
func BenchmarkAttack(b *testing.B) {
	p, primary := federationAttack()
	solves := 0
	for b.Loop() {
		s, err := New(p)
		if err != nil {
			b.Fatal(err)
		}
		for _, cell := range primary {
			cost := []Entry{{cell, 1}}
			solves += must(b)(s.Minimize(context.Background(), cost)) + must(b)(s.Maximize(context.Background(), cost))
		}
	}
	b.ReportMetric(float64(solves)/b.Elapsed().Seconds(), "solves/s")
	b.ReportMetric(float64(len(primary)), "cells")
}

// BenchmarkMove asks for the cheapest way to move a cell, each time from a clone
// that never solved anything.
func BenchmarkMove(b *testing.B) {
	p, cost := federationMoves()
	_, primary := federationAttack()
	base, err := New(p)
	if err != nil {
		b.Fatal(err)
	}
	solves := 0
	for b.Loop() {
		for _, cell := range primary[:20] {
			s := base.Clone()
			if err := errors.Join(s.SetBounds(2*cell, 5, 5), s.SetBounds(2*cell+1, 0, 0)); err != nil {
				b.Fatal(err)
			}
			solves += must(b)(s.Minimize(context.Background(), cost))
		}
	}
	b.ReportMetric(float64(solves)/b.Elapsed().Seconds(), "solves/s")
}

func BenchmarkNew(b *testing.B) {
	p, _ := federationMoves()
	for b.Loop() {
		if _, err := New(p); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPropagate(b *testing.B) {
	p, _ := federationAttack()
	for b.Loop() {
		if _, _, err := Propagate(p); err != nil {
			b.Fatal(err)
		}
	}
}

func must(b *testing.B) func(Solution, error) int {
	return func(s Solution, err error) int {
		if err != nil || s.Status != Optimal {
			b.Fatal(s.Status, err)
		}
		return 1
	}
}
