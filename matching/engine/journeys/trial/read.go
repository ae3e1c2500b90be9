package trial

import (
	"bytes"
	"fmt"
	"os"
	"runtime"

	"maillage/internal/fault"
)

// Fault is a line that cannot be read.
type Fault struct {
	File   string
	Line   int // from 1
	Reason fault.Text
}

// At is the file and the line.
func (f Fault) At() string { return fmt.Sprintf("%s:%d", f.File, f.Line) }

func (f Fault) Error() string { return f.At() + ": " + f.Reason.EN }

// Faults are the first lines that cannot be read, and how many there are.
type Faults struct {
	First []Fault
	Total int
}

// faultsShown bounds the lines that are shown.
const faultsShown = 20

func (f *Faults) Error() string {
	var b bytes.Buffer
	for i, x := range f.First {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(x.Error())
	}
	if more := f.Total - len(f.First); more > 0 {
		fmt.Fprintf(&b, "\n… and %d more", more)
	}
	return b.String()
}

// add notes a line.
func (f *Faults) add(x Fault) {
	if f.Total++; len(f.First) < faultsShown {
		f.First = append(f.First, x)
	}
}

// orNil is an error only when there is something to say.
func (f *Faults) orNil() error {
	if f.Total == 0 {
		return nil
	}
	return f
}

// piece is about how many bytes are read at once.
const piece = 1 << 20

// ReadPeople gives the people of a file to put, in the order of their lines, a
// piece at a time, while others are being read. What put is given is its own.
// Every line that cannot be read is reported, with a *Faults; put sees the rest.
func ReadPeople(path string, put func([]Person)) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	faults, line := &Faults{}, 0
	for r := range parallel(pieces(text), parsePeople) {
		for _, f := range r.faults {
			faults.add(Fault{File: path, Line: line + f.Line, Reason: f.Reason})
		}
		line += r.lines
		put(r.people)
	}
	return faults.orNil()
}

// Codes counts the people of a file that can be read by the INSEE code of their lines;
// those who have none are left out.
func Codes(path string) (map[string]int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	eachLine(text, func(_ int, line []byte) {
		_, rest, _ := bytes.Cut(line, []byte{'\t'})
		if code, _, _ := bytes.Cut(rest, []byte{'\t'}); !isNull(code) {
			out[string(code)]++
		}
	})
	return out, nil
}

// ReadPositions reads a file of positions.
func ReadPositions(path string) ([]Position, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var out []Position
	faults := &Faults{}
	eachLine(text, func(n int, line []byte) {
		p, err := ParsePosition(line)
		if err != nil {
			faults.add(Fault{File: path, Line: n, Reason: why(err)})
			return
		}
		out = append(out, p)
	})
	return out, faults.orNil()
}

// eachLine gives the lines with their numbers, without what ends them. The last
// one may end with nothing, and the text may end with an empty line.
func eachLine(text []byte, visit func(n int, line []byte)) (lines int) {
	for len(text) > 0 {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte{'\n'})
		lines++
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if len(line) == 0 && len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		visit(lines, line)
	}
	return lines
}

// pieces cuts a text after ends of lines.
func pieces(text []byte) (out [][]byte) {
	for len(text) > piece {
		end := bytes.IndexByte(text[piece:], '\n')
		if end < 0 {
			break
		}
		out, text = append(out, text[:piece+end+1]), text[piece+end+1:]
	}
	return append(out, text)
}

// parsed is what one piece holds.
type parsed struct {
	people []Person
	faults []Fault
	lines  int
}

func parsePeople(text []byte) (r parsed) {
	r.people = make([]Person, 0, len(text)/60)
	var room []int64
	r.lines = eachLine(text, func(n int, line []byte) {
		if cap(room)-len(room) < 64 {
			room = make([]int64, 0, 1<<14)
		}
		p, rest, err := ParsePerson(line, room)
		room = rest
		if err != nil {
			r.faults = append(r.faults, Fault{Line: n, Reason: why(err)})
			return
		}
		r.people = append(r.people, p)
	})
	return r
}

// parallel parses the pieces on every processor and gives the results in order;
// few of them wait at a time.
func parallel(texts [][]byte, parse func([]byte) parsed) func(yield func(parsed) bool) {
	return func(yield func(parsed) bool) {
		next := make(chan chan parsed, 2*runtime.GOMAXPROCS(0))
		done := make(chan struct{})
		defer close(done)
		go feed(texts, parse, next, done)
		for result := range next {
			if !yield(<-result) {
				return
			}
		}
	}
}

// feed starts a parser for each piece, as many at once as next has room.
func feed(texts [][]byte, parse func([]byte) parsed, next chan<- chan parsed, done <-chan struct{}) {
	defer close(next)
	for _, text := range texts {
		result := make(chan parsed, 1)
		select {
		case next <- result:
			go func() { result <- parse(text) }()
		case <-done:
			return
		}
	}
}
