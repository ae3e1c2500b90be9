package dossier

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/uptrace/bun"

	"maillage/internal/fault"
	"maillage/network"
)

// FileID identifies the bytes of a file.
type FileID int64

// The bounds of files.
const (
	MaxFile = 10 << 20  // bytes of one file
	Quota   = 200 << 20 // bytes of one enterprise, its archives included
	piece   = 1 << 20   // of one row of the bytes
)

// File is bytes of an enterprise, kept once however many pieces and archives
// name them, and never changed.
type File struct {
	bun.BaseModel `bun:"table:dossier_files,alias:df"`

	ID             FileID     `bun:"id,pk,autoincrement"`
	OrganisationID network.ID `bun:"organisation_id"`
	SHA256         string     `bun:"sha256"` // hexadecimal
	MediaType      string     `bun:"media_type"`
	Size           int64      `bun:"size"`
	CreatedAt      time.Time  `bun:"created_at"`
}

// Upload is a file as somebody sends it: its name is not believed.
type Upload struct {
	Name    string
	Content []byte
}

// taken is a file that was looked at.
type taken struct {
	name, mediaType, digest string
	content                 []byte
}

// Types lists the media types that are kept, by the end of a name.
func Types() map[string]string {
	return map[string]string{
		".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
		".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		".odt":  "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
	}
}

// take looks at a file: its bytes must be what its name says, of a kind that is
// kept, and hold no macro.
func take(u *Upload) (*taken, error) {
	if len(u.Content) > MaxFile {
		return nil, fault.TooLarge("10 Mo")
	}
	name := safeName(u.Name)
	ending := strings.ToLower(path.Ext(name))
	kind := Types()[ending]
	var f fault.List
	f.At(len(u.Content) == 0, "file", "empty", "Ce fichier est vide.", "This file is empty.")
	f.At(kind == "", "file", "type", "Un PDF, une image (PNG, JPEG) ou un document (DOCX, XLSX, ODT, ODS).", "A PDF, an image (PNG, JPEG) or a document (DOCX, XLSX, ODT, ODS).")
	if err := f.Err(); err != nil {
		return nil, err
	}
	f.At(!looksLike(ending, u.Content), "file", "content", "Le contenu de ce fichier n’est pas ce que dit son nom, ou il contient des macros.", "What this file holds is not what its name says, or it holds macros.")
	sum := sha256.Sum256(u.Content)
	return &taken{name: name, mediaType: kind, digest: hex.EncodeToString(sum[:]), content: u.Content}, f.Err()
}

// looksLike tells whether bytes are what the end of a name says.
func looksLike(ending string, content []byte) bool {
	switch ending {
	case ".pdf":
		return bytes.HasPrefix(content, []byte("%PDF-"))
	case ".png":
		return bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n"))
	case ".jpg", ".jpeg":
		return bytes.HasPrefix(content, []byte("\xff\xd8\xff"))
	}
	return isDocument(ending, content)
}

// isDocument reads the list of what a document holds, and unpacks nothing but
// the few bytes in which an OpenDocument says its type.
func isDocument(ending string, content []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return false
	}
	has := func(name string) bool {
		return slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.EqualFold(f.Name, name) })
	}
	if slices.ContainsFunc(z.File, macro) {
		return false
	}
	switch ending {
	case ".docx":
		return has("[Content_Types].xml") && has("word/document.xml")
	case ".xlsx":
		return has("[Content_Types].xml") && has("xl/workbook.xml")
	}
	return saidType(z) == Types()[ending]
}

// macro tells a part of a document that runs.
func macro(f *zip.File) bool {
	name := strings.ToLower(f.Name)
	return strings.HasSuffix(name, "vbaproject.bin") || strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/")
}

func saidType(z *zip.Reader) string {
	r, err := z.Open("mimetype")
	if err != nil {
		return ""
	}
	defer func() { _ = r.Close() }()
	said, err := io.ReadAll(io.LimitReader(r, 100))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(said))
}

// safeName is the last part of a name, without what a path, a header or a ZIP
// could take for something else, 120 characters at most; its end is kept.
func safeName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"/|?*;`, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Trim(name, " .")
	ending := path.Ext(name)
	if len(ending) > 10 {
		ending = ""
	}
	stem := []rune(strings.TrimSuffix(name, ending))
	if len(stem) == 0 {
		stem = []rune("fichier")
	}
	return string(stem[:min(len(stem), longestName-len([]rune(ending)))]) + ending
}
