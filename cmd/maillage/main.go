// Command maillage is the whole platform in one binary: the pages and the API,
// the background workers, and the tools an operator or an officer runs by hand.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // deadlines are read in their own zones, on machines without them too

	"github.com/alecthomas/kong"

	"maillage/internal/fault"
)

// Exit codes, the same for every command; `territories resolve` adds two of its own, `protect` one.
const (
	exitFailed  exitCode = 1 // the command could not do what was asked
	exitUsage   exitCode = 2 // the command line is wrong
	exitRefused exitCode = 5 // done, but some records were refused: they are reported
)

// exitCode ends a command with a code of its own after it has said everything.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit %d", int(c)) }

type cli struct {
	Database string `help:"Database: a file path (SQLite, ./data/maillage.db when not given) or a postgres:// URL." env:"MAILLAGE_DATABASE" default:"./data/maillage.db" placeholder:"PATH|URL"`
	Lang     string `help:"Language of messages." enum:"fr,en" env:"MAILLAGE_LANG" default:"fr"`

	Reach []netip.Prefix `help:"Private networks where notices may be fetched all the same, as 10.1.0.0/16." env:"MAILLAGE_FETCH_ALLOW" placeholder:"NETWORK"`
	// WebhookReach is apart: an administrator chooses sources, every account its webhooks.
	WebhookReach []netip.Prefix `help:"Private networks where every account may have webhooks sent, as 127.0.0.1/32." env:"MAILLAGE_WEBHOOK_ALLOW" placeholder:"NETWORK"`

	Rehearse time.Time `help:"Act as if it were this instant, from which time goes on: to rehearse on a copy of the data what a season brings." placeholder:"INSTANT"`

	Serve       serveCmd       `cmd:"" help:"Serve the pages and the API, and run the workers."`
	Work        workCmd        `cmd:"" help:"Run the workers only (PostgreSQL, several processes)."`
	Migrate     migrateCmd     `cmd:"" help:"Bring the database schema to this version."`
	Members     membersCmd     `cmd:"" help:"Members of the federation."`
	Networks    networksCmd    `cmd:"" help:"Federations and regional associations."`
	Notices     noticesCmd     `cmd:"" help:"Public notices."`
	Territories territoriesCmd `cmd:"" help:"Territories: codes, perimeters, names, contours."`
	Match       matchCmd       `cmd:"" help:"Print who can answer a lot, and why."`
	Mail        mailCmd        `cmd:"" help:"Letters that come back."`
	User        userCmd        `cmd:"" help:"Accounts."`
	Bench       benchCmd       `cmd:"" help:"Measures."`
	People      peopleCmd      `cmd:"" help:"People in insertion: their journeys, sealed identities."`
	Protect     protectCmd     `cmd:"" help:"Decide what of a table of figures may be published, and attack the rest."`
	Indicators  indicatorsCmd  `cmd:"" help:"The observatory: records, counts."`
	Release     releaseCmd     `cmd:"" help:"Released figures of the observatory."`
}

const description = `Maillage: territorial cooperation and matchmaking for social-economy enterprises.

Exit codes: 0 done, 1 failed, 2 wrong usage, 5 done but some records were refused;
territories resolve: 3 not valid on that date, 4 never existed; protect: 6 not safe;
release verify: 3 something does not hold, 4 this version was withdrawn.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	var c cli
	ended := -1
	parser, err := kong.New(&c, kong.Name("maillage"), kong.Description(description),
		kong.Writers(out, errs), kong.Exit(func(code int) { ended = code }), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		_, _ = fmt.Fprintln(errs, "maillage:", err)
		return int(exitFailed)
	}
	command, err := parser.Parse(args)
	if ended >= 0 { // --help
		return ended
	}
	if err != nil {
		_, _ = fmt.Fprintf(errs, "maillage: %v\nSee maillage --help.\n", err)
		return int(exitUsage)
	}
	return report(errs, c.Lang, command.Run(newEnv(ctx, &c, in, out, errs)))
}

// ofFile says in words what keeps a file from being read, where that is the matter.
func ofFile(err error, lang string) string {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return err.Error()
	}
	var why fault.Text
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = fault.Text{FR: "n’existe pas", EN: "does not exist"}
	case errors.Is(err, fs.ErrPermission):
		why = fault.Text{FR: "n’est pas permis à ce compte", EN: "is not allowed to this account"}
	case errors.Is(err, syscall.EISDIR):
		why = fault.Text{FR: "est un dossier : donnez un fichier", EN: "is a folder: give a file"}
	case errors.Is(err, syscall.ENOSPC):
		why = fault.Text{FR: "n’a plus de place sur le disque", EN: "has no room left on the disk"}
	default:
		return err.Error()
	}
	return path.Path + " " + why.In(lang)
}

// report says what went wrong, once, in the reader's language, and gives the exit code.
func report(errs io.Writer, lang string, err error) int {
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		_, _ = fmt.Fprintln(errs, "maillage:", ofFile(err, lang))
		return int(exitFailed)
	}
	_, _ = fmt.Fprintln(errs, "maillage:", f.Message.In(lang))
	for _, field := range f.Fields {
		_, _ = fmt.Fprintf(errs, "  %s: %s\n", field.Path, field.Message.In(lang))
	}
	if f.Cause != nil {
		_, _ = fmt.Fprintln(errs, "  "+strings.TrimSpace(f.Cause.Error()))
	}
	return int(exitFailed)
}
