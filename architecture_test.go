// Package maillage_test checks the map of ARCHITECTURE.md against the code.
package maillage_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "maillage/"

// layer orders the nouns: a noun may import those of a lower layer only, and itself.
var layer = map[string]int{
	"territories": 0, "nomenclatures": 0,
	"accounts": 1,
	"network":  2, "people": 2, "opportunities": 2,
	"matching": 3, "tenders": 3,
	"followup": 4, "indicators": 4,
}

// doors let the world in; they never import each other, and no noun imports one.
var doors = []string{"api", "web", "jobs"}

// pure packages compute: they know no database. Those under matching/engine are pure too.
var pure = []string{"indicators/access/record", "indicators/questionnaire", "nomenclatures", "matching/engine", "matching/placement/card", "territories", "territories/cog", "territories/mesh", "territories/tiles"}

// pureUnder lists the packages that are pure with everything under them.
var pureUnder = []string{"matching/engine/", "indicators/catalogue", "indicators/compute", "indicators/disclosure", "indicators/estimate", "indicators/release"}

func isPure(path string) bool {
	return slices.Contains(pure, path) || slices.ContainsFunc(pureUnder, func(p string) bool { return strings.HasPrefix(path, p) })
}

// ours is every room at the top; a folder with Go code that is not listed has no place on the map.
var ours = []string{"accounts", "api", "cmd", "demo", "internal", "jobs", "matching", "migrations", "network",
	"nomenclatures", "opportunities", "tenders", "territories", "web", "people", "followup", "indicators"}

type pkg struct {
	ImportPath string
	Imports    []string
}

func TestImportsFollowTheMap(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		path := strings.TrimPrefix(p.ImportPath, module)
		room, _, _ := strings.Cut(path, "/")
		if p.ImportPath != "maillage" && !slices.Contains(ours, room) {
			t.Errorf("%s has no place on the map", p.ImportPath)
		}
		for _, imported := range p.Imports {
			if why := refused(path, room, imported); why != "" {
				t.Errorf("%s imports %s: %s", path, imported, why)
			}
		}
	}
}

// refused says why a package may not import another, or nothing.
func refused(path, room, imported string) string {
	target, internal := strings.CutPrefix(imported, module)
	to, _, _ := strings.Cut(target, "/")
	_, noun := layer[room]
	generator := strings.Contains(path, "/generate")
	switch {
	case generator:
		return ""
	case isPure(path) && internal && (target == "internal/store" || to == "accounts"):
		return "a pure package knows no database"
	case isPure(path) && strings.HasPrefix(imported, "github.com/uptrace/bun"):
		return "a pure package knows no database"
	case noun && strings.HasPrefix(imported, "github.com/danielgtaylor/huma"):
		return "a noun knows no door"
	case noun && strings.HasPrefix(imported, "github.com/riverqueue"):
		return "a noun declares plain job arguments"
	case noun && target == "matching/fairness":
		return "what is audited goes into no score"
	case noun && imported == "net/http" && room != "tenders" && path != "territories/contours":
		return "a noun does not speak HTTP"
	case noun && slices.Contains(doors, to):
		return "a noun does not import a door"
	case slices.Contains(doors, room) && slices.Contains(doors, to) && room != to:
		return "the doors do not import each other"
	case to == "cmd" && internal:
		return "nothing imports a command"
	case room == "internal" && internal && to != "internal" && to != "migrations":
		return "the ground knows no noun"
	}
	if target == "indicators/estimate" {
		return "" // arithmetic, which knows no noun: whoever tells a median tells that one
	}
	return order(room, to, internal)
}

// order checks the layers of the nouns; indicators stand on territories and
// accounts alone.
func order(room, to string, internal bool) string {
	from, isNoun := layer[room]
	target, known := layer[to]
	switch {
	case !internal || !known || room == to:
		return ""
	case room == "indicators" && to != "territories" && to != "accounts":
		return "indicators import only territories and accounts"
	case isNoun && from <= target:
		return "a noun imports lower ones only"
	}
	return ""
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(out); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return all
}

// The rules themselves must be able to say no.
func TestTheMapRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"network", "github.com/danielgtaylor/huma/v2"},
		{"opportunities", "maillage/matching"},
		{"matching/engine", "maillage/internal/store"},
		{"matching/engine", "github.com/uptrace/bun"},
		{"matching/engine/journeys", "maillage/internal/store"},
		{"matching/placement/card", "maillage/internal/store"},
		{"accounts", "github.com/riverqueue/river"},
		{"api", "maillage/web"},
		{"network", "maillage/opportunities"},
		{"network", "net/http"},
		{"web", "maillage/cmd/maillage"},
		{"internal/store", "maillage/network"},
		{"indicators", "maillage/matching"},
		{"indicators/catalogue", "maillage/internal/store"},
		{"indicators/estimate", "github.com/uptrace/bun"},
		{"indicators/compute", "maillage/internal/store"},
		{"indicators/disclosure/spec", "maillage/internal/store"},
		{"indicators/release", "maillage/internal/store"},
		{"indicators/questionnaire", "maillage/internal/store"},
		{"indicators/campaign", "maillage/network"},
		{"indicators/campaign", "github.com/riverqueue/river"},
		{"indicators/access/record", "maillage/internal/store"},
		{"matching/placement", "maillage/matching/fairness"},
	} {
		room, _, _ := strings.Cut(c[0], "/")
		if refused(c[0], room, c[1]) == "" {
			t.Errorf("%s may import %s", c[0], c[1])
		}
	}
}

// Every room is on the map that people read.
func TestTheMapNamesEveryRoom(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages(t) {
		room, _, _ := strings.Cut(strings.TrimPrefix(p.ImportPath, module), "/")
		if room != "maillage" && !strings.Contains(string(text), "\n"+room+"/") {
			t.Errorf("ARCHITECTURE.md does not name %s/", room)
		}
	}
}
