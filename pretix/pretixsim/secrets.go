package pretixsim

import (
	"cmp"
	"slices"
)

func (c *call) revokedList() reply {
	f := c.filters("ordering")
	since := f.instant("created_since")
	if no := f.done(); no != nil {
		return *no
	}
	rows := filter(c.event.revoked, func(r revokedSecret) bool { return !r.at.Before(since) })
	sortSecrets(c, "created", rows, func(a, b revokedSecret) int { return cmp.Or(a.at.Compare(b.at), a.id-b.id) })
	return page(c, rows, func(r revokedSecret) object {
		return object{"id": r.id, "secret": r.secret, "created": c.stamp(r.at)}
	})
}

// blockedList keeps unblocked secrets, as such.
func (c *call) blockedList() reply {
	f := c.filters("ordering")
	since := f.instant("updated_since")
	if no := f.done(); no != nil {
		return *no
	}
	rows := filter(c.event.blocked, func(b *blockedSecret) bool { return !b.at.Before(since) })
	sortSecrets(c, "updated", rows, func(a, b *blockedSecret) int { return cmp.Or(a.at.Compare(b.at), a.id-b.id) })
	return page(c, rows, func(b *blockedSecret) object {
		return object{"id": b.id, "secret": b.secret, "updated": c.stamp(b.at), "blocked": b.blocked}
	})
}

// sortSecrets: the newest first, unless the oldest are asked for.
func sortSecrets[T any](c *call, field string, rows []T, byTime func(a, b T) int) {
	_, newestFirst := c.ordering("-"+field, field)
	slices.SortFunc(rows, func(a, b T) int {
		if newestFirst {
			return byTime(b, a)
		}
		return byTime(a, b)
	})
}
