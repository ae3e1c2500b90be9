package web

import "maillage/network"

func (c *call) tiesOf(*network.Organisation) ([]OrgRow, error)      { return nil, nil }
func (c *call) openLotsFor(*network.Organisation) ([]OppRow, error) { return nil, nil }
