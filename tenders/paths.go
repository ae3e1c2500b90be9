package tenders

import (
	"errors"
	"os"
	"regexp"
	"strings"

	"maillage/internal/fault"
)

// addressLike tells what was meant as an address from the path of a file.
var addressLike = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+)://`)

// schemeOf is the scheme of an address, in small letters; "" for a path.
func schemeOf(path string) string {
	if m := addressLike.FindStringSubmatch(path); m != nil {
		return strings.ToLower(m[1])
	}
	return ""
}

// IsWeb tells an address that ImportURL fetches.
func IsWeb(path string) bool { return schemeOf(path) == "http" || schemeOf(path) == "https" }

// CheckPath refuses what is an address and not the path of a file.
func CheckPath(path string) error {
	if _, err := os.Lstat(path); schemeOf(path) != "" && errors.Is(err, os.ErrNotExist) {
		return notThere(path)
	}
	return nil
}

// notThere says what to do of a path that leads nowhere.
func notThere(path string) *fault.Error {
	switch scheme := schemeOf(path); {
	case scheme == "":
		return fault.New(fault.KindNotFound, "path-not-found",
			path+" n’existe pas : vérifiez le chemin, puis relancez l’import. Rien n’a été importé.",
			path+" does not exist: check the path, then import again. Nothing was imported.")
	case IsWeb(path):
		return fault.New(fault.KindInvalid, "address-alone",
			path+" est une adresse du web : importez-la seule, une par commande. Rien n’a été importé.",
			path+" is a web address: import it alone, one a command. Nothing was imported.")
	case scheme == "file":
		return fault.New(fault.KindInvalid, "address-kind",
			path+" désigne un fichier de cette machine : donnez son chemin, sans « file:// ». Rien n’a été importé.",
			path+" means a file of this machine: give its path, without “file://”. Nothing was imported.")
	default:
		return fault.New(fault.KindInvalid, "address-kind",
			"Les adresses "+scheme+":// ne sont pas lues : donnez une adresse http:// ou https://, ou le chemin d’un fichier. Rien n’a été importé.",
			"Addresses of "+scheme+":// are not read: give one of http:// or https://, or the path of a file. Nothing was imported.")
	}
}
