package tenders

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// How the next contract of a document is found after one whose syntax is
// broken: publishers leave "&" and control characters in their texts, and a year
// of contracts is one document.

// contractTag is where a contract ends or the next one begins.
var contractTag = regexp.MustCompile(`<(/?)(?:[\w.-]+:)?(?:marche|contrat-concession)(?:>|\s[^<>]*>)`)

// longestTag bounds such a tag, in bytes.
const longestTag = 4 << 10

// virtualRoot opens the document again for the contracts that are left.
const virtualRoot = "<marches>"

// broken is the contract at which the decoder stopped, with its own text where
// the next one is found, and tells whether there is one to go on with.
func (s *decpStream) broken(err error) (Record, bool) {
	code, where := syntaxOrTruncated(err), s.here()
	line, _ := s.dec.InputPos()
	line -= bytes.Count(s.until(s.dec.InputOffset()), []byte("\n"))
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		err = fmt.Errorf("line %d: %s", s.lines+syntax.Line, syntax.Msg)
	}
	raw, goesOn := bytes.Clone(s.kept[:min(len(s.kept), sniffSize)]), false
	if !errors.Is(err, errEntities) && s.opened && !s.alone {
		if skipped := s.resume(line - 1); skipped != nil {
			raw, goesOn = skipped, true
		}
	}
	if goesOn && code == RefusedTruncated {
		code = RefusedSyntax
	}
	return Record{Path: s.name, Where: where, Raw: raw, Err: asRefusal(err, code, where)}, goesOn
}

// resume decodes from the next contract on, so many lines after the place where
// decoding began, and gives what is skipped, up to the bound of a record; nil:
// there is none.
func (s *decpStream) resume(lines int) []byte {
	start, text, in := s.bytes+s.start, s.kept, s.in
	passed := int64(0) // dropped from text, over the bound
	for from := 1; ; {
		if at := contractTag.FindSubmatchIndex(text[min(from, len(text)):]); at != nil {
			end := from + at[0]
			if at[3] > at[2] {
				end = from + at[1] // the end of this one belongs to it
			}
			s.lines += lines + bytes.Count(text[:end], []byte("\n"))
			s.bytes = start + passed + int64(end) - int64(len(virtualRoot))
			skipped := bytes.Clone(text[:end])
			s.read(io.MultiReader(bytes.NewReader([]byte(virtualRoot)), bytes.NewReader(bytes.Clone(text[end:])), in))
			return skipped
		}
		from = max(1, len(text)-longestTag)
		if int64(len(text)) > s.limit+longestTag {
			lines += bytes.Count(text[:from], []byte("\n"))
			passed, text, from = passed+int64(from), append([]byte(nil), text[from:]...), 0
		}
		more := make([]byte, 16<<10)
		n, err := io.ReadFull(in, more)
		if text = append(text, more[:n]...); n == 0 && err != nil {
			return nil
		}
	}
}
