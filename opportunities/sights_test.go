package opportunities

import (
	"reflect"
	"testing"
	"time"
)

func TestNewsAreSummed(t *testing.T) {
	t.Parallel()
	monday, tuesday := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	got := summed([]Event{
		{At: monday, Origin: "boamp:26-1:1", Diff: []Change{{Field: "deadline", Before: "a", After: "b"}, {Field: "title", Before: "x", After: "y"}, {Field: "deadline_raw", Before: "1", After: "2"}}},
		{At: tuesday, Origin: "boamp:26-2:1", Diff: []Change{{Field: "title", Before: "y", After: "x"}, {Field: "deadline", Before: "b", After: "c"}, {Field: "note", After: "un mot"}, {Field: "lots[1].deadline", Before: "b", After: "c"}, {Field: "lots[2].deadline", Before: "b", After: "d"}}},
	})
	want := []Fresh{{Change: Change{Field: "deadline", Before: "a", After: "c"}, At: tuesday, Origin: "boamp:26-2:1"},
		{Change: Change{Field: "lots[2].deadline", Before: "b", After: "d"}, At: tuesday, Origin: "boamp:26-2:1"}} // that of lot 1 is that of the whole
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestReadable(t *testing.T) {
	t.Parallel()
	whole := Change{Field: "deadline", Before: "a", After: "b"}
	note := Change{Field: "note", After: "un mot"}
	other := Change{Field: "lots[2].deadline", Before: "a", After: "c"}
	got := Readable([]Change{whole, {Field: "deadline_raw", After: "x"}, {Field: "lots[1].deadline", Before: "a", After: "b"}, other, {Field: "lots[1].position", After: 2}, note})
	if want := []Change{whole, other, note}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
