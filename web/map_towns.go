package web

import "maillage/territories/mesh"

// besidePins moves the name of a town out from under a pin that stands on it.
func besidePins(towns []mesh.Label, pins []MapPin) {
	const gap = 6 // of the drawing, between the ring of the pin and the name
	for i := range towns {
		town := &towns[i]
		for _, pin := range pins {
			dx, dy, reach := pin.X-town.DotX, pin.Y-town.DotY, pin.R()+gap
			if dx*dx+dy*dy > reach*reach {
				continue
			}
			switch town.Anchor {
			case "start":
				town.X = max(town.X, pin.X+reach)
			case "end":
				town.X = min(town.X, pin.X-reach)
			}
		}
	}
}
