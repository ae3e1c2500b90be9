package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// A process killed while letters of reminders leave loses none: the next one sends
// the others, under identifiers of their own, and each match is told once.
func TestKilledWhileLettersLeave(t *testing.T) {
	t.Parallel()
	for _, engine := range []store.Engine{store.SQLite, store.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			url := testkit.EmptyURL(t, engine)
			first := start(t, url, "--demo", "--no-workers")
			first.ready(t)
			first.stop(t)
			made := count(t, url, "SELECT count(*) FROM reminder_letters")
			if made < 2 {
				t.Fatalf("the demonstration has %d letters of reminders", made)
			}
			killed := start(t, url, "--demo", "--longest", "5s")
			until(t, func() bool {
				return count(t, url, "SELECT count(*) FROM reminder_letters WHERE sent_at IS NOT NULL") > 0
			})
			killed.kill(t)
			second := start(t, url, "--demo", "--longest", "5s")
			until(t, func() bool {
				return count(t, url, `SELECT count(*) FROM river_job WHERE kind IN ('escalation.letter', 'escalation.remind') AND CAST(state AS text) NOT IN ('completed', 'cancelled', 'discarded')`) == 0
			})
			second.stop(t)
			letters := count(t, url, "SELECT count(*) FROM reminder_letters")
			if sent := count(t, url, "SELECT count(*) FROM reminder_letters WHERE sent_at IS NOT NULL"); sent != letters {
				t.Errorf("%d letters of %d were sent", sent, letters)
			}
			if days := count(t, url, "SELECT count(*) FROM (SELECT DISTINCT user_id, day FROM reminder_letters) AS d"); days != letters {
				t.Errorf("%d letters for %d persons and days", letters, days)
			}
			ids := identifiers(t, killed, second)
			for _, n := range numbers(t, url, "SELECT id FROM reminder_letters") { // not 1, 2, 3…: a sequence may leap
				sum := sha256.Sum256([]byte("escalation.letter-" + strconv.Itoa(n)))
				if ids[hex.EncodeToString(sum[:16])] == 0 {
					t.Errorf("letter %d of %d was lost: %v", n, letters, ids)
				}
			}
			if twice := count(t, url, `SELECT count(*) FROM (SELECT match_id FROM pursuit_events WHERE origin = 'letter' GROUP BY match_id HAVING count(*) > 1) AS d`); twice != 0 {
				t.Errorf("%d matches were told twice", twice)
			}
		})
	}
}

// until waits for something, two minutes at most.
func until(t *testing.T, done func() bool) {
	t.Helper()
	for range 2400 {
		if done() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("it does not come in two minutes")
}

func count(t *testing.T, url, query string) int {
	t.Helper()
	return numbers(t, url, query)[0]
}

func numbers(t *testing.T, url, query string) []int {
	t.Helper()
	st := openURL(t, url)
	var all []int
	if err := st.Read().NewRaw(query).Scan(context.Background(), &all); err != nil {
		t.Fatal(err)
	}
	_ = st.Close()
	return all
}

// identifiers are those of the letters that processes wrote.
func identifiers(t *testing.T, all ...*process) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, p := range all {
		files, err := filepath.Glob(filepath.Join(p.cmd.Dir, "data", "outbox", "*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			m, err := mail.ReadMessage(f)
			_ = f.Close()
			if err != nil {
				continue // killed while it was written
			}
			id, _, _ := strings.Cut(strings.TrimPrefix(m.Header.Get("Message-ID"), "<"), "@")
			out[id]++
		}
	}
	return out
}
