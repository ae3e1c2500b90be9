package trial

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unsafe"

	"github.com/paulmach/orb"

	"maillage/internal/fault"
)

// Person is one line of the file of people.
type Person struct {
	ID          int64
	Point       orb.Point
	Km          float64
	Occupations []int64
	Available   bool
}

// Position is one line of the file of positions.
type Position struct {
	ID          int64
	Point       orb.Point
	Occupations []int64
}

// Wrong is why a line cannot be read, in both languages; as an error, in English.
type Wrong fault.Text

func (w Wrong) Error() string { return w.EN }

func wrong(fr, en string, args ...any) Wrong {
	return Wrong{FR: fmt.Sprintf(fr, args...), EN: fmt.Sprintf(en, args...)}
}

// of says of what something is wrong.
func of(err error, fr, en string) Wrong {
	why := why(err)
	return Wrong{FR: fr + why.FR, EN: en + why.EN}
}

// why is the text of an error of this package.
func why(err error) fault.Text {
	var w Wrong
	if errors.As(err, &w) {
		return fault.Text(w)
	}
	return fault.Text{FR: err.Error(), EN: err.Error()}
}

// ParsePerson reads a line. The occupations are added to room, and the part of it
// that holds them is the person's.
func ParsePerson(line []byte, room []int64) (Person, []int64, error) {
	var cells [6][]byte
	if err := split(line, cells[:]); err != nil {
		return Person{}, room, err
	}
	var p Person
	var err [6]error
	p.ID, err[0] = parseID(cells[0])
	err[5] = checkCode(cells[1])
	p.Point, err[1] = parsePoint(cells[2])
	p.Km, err[2] = parseKm(cells[3])
	from := len(room)
	room, err[3] = parseOccupations(cells[4], room)
	p.Occupations = room[from:len(room):len(room)]
	p.Available, err[4] = parseFlag(cells[5])
	for _, e := range err {
		if e != nil {
			return Person{}, room[:from], e
		}
	}
	return p, room, nil
}

// ParsePosition reads a line.
func ParsePosition(line []byte) (Position, error) {
	var cells [3][]byte
	if err := split(line, cells[:]); err != nil {
		return Position{}, err
	}
	id, err := parseID(cells[0])
	if err != nil {
		return Position{}, err
	}
	point, err := parsePoint(cells[1])
	if err != nil {
		return Position{}, err
	}
	occupations, err := parseOccupations(cells[2], nil)
	if err != nil {
		return Position{}, err
	}
	return Position{ID: id, Point: point, Occupations: occupations}, nil
}

func split(line []byte, cells [][]byte) error {
	n := bytes.Count(line, []byte{'\t'}) + 1
	if n != len(cells) {
		return wrong("%d champs, %d sont attendus, séparés par des tabulations", "%d fields, %d are expected, separated by tabs", n, len(cells))
	}
	for i := range cells[:n-1] {
		cells[i], line, _ = bytes.Cut(line, []byte{'\t'})
	}
	cells[n-1] = line
	return nil
}

// isNull tells the ways in which a database writes that it has no value.
func isNull(cell []byte) bool {
	return len(cell) == 0 || string(cell) == `\N` || len(cell) == 4 && strings.EqualFold(string(cell), "null")
}

// view is the text of bytes that are not changed while it is read.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func parseID(cell []byte) (int64, error) {
	if isNull(cell) {
		return 0, wrong("l’identifiant manque", "the identifier is null")
	}
	n, err := strconv.ParseInt(view(cell), 10, 64)
	if err != nil {
		return 0, wrong("%s n’est pas un identifiant : un entier est attendu", "%s is not an identifier: an integer is expected", quote(cell))
	}
	return n, nil
}

// quote shows a cell, shortened.
func quote(cell []byte) string {
	if len(cell) > 40 {
		return strconv.Quote(string(cell[:40])) + "…"
	}
	return strconv.Quote(string(cell))
}

const sphere = "SRID=4326;POINT"

// checkCode refuses what is no INSEE code: five figures, or 2A or 2B before three. Any
// such code is taken, of whatever vintage, and so is none: the point alone counts.
func checkCode(cell []byte) error {
	if isNull(cell) {
		return nil
	}
	for i, c := range cell {
		corsica := i == 1 && cell[0] == '2' && (c == 'A' || c == 'B')
		if len(cell) != 5 || !corsica && (c < '0' || c > '9') {
			return wrong("%s n’est pas un code INSEE : 26281 ou 2A004 est attendu", "%s is not an INSEE code: 26281 or 2A004 is expected", quote(cell))
		}
	}
	return nil
}

func parsePoint(cell []byte) (p orb.Point, err error) {
	if isNull(cell) {
		return p, wrong("le point manque", "the point is null")
	}
	inside, ok := bytes.CutPrefix(cell, []byte(sphere))
	if ok {
		inside, ok = bytes.CutPrefix(bytes.TrimLeft(inside, " "), []byte("("))
	}
	if ok {
		inside, ok = bytes.CutSuffix(inside, []byte(")"))
	}
	lon, lat, two := bytes.Cut(bytes.Trim(inside, " "), []byte(" "))
	if !ok || !two {
		return p, wrong("%s n’est pas un point : SRID=4326;POINT(longitude latitude) est attendu", "%s is not a point: SRID=4326;POINT(lon lat) is expected", quote(cell))
	}
	if p[0], err = parseNumber(lon); err == nil {
		p[1], err = parseNumber(bytes.TrimLeft(lat, " "))
	}
	switch {
	case err != nil:
		return p, of(err, quote(cell)+" n’est pas un point : ", quote(cell)+" is not a point: ")
	case math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90:
		return p, wrong("%s n’est pas sur Terre : longitude entre -180 et 180, latitude entre -90 et 90", "%s is not on Earth: longitude within ±180, latitude within ±90", quote(cell))
	}
	return p, nil
}

// parseNumber reads a finite decimal number; what only a program would write, as
// hexadecimal or infinity, is refused.
func parseNumber(cell []byte) (float64, error) {
	for _, c := range cell {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, wrong("%s n’est pas un nombre décimal", "%s is not a decimal number", quote(cell))
		}
	}
	f, err := strconv.ParseFloat(view(cell), 64)
	if err != nil {
		return 0, wrong("%s n’est pas un nombre décimal", "%s is not a decimal number", quote(cell))
	}
	return f, nil
}

func parseKm(cell []byte) (float64, error) {
	if isNull(cell) {
		return 0, wrong("la distance manque", "the range is null")
	}
	km, err := parseNumber(cell)
	if err != nil {
		return 0, of(err, "la distance : ", "the range: ")
	}
	if km < 0 {
		return 0, wrong("la distance est négative : %s", "the range is negative: %s", quote(cell))
	}
	return km, nil
}

func parseOccupations(cell []byte, room []int64) ([]int64, error) {
	if isNull(cell) {
		return room, wrong("les métiers manquent : {} dit qu’il n’y en a aucun", "the occupations are null: {} is none")
	}
	if len(cell) < 2 || cell[0] != '{' || cell[len(cell)-1] != '}' {
		return room, wrong("%s ne dit pas des métiers : {3,17} est attendu", "%s are not occupations: {3,17} is expected", quote(cell))
	}
	from := len(room)
	for rest, more := bytes.TrimSpace(cell[1:len(cell)-1]), true; more && (len(rest) > 0 || len(room) > from); {
		var one []byte
		one, rest, more = bytes.Cut(rest, []byte{','})
		n, err := strconv.ParseInt(view(bytes.TrimSpace(one)), 10, 64)
		if err != nil {
			return room[:from], wrong("%s n’est pas un métier : un entier est attendu", "%s is not an occupation: an integer is expected", quote(one))
		}
		room = append(room, n)
	}
	return room, nil
}

func parseFlag(cell []byte) (bool, error) {
	switch view(cell) {
	case "t":
		return true, nil
	case "f":
		return false, nil
	}
	return false, wrong("%s n’est ni t ni f", "%s is not t or f", quote(cell))
}
