// Package outbound reaches addresses that somebody else chose: a source of
// notices, a program to be told of what is new. It decides which of them may be
// reached, at the moment of the connection, when a name has become a number: a
// name that changes its mind is checked like the first.
//
// It refuses whatever is not the public internet (this machine, private networks,
// link-local addresses, where clouds keep their metadata) unless the operator
// allows it by name, and proxies, whose address would be the one that is checked.
package outbound

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// ErrAddress says that an address is none that may be asked.
var ErrAddress = errors.New("this address may not be asked")

// reserved lists what is not the public internet beyond what net/netip tells
// (IANA special-purpose registries, RFC 6890 and its updates).
func reserved() []netip.Prefix {
	var all []netip.Prefix
	for _, text := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

// Allowed tells whether an address may be asked: a public one, or one of the
// networks allowed by name. Addresses that carry an IPv4 one inside (NAT64,
// 6to4) are refused, because they lead where the inner one does.
func Allowed(at netip.Addr, allow []netip.Prefix) bool {
	at = at.Unmap().WithZone("")
	for _, p := range allow {
		if p.Contains(at) {
			return true
		}
	}
	if !at.IsGlobalUnicast() || at.IsPrivate() || at.IsLoopback() || at.IsLinkLocalUnicast() || at.IsMulticast() {
		return false
	}
	for _, p := range reserved() {
		if p.Contains(at) {
			return false
		}
	}
	return true
}

// Guard is the Control of a net.Dialer that reaches allowed addresses only.
func Guard(allow []netip.Prefix) func(network, address string, c syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %s", ErrAddress, address)
		}
		if !Allowed(at.Addr(), allow) {
			return fmt.Errorf("%w: %s", ErrAddress, at.Addr())
		}
		return nil
	}
}
