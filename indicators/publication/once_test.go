package publication_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"

	"maillage/indicators/disclosure"
)

// What protection makes of a task depends on the task alone: two engines, and tests of the
// same federation, wait for it once. Whatever differs in their tasks is computed apart.
var once shields

type shields struct{ known sync.Map } // of the sum of a task

type shielded struct {
	once    sync.Once
	outcome *disclosure.Outcome
	err     error
}

func (a *shields) protect(ctx context.Context, task disclosure.Task) (*disclosure.Outcome, error) {
	kept, _ := a.known.LoadOrStore(sumOf(task), &shielded{})
	one := kept.(*shielded)
	one.once.Do(func() { one.outcome, one.err = disclosure.Protect(context.WithoutCancel(ctx), task) })
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return one.outcome, one.err
}

// sumOf is the same of two values that hold the same, whatever their addresses.
func sumOf(x any) [sha256.Size]byte {
	h := sha256.New()
	feed(h, reflect.ValueOf(x))
	return [sha256.Size]byte(h.Sum(nil))
}

func feed(h hash.Hash, v reflect.Value) {
	number := func(n uint64) { h.Write(binary.LittleEndian.AppendUint64(nil, n)) }
	number(uint64(v.Kind()))
	switch v.Kind() {
	case reflect.Bool:
		number(map[bool]uint64{true: 1}[v.Bool()])
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8:
		number(uint64(v.Int()))
	case reflect.Uint, reflect.Uint64, reflect.Uint32, reflect.Uint16, reflect.Uint8:
		number(v.Uint())
	case reflect.Float64:
		number(math.Float64bits(v.Float()))
	case reflect.String:
		number(uint64(v.Len()))
		h.Write([]byte(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			feed(h, v.Elem())
		}
	case reflect.Slice:
		number(uint64(v.Len()))
		for i := range v.Len() {
			feed(h, v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			feed(h, v.Field(i))
		}
	case reflect.Map:
		number(uint64(v.Len()))
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int {
			x, y := sumOf(a.Interface()), sumOf(b.Interface())
			return slices.Compare(x[:], y[:])
		})
		for _, k := range keys {
			feed(h, k)
			feed(h, v.MapIndex(k))
		}
	default:
		panic("a task holds a " + v.Kind().String())
	}
}

// The sum sees every number of a task, and not where it is kept.
func TestTheSumOfATaskIsOfWhatItHolds(t *testing.T) {
	t.Parallel()
	task := func(value float64, group, factor string) disclosure.Task {
		return disclosure.Task{Tables: []disclosure.Table{{Cells: []disclosure.Cell{{Codes: []string{"a"}, Value: value, Count: disclosure.Unknown()}}, Rules: disclosure.Rules{Group: &disclosure.Group{Dimension: group}}}},
			Limits: []disclosure.Limit{{Factors: map[string]float64{factor: 1, "other": 2}}}}
	}
	one := sumOf(task(1, "part", "x"))
	if one != sumOf(task(1, "part", "x")) {
		t.Error("the same task has two sums")
	}
	for _, other := range []disclosure.Task{task(2, "part", "x"), task(1, "sex", "x"), task(1, "part", "y"), {}} {
		if one == sumOf(other) {
			t.Errorf("%+v has the sum of another", other)
		}
	}
}
