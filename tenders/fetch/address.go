package fetch

import "net/netip"

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

// allowed tells whether an address may be asked: a public one, or one of the
// networks allowed by name. Addresses that carry an IPv4 one inside (NAT64,
// 6to4) are refused, because they lead where the inner one does.
func allowed(at netip.Addr, allow []netip.Prefix) bool {
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
