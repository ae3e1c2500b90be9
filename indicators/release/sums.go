package release

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

const sumsName = "SHA256SUMS"

// writeSums writes one line a file, as sha256sum does and checks: the hash, two
// spaces, the path; by path.
func writeSums(files []file) []byte {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.Path, b.Path) })
	var b bytes.Buffer
	for _, f := range files {
		fmt.Fprintf(&b, "%s  %s\n", sum(f.Data), f.Path)
	}
	return b.Bytes()
}

// readSums reads those lines: path → hash. A line that is none is located.
func readSums(data []byte) (map[string]string, error) {
	all := map[string]string{}
	for i, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		value, path, ok := strings.Cut(line, "  ")
		_, twice := all[path]
		if !ok || !hash(value) || path == "" || twice {
			return nil, fmt.Errorf("line %d is not a hash and a path of its own", i+1)
		}
		all[path] = value
	}
	return all, nil
}

// hash says whether a text is a SHA-256.
func hash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
