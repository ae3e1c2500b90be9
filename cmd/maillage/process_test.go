package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"maillage/internal/store"
	"maillage/internal/testkit"
)

// binary builds the program once for the tests that need real processes.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "maillage-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "maillage")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// process is a running maillage.
type process struct {
	cmd  *exec.Cmd
	said *testkit.Transcript
}

func start(t *testing.T, database string, args ...string) *process {
	t.Helper()
	return startWith(t, nil, database, args...)
}

// startWith adds to the environment of the process.
func startWith(t *testing.T, environment []string, database string, args ...string) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{said: &testkit.Transcript{}}
	// Port 0: a port that is chosen here and freed may be another test's when the process takes it.
	p.cmd = exec.Command(path, append([]string{"serve", "--address", "127.0.0.1:0", "--database", database}, args...)...)
	p.cmd.Dir, p.cmd.Env = t.TempDir(), append(os.Environ(), environment...)
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		if t.Failed() {
			t.Logf("%d said:\n%s", p.cmd.Process.Pid, p.said)
		}
	})
	return p
}

// address is where the process says that it listens: empty before it does.
func (p *process) address() string {
	_, after, _ := strings.Cut(p.said.String(), "Maillage : http://")
	address, _, said := strings.Cut(after, "\n")
	if !said {
		return ""
	}
	return address
}

// ready waits until the process answers, two minutes at most.
func (p *process) ready(t *testing.T) {
	t.Helper()
	for range 1200 {
		if address := p.address(); address != "" {
			resp, err := http.Get("http://" + address + "/readyz")
			if err == nil {
				_ = resp.Body.Close()
				if resp.StatusCode == http.StatusOK {
					return
				}
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%d is not ready", p.cmd.Process.Pid)
}

// stop asks the process to end and wants it to end well.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("%d did not stop gently: %v", p.cmd.Process.Pid, err)
	}
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
}

func TestFourProcessesStartAtOnceOnAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	url := testkit.EmptyURL(t, store.PostgreSQL)
	var all []*process
	for range 4 {
		all = append(all, start(t, url))
	}
	for _, p := range all {
		p.ready(t)
	}
	for _, p := range all {
		p.stop(t)
	}
}

// A process killed in the middle of matching loses nothing and doubles
// nothing: the next one ends the work, and a rebuild changes no row.
func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, engine := range []store.Engine{store.SQLite, store.PostgreSQL} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			url := testkit.EmptyURL(t, engine)
			first := start(t, url, "--demo", "--no-workers")
			first.ready(t)
			first.stop(t)
			waiting := unfinished(t, url)
			if waiting == 0 {
				t.Fatal("the demonstration asked for no matching")
			}
			killed := killInTheMiddle(t, url, waiting)
			t.Logf("%d jobs waited, %d when killed", waiting, killed)

			second := start(t, url, "--demo", "--longest", "5s")
			second.ready(t)
			settle(t, url)
			second.stop(t)
			before := matchRows(t, url)
			rebuild(t, url)
			after := matchRows(t, url)
			if len(before) == 0 {
				t.Fatal("no match")
			}
			compareRows(t, before, after)
		})
	}
}

func killInTheMiddle(t *testing.T, url string, waiting int) int {
	t.Helper()
	p := start(t, url, "--demo", "--longest", "5s")
	for range 1200 {
		left := unfinished(t, url)
		if left < waiting-3 {
			p.kill(t)
			return left
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("no job ended")
	return 0
}

func openURL(t *testing.T, url string) *store.Store {
	t.Helper()
	st, err := store.Open(context.Background(), store.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	return st
}

// unfinished counts the matching jobs that are not done.
func unfinished(t *testing.T, url string) int {
	t.Helper()
	st := openURL(t, url)
	var n int
	err := st.Read().NewRaw(`SELECT count(*) FROM river_job WHERE kind IN ('lots.changed', 'organisations.changed')
		AND CAST(state AS text) NOT IN ('completed', 'cancelled', 'discarded')`).Scan(context.Background(), &n)
	if err != nil {
		t.Fatal(err)
	}
	_ = st.Close()
	return n
}

func settle(t *testing.T, url string) {
	t.Helper()
	for range 1200 {
		if unfinished(t, url) == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("jobs are still waiting after two minutes")
}

func compareRows(t *testing.T, before, after []string) {
	t.Helper()
	if len(before) != len(after) {
		t.Errorf("%d matches before the rebuild, %d after", len(before), len(after))
	}
	for i := range min(len(before), len(after)) {
		if before[i] != after[i] {
			t.Fatalf("a rebuild changes a match:\n%s\n%s", before[i], after[i])
		}
	}
}

// matchRows dumps every match without what a rewrite may change (its number, its dates).
func matchRows(t *testing.T, url string) []string {
	t.Helper()
	st := openURL(t, url)
	var rows []string
	err := st.Read().NewRaw(`SELECT CAST(lot_id AS text) || ' ' || CAST(organisation_id AS text) || ' ' || state || ' ' || CAST(score AS text)
		FROM matches ORDER BY lot_id, organisation_id`).Scan(context.Background(), &rows)
	if err != nil {
		t.Fatal(err)
	}
	_ = st.Close()
	return rows
}

func rebuild(t *testing.T, url string) {
	t.Helper()
	e := newEnv(context.Background(), &cli{Lang: "fr", Database: url}, bytes.NewReader(nil), &bytes.Buffer{}, &bytes.Buffer{})
	p, err := e.platform(outside{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if err := p.matching.Rebuild(e.system(), nil); err != nil {
		t.Fatal(err)
	}
}
