package tiles

import (
	"container/list"
	"sync"
)

// cache keeps the tiles used last, within a number of bytes.
type cache struct {
	mu    sync.Mutex
	most  int64
	bytes int64
	order *list.List // of entry, the last used in front
	at    map[Key]*list.Element
}

type entry struct {
	key  Key
	tile Tile
}

// overhead is what an entry costs beside its data.
const overhead = 256

func (e entry) size() int64 { return int64(len(e.tile.Data)) + overhead }

func newCache(most int64) *cache {
	return &cache{most: most, order: list.New(), at: make(map[Key]*list.Element)}
}

func (c *cache) get(key Key) (Tile, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.at[key]
	if !ok {
		return Tile{}, false
	}
	c.order.MoveToFront(el)
	return el.Value.(entry).tile, true
}

// put keeps a tile, unless it alone exceeds the bound.
func (c *cache) put(key Key, tile Tile) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := entry{key, tile}
	if _, ok := c.at[key]; ok || e.size() > c.most {
		return
	}
	c.at[key] = c.order.PushFront(e)
	c.bytes += e.size()
	for c.bytes > c.most {
		last := c.order.Back()
		old := c.order.Remove(last).(entry)
		delete(c.at, old.key)
		c.bytes -= old.size()
	}
}
