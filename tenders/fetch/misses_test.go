package fetch

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// journal is a TED of some notices, which answers for each one with a status.
type journal struct {
	status   []int
	unlinked int // the rank of a notice without a link, from 1
	asked    []string
	at       string
}

func (j *journal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		j.asked = append(j.asked, r.URL.Path)
		n := 0
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &n)
		w.WriteHeader(j.status[n-1])
		return
	}
	notices := []any{}
	for i := range j.status {
		one := map[string]any{"publication-number": fmt.Sprint(i + 1)}
		if i+1 != j.unlinked {
			one["links"] = map[string]any{"xml": map[string]string{"MUL": fmt.Sprintf("%s/%d", j.at, i+1)}}
		}
		notices = append(notices, one)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"totalNoticeCount": len(notices), "notices": notices})
}

// bodies says what was handed over: its path, "!" before what was lost.
func bodies(list *[]string) Take {
	return func(_ context.Context, b *Body) error {
		mark := ""
		if b.Lost != nil {
			mark = "!"
		}
		*list = append(*list, mark+b.Name[strings.LastIndexByte(b.Name, '/')+1:])
		return nil
	}
}

// TestOneMissingNoticeStopsNothing: what the server has not is told, the others
// are taken, and it is asked for again until it is had.
func TestOneMissingNoticeStopsNothing(t *testing.T) {
	t.Parallel()
	j := &journal{status: []int{200, 404, 200, 500, 200}}
	j.at = serve(t, j.ServeHTTP)
	c, _ := misbehaving(t, Config{})
	var got []string
	feed := Feed{Kind: TED, URL: j.at, First: today.AddDate(0, 0, -3)}
	next, _, err := c.Pull(context.Background(), feed, Cursor{}, bodies(&got))
	if err != nil || next.Day != "2026-11-23" || !slices.Equal(got, []string{"1", "!2", "3", "!4", "5"}) {
		t.Fatalf("cursor %+v, bodies %v: %v", next, got, err)
	}
	if len(next.Lost) != 2 || next.Lost[0] != (Lost{j.at + "/2", 1}) {
		t.Fatalf("lost: %+v", next.Lost)
	}
	lost := next.Lost
	j.status, got = []int{200, 200, 200, 404, 200}, nil
	next, _, err = c.Pull(context.Background(), feed, next, bodies(&got))
	if err != nil || !slices.Equal(got[:2], []string{"2", "!4"}) || len(next.Lost) != 1 || next.Lost[0].Tries != 2 {
		t.Fatalf("then: lost %+v, bodies %v: %v", next.Lost, got, err)
	}
	for range mostTries {
		if lost, err = c.again(context.Background(), lost[len(lost)-min(1, len(lost)):], bodies(&got)); err != nil {
			t.Fatal(err)
		}
	}
	if len(lost) > 0 {
		t.Errorf("asked for without end: %+v", lost)
	}
}

// TestAFailingServerStopsTheRun: where nothing comes, the cursor stays.
func TestAFailingServerStopsTheRun(t *testing.T) {
	t.Parallel()
	for what, status := range map[string][]int{
		"all fail": {503, 503, 503, 503, 503, 503}, "the only one fails": {500}, "several in a row": {200, 200, 502, 502, 502, 200},
		"busy": {200, 429, 200}, "none is there": slices.Repeat([]int{404}, 40),
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			j := &journal{status: status}
			j.at = serve(t, j.ServeHTTP)
			c, _ := misbehaving(t, Config{Attempts: 2})
			var got []string
			next, more, err := c.Pull(context.Background(), Feed{Kind: TED, URL: j.at, First: today}, Cursor{}, bodies(&got))
			if err == nil || !more || next.Day != "" || len(j.asked) > 25 {
				t.Errorf("cursor %+v, %d asked, bodies %v: %v", next, len(j.asked), got, err)
			}
		})
	}
}

// TestANoticeWithoutALink is told too, and is no change of the schema.
func TestANoticeWithoutALink(t *testing.T) {
	t.Parallel()
	j := &journal{status: []int{200, 200}, unlinked: 1}
	j.at = serve(t, j.ServeHTTP)
	c, _ := misbehaving(t, Config{})
	var got []string
	next, _, err := c.Pull(context.Background(), Feed{Kind: TED, URL: j.at, First: today}, Cursor{}, bodies(&got))
	if err != nil || !slices.Equal(got, []string{"!notice 1", "2"}) || len(next.Lost) != 0 {
		t.Errorf("cursor %+v, bodies %v: %v", next, got, err)
	}
}
