package tenders

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// MaxRecord is the default bound of one record: the largest real notice of the
// samples has 0.6 MB.
const MaxRecord = 32 << 20

// Record is one notice as found in a file, understood or not.
type Record struct {
	// Path is the file, with "!" before the entry of an archive.
	Path string
	// Where locates the record in the file; "" when it is the whole file.
	Where string
	// Raw is the text of the record, up to the bound of the parser.
	Raw []byte
	// Notice is nil when Err is not.
	Notice *Notice
	// Err is a *Refusal, or what went wrong opening the file.
	Err error

	row *noticeRow // what an import makes of the notice
}

// ParserConfig tunes a Parser; only Places is required.
type ParserConfig struct {
	Places *Places
	// MaxRecord bounds one record in bytes; 0 means MaxRecord.
	MaxRecord int64
	// MaxUnpacked bounds what a small archive unfolds to, in bytes; 0 means MaxUnpacked.
	MaxUnpacked int64
}

// Parser reads notices from streams, files, folders and archives. It holds one
// record at a time and is safe for concurrent use.
type Parser struct {
	places   *Places
	limit    int64
	unpacked int64
}

// NewParser makes a parser.
func NewParser(cfg ParserConfig) *Parser {
	if cfg.MaxRecord <= 0 {
		cfg.MaxRecord = MaxRecord
	}
	if cfg.MaxUnpacked <= 0 {
		cfg.MaxUnpacked = MaxUnpacked
	}
	return &Parser{places: cfg.Places, limit: cfg.MaxRecord, unpacked: cfg.MaxUnpacked}
}

// Walk reads files, folders (in sorted order, hidden entries aside) and their
// zip, tar and gzip archives. Links to files are followed, links to folders only at
// the top; pipes and devices are left out. A file that is no notice yields one record with its
// refusal and does not stop the walk; the context does.
func (p *Parser) Walk(ctx context.Context, paths ...string) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for _, root := range paths {
			root = folder(root)
			err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
				switch {
				case ctx.Err() != nil:
					return errStop
				case err != nil:
					return unless(yield(Record{Path: path, Err: err}))
				case path != root && entry.Name()[0] == '.':
					if entry.IsDir() {
						return fs.SkipDir
					}
					return nil
				case entry.IsDir() || (path != root && !regular(path)):
					return nil
				}
				return unless(p.file(ctx, path, path, yield))
			})
			if err != nil {
				return
			}
		}
	}
}

// folder makes a link to a folder walk as the folder it leads to.
func folder(path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return filepath.Clean(path) + string(filepath.Separator)
	}
	return path
}

// regular tells a file, or a link to one, from pipes and devices, which would
// block, and from links to folders, which could turn in circles. What is gone
// or closed to us counts as a file, so that opening it says so.
func regular(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Mode().IsRegular()
}

var errStop = errors.New("stop the walk")

// unless stops a walk when its consumer does not want more.
func unless(more bool) error {
	if more {
		return nil
	}
	return errStop
}

// file reads one file; it reports whether to go on.
func (p *Parser) file(ctx context.Context, name, path string, yield func(Record) bool) bool {
	f, err := os.Open(path)
	if err != nil {
		return yield(Record{Path: name, Err: err})
	}
	defer f.Close()
	head := make([]byte, 4)
	one := &patience{yield: yield}
	if _, err := io.ReadFull(f, head); err == nil && recognise(head) == formatZip {
		p.archive(ctx, name, f, one.take)
		return !one.ended && ctx.Err() == nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return yield(Record{Path: name, Err: err})
	}
	p.stream(ctx, name, f, one)
	return !one.ended && ctx.Err() == nil
}

// stream reads what is no zip.
func (p *Parser) stream(ctx context.Context, name string, r io.Reader, one *patience) {
	in := &metered{in: r}
	for rec := range p.read(ctx, name, in, nest{0, &unfolding{packed: func() int64 { return in.n }, floor: p.unpacked}}) {
		if !one.take(rec) {
			return
		}
	}
}

// archive reads the entries of a zip in sorted order, hidden ones aside.
func (p *Parser) archive(ctx context.Context, path string, f *os.File, yield func(Record) bool) {
	info, err := f.Stat()
	if err != nil {
		yield(Record{Path: path, Err: err})
		return
	}
	z, err := zip.NewReader(f, info.Size())
	if err == nil && len(z.File) > maxEntries {
		err = refuse(RefusedTooLarge, "the archive has more than %d entries", maxEntries)
	}
	if err != nil {
		yield(Record{Path: path, Err: asRefusal(err, RefusedFormat, "")})
		return
	}
	sort.Slice(z.File, func(i, j int) bool { return z.File[i].Name < z.File[j].Name })
	within := nest{1, &unfolding{packed: info.Size, floor: p.unpacked}}
	for _, entry := range z.File {
		if entry.FileInfo().IsDir() || hidden(entry.Name) {
			continue
		}
		if !p.entry(ctx, path+"!"+entry.Name, entry, within, yield) || within.spent() || ctx.Err() != nil {
			return
		}
	}
}

// entry reads one entry of a zip; it reports whether to go on.
func (p *Parser) entry(ctx context.Context, name string, entry *zip.File, within nest, yield func(Record) bool) bool {
	in, err := entry.Open()
	if err != nil {
		return yield(Record{Path: name, Err: asRefusal(err, RefusedFormat, "")})
	}
	defer in.Close()
	for rec := range p.read(ctx, name, within.reader(in), within) {
		if !yield(rec) {
			return false
		}
	}
	return true
}

// Read reads every record of one stream, whose format is told from its content.
func (p *Parser) Read(ctx context.Context, name string, r io.Reader) iter.Seq[Record] {
	return func(yield func(Record) bool) { p.stream(ctx, name, r, &patience{yield: yield}) }
}

// read is Read inside so many archives.
func (p *Parser) read(ctx context.Context, name string, r io.Reader, within nest) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		text, kind, err := p.open(r, within)
		if err != nil {
			yield(Record{Path: name, Err: asRefusal(err, RefusedFormat, "")})
			return
		}
		switch kind {
		case formatXML:
			p.anyXML(ctx, name, text, yield)
		case formatCSV:
			p.decpCSV(ctx, name, text, yield)
		case formatJSON:
			p.json(ctx, name, text, yield)
		case formatTar:
			p.tar(ctx, name, text, within, yield)
		case formatZip, formatGzip:
			yield(Record{Path: name, Err: refuse(RefusedFormat, "a %s is read as a file of its own only, not inside another archive or a stream", kind)})
		default:
			raw, _ := readBounded(text, sniffSize)
			yield(Record{Path: name, Raw: raw, Err: refuse(RefusedFormat, "no format of notices that is read: neither XML (%s), nor JSON (%s), nor a table (%s)", readXML, readJSONs, readCSV)})
		}
	}
}

// What is read, as the refusals and the help of the commands name it.
const (
	readXML   = "eForms, TED, BOAMP, DECP"
	readJSONs = "BOAMP, DECP, OCDS"
	readCSV   = "DECP"
)

// open unwraps gzip, turns the text into UTF-8 by its mark and tells XML from JSON.
func (p *Parser) open(r io.Reader, within nest) (io.Reader, format, error) {
	head, r, err := peek(r)
	if err != nil {
		return nil, formatNone, err
	}
	if recognise(head) == formatGzip {
		gz, err := gzip.NewReader(r)
		if err != nil {
			return nil, formatNone, fmt.Errorf("open gzip: %w", err)
		}
		if head, r, err = peek(within.reader(gz)); err != nil {
			return nil, formatNone, fmt.Errorf("read gzip: %w", err)
		}
	}
	if kind := recognise(head); kind == formatTar || kind == formatGzip || kind == formatZip {
		return r, kind, nil
	}
	head, r, err = peek(unicodeReader(io.MultiReader(strings.NewReader(missingBOM(head)), r)))
	return r, recognise(head), err
}

func peek(r io.Reader) ([]byte, io.Reader, error) { return peekAt(r, sniffSize) }

func peekAt(r io.Reader, size int64) ([]byte, io.Reader, error) {
	head, err := io.ReadAll(io.LimitReader(r, size))
	if err != nil {
		return nil, nil, err
	}
	return head, io.MultiReader(bytes.NewReader(head), r), nil
}

// anyXML reads a document: a list of contracts, or one notice.
func (p *Parser) anyXML(ctx context.Context, name string, r io.Reader, yield func(Record) bool) {
	root, r, err := peekRoot(r)
	if err == nil && decpRoots[root] {
		p.decpXML(ctx, name, r, yield)
		return
	}
	yield(p.xml(name, r))
}

// xml reads a document, which is one record.
func (p *Parser) xml(name string, r io.Reader) Record {
	rec := Record{Path: name}
	raw, err := readBounded(r, p.limit)
	rec.Raw = raw
	if err != nil {
		rec.Err = asRefusal(err, RefusedTruncated, "")
		return rec
	}
	rec.Notice, rec.Err = p.parseXML(raw)
	return rec
}

func (p *Parser) parseXML(raw []byte) (*Notice, error) {
	doc, wrong := decodable(raw)
	root, err := readTree(doc)
	if err != nil {
		return nil, asRefusal(err, syntaxOrTruncated(err), "")
	}
	var n *Notice
	switch root.name {
	case "ContractNotice", "PriorInformationNotice", "ContractAwardNotice", "BusinessRegistrationInformationNotice":
		n, err = readEForms(root, p.places)
	case "TED_EXPORT":
		n, err = readTED(root, p.places)
	case "ANNONCE":
		n, err = readBOAMPXML(root, p.places)
	default:
		err = refuse(RefusedFormat, "the root element %q is of no format that is read (%s)", root.name, readXML)
	}
	return encoded(n, wrong), err
}

// WarnEncoding: the bytes were not in the encoding they claim; they were read
// as UTF-8 if they are, as Windows-1252 otherwise.
const WarnEncoding = "wrong_encoding"

const notUTF8 = "the bytes are not UTF-8; read as Windows-1252"

func encoded(n *Notice, wrong string) *Notice {
	if n != nil && wrong != "" {
		n.Warnings = append(n.Warnings, Warning{WarnEncoding, "", wrong})
	}
	return n
}

func syntaxOrTruncated(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || bytes.Contains([]byte(err.Error()), []byte("unexpected EOF")) {
		return RefusedTruncated
	}
	return RefusedSyntax
}

// json reads the records of a page, an export or JSON lines, one at a time.
func (p *Parser) json(ctx context.Context, name string, r io.Reader, yield func(Record) bool) {
	s := newSplitter(r, p.limit)
	for ctx.Err() == nil {
		cut, err := s.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(Record{Path: name, Where: s.here(), Err: asRefusal(err, RefusedTruncated, s.here())})
			return
		}
		rec := Record{Path: name, Where: cut.where, Raw: cut.raw}
		if cut.err != nil {
			code := RefusedSyntax
			if bytes.HasPrefix([]byte(cut.err.Error()), []byte("truncated")) {
				code = RefusedTruncated
			}
			rec.Err = asRefusal(cut.err, code, cut.where)
		} else if rec.Notice, err = p.parseJSON(cut.raw); err != nil {
			rec.Err = asRefusal(err, RefusedSyntax, cut.where)
		}
		if !yield(rec) {
			return
		}
	}
}

func (p *Parser) parseJSON(raw []byte) (*Notice, error) {
	text, repaired := repairUTF8(raw)
	wrong := ""
	if repaired {
		wrong = notUTF8
	}
	rec, err := readJSON(text, "")
	if err != nil {
		return nil, err
	}
	var n *Notice
	switch {
	case isBOAMP(rec):
		n, err = readBOAMP(rec, p.places)
	case isDECP(rec):
		n, err = readDECP(rec, p.places)
	case isOCDS(rec):
		n, err = readOCDS(rec, p.places)
	default:
		err = refuse(RefusedFormat, "the record is of no format that is read (%s)", readJSONs)
	}
	return encoded(n, wrong), err
}

// Parse reads one record from memory, such as a quarantined one after its
// correction. Where there are several it reads the first.
func (p *Parser) Parse(raw []byte) (*Notice, error) {
	for rec := range p.Read(context.Background(), "", bytes.NewReader(raw)) {
		return rec.Notice, rec.Err
	}
	return nil, refuse(RefusedFormat, "the text holds no record")
}
