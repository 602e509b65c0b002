package main

import (
	"context"
	"fmt"

	"github.com/einlass/einlass/app/room"
	"github.com/einlass/einlass/pretix"
	"github.com/einlass/einlass/pretix/mirror"
)

// productList says on which check-in list the tickets of a product are checked in, or why on none.
type productList struct {
	event   string
	product int64 // 0: the event itself could not be read
	list    pretix.CheckinList
	err     error
}

// productLists looks up the check-in list of each product that admits, in all events of the bridge, as an entry would.
func productLists(ctx context.Context, catalog mirror.Reader, cfg PretixConfig) []productList {
	var all []productList
	for _, event := range cfg.Events {
		lists, err := catalog.CheckinLists(ctx, event)
		if err != nil {
			all = append(all, productList{event: event, err: fmt.Errorf("read check-in lists: %w", err)})
			continue
		}
		products, err := admitting(ctx, catalog, event, cfg.Products)
		if err != nil {
			all = append(all, productList{event: event, err: err})
		}
		for _, id := range products {
			list, err := room.PickList(lists, id, 0, cfg.CheckinList)
			all = append(all, productList{event, id, list, err})
		}
	}
	return all
}

// admitting returns the products in question: those configured, else those that admit a person.
func admitting(ctx context.Context, catalog mirror.Reader, event string, configured []int64) ([]int64, error) {
	if len(configured) > 0 {
		return configured, nil
	}
	items, err := catalog.Items(ctx, event)
	if err != nil {
		return nil, fmt.Errorf("read products: %w", err)
	}
	var ids []int64
	for _, i := range items {
		if i.Active && i.Admission {
			ids = append(ids, i.ID)
		}
	}
	return ids, nil
}
