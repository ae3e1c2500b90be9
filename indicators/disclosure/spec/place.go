package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"maillage/internal/fault"
)

// mapped are the fields whose keys are the user's: labels, codes and measures, which
// capital letters tell apart.
var mapped = []string{"parents", "statuses", "factors"}

// written is where each field of a specification is.
type written struct {
	name  string
	text  []byte
	lines map[string]int // by path: dimensions[0].column
	twice []fault.Field
}

// placed reads where the fields of a specification are. A key written twice is a fault:
// a program would read the last one, and a person the first.
func placed(name string, text []byte) (*written, error) {
	w := &written{name: name, text: text, lines: map[string]int{}}
	return w, w.value(json.NewDecoder(bytes.NewReader(text)), "")
}

func (w *written) value(d *json.Decoder, path string) error {
	token, err := d.Token()
	if err != nil {
		return fmt.Errorf("read %s again: %w", w.name, err)
	}
	if _, known := w.lines[path]; !known {
		w.lines[path], _ = w.at(d.InputOffset())
	}
	var within func() error
	switch token {
	case json.Delim('{'):
		within = w.object(d, path)
	case json.Delim('['):
		i := -1
		within = func() error { i++; return w.value(d, fmt.Sprintf("%s[%d]", path, i)) }
	default:
		return nil
	}
	for d.More() {
		if err := within(); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err //nolint:wrapcheck // the text was read once: it closes
}

// object reads one key and its value at a time.
func (w *written) object(d *json.Decoder, path string) func() error {
	last := path[strings.LastIndexByte(path, '.')+1:]
	seen := map[string]string{} // as Go reads it → the path of the first
	return func() error {
		token, err := d.Token()
		if err != nil {
			return fmt.Errorf("read %s again: %w", w.name, err)
		}
		key := fmt.Sprint(token)
		at := strings.TrimPrefix(path+"."+key, ".")
		if !slices.Contains(mapped, last) {
			key = strings.ToLower(key) // capital letters name the same field
		}
		line, column := w.at(int64(bytes.LastIndexByte(w.text[:d.InputOffset()-1], '"')))
		if first, twice := seen[key]; twice {
			w.twice = append(w.twice, fault.At(fmt.Sprintf("%s:%d:%d %s", w.name, line, column, at), "twice",
				fmt.Sprintf("cette clé est déjà à la ligne %d", w.lines[first]), fmt.Sprintf("this key is already on line %d", w.lines[first])))
		} else {
			seen[key] = at
			w.lines[at] = line
		}
		return w.value(d, at)
	}
}

// at is the place of an offset.
func (w *written) at(offset int64) (line, column int) {
	before := w.text[:min(int(offset), len(w.text))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

// line is that of a field, or of what it should be in.
func (w *written) line(path string) int {
	for path != "" {
		if line, there := w.lines[path]; there {
			return line
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return w.lines[""]
}
