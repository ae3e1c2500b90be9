package testkit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"maillage/internal/store"
)

// Cluster is a PostgreSQL server on which tests make databases.
type Cluster struct {
	URL      string // of its maintenance database
	template func() (string, error)
	stop     func()
}

// cluster finds or makes the one server of this process; why says why there is none.
func cluster() (c *Cluster, why string) {
	f := foundCluster()
	return f.c, f.why
}

type found struct {
	c   *Cluster
	why string
}

var foundCluster = sync.OnceValue(func() found {
	if u := os.Getenv("MAILLAGE_TEST_POSTGRES"); u != "" {
		return found{c: newCluster(u, func() {})}
	}
	c, err := StartCluster()
	if err != nil {
		return found{why: err.Error()}
	}
	return found{c: c}
})

func newCluster(u string, stop func()) *Cluster {
	c := &Cluster{URL: u, stop: stop}
	c.template = sync.OnceValues(func() (string, error) {
		name := randomName() + "_template"
		at, err := c.create(name, "")
		if err != nil {
			return "", err
		}
		ctx := context.Background()
		st, err := store.Open(ctx, store.Config{URL: at})
		if err != nil {
			return "", err
		}
		if err := errors.Join(st.Migrate(ctx), st.Close()); err != nil {
			return "", err
		}
		return name, c.quiet(name)
	})
	return c
}

// Stop ends a server that StartCluster made and removes its files.
func (c *Cluster) Stop() { c.stop() }

func (c *Cluster) database(t testing.TB, migrated bool) string {
	t.Helper()
	template := ""
	if migrated {
		name, err := c.template()
		if err != nil {
			t.Fatalf("make the PostgreSQL template: %v", err)
		}
		template = name
	}
	name := randomName()
	at, err := c.create(name, template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)") })
	return at
}

func (c *Cluster) create(name, template string) (string, error) {
	text := "CREATE DATABASE " + name
	if template != "" {
		text += " TEMPLATE " + template
	}
	if err := c.exec(text); err != nil {
		return "", fmt.Errorf("create a test database: %w", err)
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// quiet waits until nobody is connected to a database: only then can it be a template.
func (c *Cluster) quiet(name string) error {
	return c.exec(`DO $$ BEGIN
		FOR i IN 1..200 LOOP
			PERFORM pg_stat_clear_snapshot();
			IF NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '` + name + `') THEN RETURN; END IF;
			PERFORM pg_sleep(0.02);
		END LOOP;
		RAISE 'the template is still in use';
	END $$`)
}

func (c *Cluster) exec(text string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.URL)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, text)
	return err
}

// StartCluster makes a throw-away server on loopback with initdb, without
// durability: it is for tests alone. It ends with Stop, or with this process.
// Settings, as "work_mem=64MB", come after its own.
func StartCluster(settings ...string) (*Cluster, error) {
	bin, err := postgresFolder()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "maillage-postgres-")
	if err != nil {
		return nil, err
	}
	as, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	initdb := exec.CommandContext(context.Background(), filepath.Join(bin, "initdb"), "-D", data, "-U", "maillage", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	initdb.SysProcAttr = as
	initdb.Dir = dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	args := []string{"-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(port),
		"-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
		"-c", "max_connections=400", "-c", "shared_buffers=128MB", "-c", "log_min_messages=panic"}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	server := exec.CommandContext(context.Background(), filepath.Join(bin, "postgres"), args...)
	server.SysProcAttr = as
	server.Dir = dir
	if err := server.Start(); err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	end, err := janitor(server.Process.Pid, dir)
	if err != nil {
		return nil, errors.Join(err, server.Process.Kill())
	}
	c := newCluster(fmt.Sprintf("postgres://maillage@127.0.0.1:%d/postgres?sslmode=disable", port), end)
	for range 100 {
		if err = c.exec("SELECT 1"); err == nil {
			return c, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.Stop()
	return nil, fmt.Errorf("postgres does not answer: %w", err)
}

// janitor starts a shell that ends the server and removes its files as soon as
// this process is gone, however it went: it reads a pipe that we hold open.
func janitor(pid int, dir string) (end func(), err error) {
	sh := exec.CommandContext(context.Background(), "sh", "-c", `cat >/dev/null; kill -QUIT "$1"; sleep 0.5; rm -rf "$0"`, dir, strconv.Itoa(pid))
	sh.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	pipe, err := sh.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := sh.Start(); err != nil {
		return nil, fmt.Errorf("start the janitor: %w", err)
	}
	return func() { _ = pipe.Close(); _ = sh.Wait() }, nil
}

func postgresFolder() (string, error) {
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/pgsql-*/bin/initdb"} {
		if m, _ := filepath.Glob(pattern); len(m) > 0 {
			return filepath.Dir(m[len(m)-1]), nil
		}
	}
	at, err := exec.LookPath("initdb")
	if err != nil {
		return "", errors.New("no initdb in PATH or in Debian's folder, and MAILLAGE_TEST_POSTGRES is not set")
	}
	if at, err = filepath.EvalSymlinks(at); err != nil {
		return "", err
	}
	return filepath.Dir(at), nil
}

// unprivileged makes dir the postgres user's when we are root, since the server refuses to run as root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Geteuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, errors.New("we are root and there is no user postgres to run the server as")
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	if err := os.Chown(dir, uid, gid); err != nil {
		return nil, err
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func freePort() (int, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
