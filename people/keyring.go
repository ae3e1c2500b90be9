package people

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"

	"maillage/internal/fault"
)

// Keyring seals what identifies people: AES-256-GCM, a fresh nonce each time,
// bound to the person and the purpose so that a blob copied to another row does
// not open. The first key seals, all open.
type Keyring struct {
	first string
	keys  map[string]cipher.AEAD
}

// ParseKeys reads "key" or "id:key,id:key", each key 32 bytes in base64. A key
// without an id is "1". The empty text is no keyring. No fault tells a key.
func ParseKeys(text string) (*Keyring, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	k := &Keyring{keys: map[string]cipher.AEAD{}}
	for i, part := range strings.Split(text, ",") {
		id, key, named := strings.Cut(strings.TrimSpace(part), ":")
		if !named {
			id, key = "1", id
		}
		if _, twice := k.keys[id]; twice || id == "" || len(id) > 40 {
			return nil, fmt.Errorf("identity key %d: an id of its own is expected before the colon", i+1)
		}
		box, err := newBox(key)
		if err != nil {
			return nil, fmt.Errorf("identity key %d: %w", i+1, err)
		}
		k.keys[id] = box
		if k.first == "" {
			k.first = id
		}
	}
	return k, nil
}

func newBox(text string) (cipher.AEAD, error) {
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(key) != 32 {
		return nil, errors.New("32 bytes in base64 are expected (openssl rand -base64 32)")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, errors.New("the key cannot be used")
	}
	return cipher.NewGCM(block)
}

// bound is what a sealed text is tied to.
func bound(id ID, keyID string) []byte {
	return fmt.Appendf(nil, "maillage people identity v1 person=%d key=%s", id, keyID)
}

// seal gives the nonce and the sealed text, and the id of the key.
func (k *Keyring) seal(random io.Reader, id ID, plain []byte) (keyID string, sealed []byte, err error) {
	if k == nil {
		return "", nil, noKey()
	}
	box := k.keys[k.first]
	nonce := make([]byte, box.NonceSize(), box.NonceSize()+len(plain)+box.Overhead())
	if _, err := io.ReadFull(random, nonce); err != nil {
		return "", nil, fmt.Errorf("draw a nonce: %w", err)
	}
	return k.first, box.Seal(nonce, nonce, plain, bound(id, k.first)), nil
}

func (k *Keyring) open(id ID, keyID string, sealed []byte) ([]byte, error) {
	if k == nil {
		return nil, noKey()
	}
	box := k.keys[keyID]
	if box == nil {
		return nil, fault.New(fault.KindUnavailable, "identity-key-missing",
			"L’identité est scellée par une clé que ce serveur n’a pas : l’exploitant doit la rendre à MAILLAGE_IDENTITY_KEY.",
			"The identity is sealed with a key that this server has not: the operator must give it back to MAILLAGE_IDENTITY_KEY.")
	}
	if len(sealed) < box.NonceSize() {
		return nil, errors.New("the sealed identity is cut")
	}
	plain, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], bound(id, keyID))
	if err != nil {
		return nil, errors.New("the sealed identity does not open: it was changed, or moved from another row")
	}
	return plain, nil
}

func noKey() error {
	return fault.New(fault.KindUnavailable, "no-identity-key",
		"Ce serveur n’a pas de clé pour sceller les identités (MAILLAGE_IDENTITY_KEY) : il n’en garde ni n’en montre. Le reste du parcours fonctionne.",
		"This server has no key to seal identities (MAILLAGE_IDENTITY_KEY): it keeps and shows none. The rest of the journey works.")
}
