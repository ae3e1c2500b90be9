package tenders

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
)

// jnode is a value of a JSON document with the path it was read from. The zero
// jnode is an absent value.
type jnode struct {
	v    any
	path string
}

// readJSON decodes one whole JSON value. Errors say the byte. A value of more
// than maxNodes is refused before it is decoded: each takes a hundred times its
// text in memory.
func readJSON(raw []byte, path string) (jnode, error) {
	if !fewValues(raw, maxNodes) {
		return jnode{}, refuse(RefusedTooLarge, "more than %d nodes", maxNodes)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return jnode{}, fmt.Errorf("byte %d: %w", dec.InputOffset(), err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return jnode{}, fmt.Errorf("byte %d: text after the value", dec.InputOffset())
	}
	return jnode{v, path}, nil
}

// fewValues tells that a text holds no more than so many values, which begin a
// document or stand after a bracket or a comma. None takes less than two bytes,
// so that a short text is not looked at.
func fewValues(raw []byte, most int) bool {
	if len(raw) < 2*most {
		return true
	}
	quoted := false
	for i := 0; i < len(raw) && most > 0; i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == '{' || c == '['):
			most--
		}
	}
	return most > 0
}

// at follows keys. Where a list stands in the way its first element is taken,
// because a single value may be published as itself or as a list of one.
func (j jnode) at(keys ...string) jnode {
	for _, k := range keys {
		j = j.first()
		m, ok := j.v.(map[string]any)
		if !ok {
			return jnode{}
		}
		v, ok := m[k]
		if !ok || v == nil {
			return jnode{}
		}
		j = jnode{v, j.path + "/" + k}
	}
	return j
}

func (j jnode) first() jnode {
	if list, ok := j.v.([]any); ok {
		if len(list) == 0 {
			return jnode{}
		}
		return jnode{list[0], j.path + "/0"}
	}
	return j
}

// list gives the elements, one when the value is no list, none when absent.
func (j jnode) list() (nodes []jnode) {
	switch v := j.v.(type) {
	case nil:
	case []any:
		for i, e := range v {
			nodes = append(nodes, jnode{e, fmt.Sprintf("%s/%d", j.path, i)})
		}
	default:
		nodes = append(nodes, j)
	}
	return nodes
}

// str is the text of a string or a number, "" for anything else.
func (j jnode) str() string {
	switch v := j.first().v.(type) {
	case string:
		return tidy(v)
	case json.Number:
		return v.String()
	case map[string]any:
		if text, ok := v["#text"].(string); ok {
			return tidy(text)
		}
	}
	return ""
}

func (j jnode) keys() []string {
	m, _ := j.v.(map[string]any)
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// walk visits every value below, in the order of keys, parents first.
func (j jnode) walk(visit func(key string, j jnode)) {
	switch v := j.v.(type) {
	case map[string]any:
		for _, k := range j.keys() {
			kid := jnode{v[k], j.path + "/" + k}
			visit(k, kid)
			kid.walk(visit)
		}
	case []any:
		for i, e := range v {
			jnode{e, fmt.Sprintf("%s/%d", j.path, i)}.walk(visit)
		}
	}
}

// deep lists the values under any of the keys, at any level.
func (j jnode) deep(keys ...string) (found []jnode) {
	j.walk(func(key string, kid jnode) {
		if slices.Contains(keys, key) {
			found = append(found, kid)
		}
	})
	return found
}

// texts joins every text below, in the order of keys.
func (j jnode) texts() string {
	var parts []string
	if s := j.str(); s != "" {
		return s
	}
	j.walk(func(_ string, kid jnode) {
		if s, ok := kid.v.(string); ok && tidy(s) != "" {
			parts = append(parts, tidy(s))
		}
	})
	if list, ok := j.v.([]any); ok {
		for _, e := range list {
			if s, ok := e.(string); ok && tidy(s) != "" {
				parts = append(parts, tidy(s))
			}
		}
	}
	return strings.Join(parts, "\n")
}
