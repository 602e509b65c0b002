package pretixsim

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

// unchanged answers a conditional request from the event's log of that kind (whole seconds): 304, 412 or not at all.
func (c *call) unchanged(kind string) *reply {
	last, logged := c.event.logged[kind]
	if !logged {
		return nil
	}
	last = last.Truncate(time.Second)
	if since, err := http.ParseTime(c.r.Header.Get("If-Unmodified-Since")); err == nil && last.After(since) {
		rep := htmlReply(http.StatusPreconditionFailed, "")
		return &rep
	}
	if since, err := http.ParseTime(c.r.Header.Get("If-Modified-Since")); err == nil && !last.After(since) {
		rep := htmlReply(http.StatusNotModified, "")
		return &rep
	}
	return nil
}

// dated adds the Last-Modified that such a request may refer to.
func (c *call) dated(kind string, rep reply) reply {
	if last, logged := c.event.logged[kind]; logged && rep.status == http.StatusOK {
		rep.set("Last-Modified", last.UTC().Format(http.TimeFormat))
	}
	return rep
}

func (c *call) itemList() reply {
	if rep := c.unchanged("items"); rep != nil {
		return *rep
	}
	f := c.filters().lacks("ordering", "active", "category", "admission", "tax_rate", "free_price", "search")
	if no := f.done(); no != nil {
		return *no
	}
	rows := slices.SortedFunc(slices.Values(c.event.items), func(a, b *item) int {
		return cmp.Or(a.Position-b.Position, a.id-b.id)
	})
	return c.dated("items", page(c, rows, itemJSON))
}

func (c *call) itemDetail() reply {
	id, no := c.pathID("id")
	if no != nil {
		return *no
	}
	i := c.event.item(id)
	if i == nil {
		return noSuch("Item")
	}
	return jsonReply(http.StatusOK, itemJSON(i))
}

func itemJSON(i *item) object {
	variations, addons := []object{}, []object{}
	for n, v := range i.variations {
		variations = append(variations, variationJSON(v, n))
	}
	for n, category := range i.AddonCategories {
		addons = append(addons, object{
			"addon_category": category, "min_count": 0, "max_count": 2, "position": n, "price_included": false,
			"multi_allowed": false,
		})
	}
	var tickets any
	if i.GenerateTickets {
		tickets = true
	}
	return object{
		"id": i.id, "category": idOrNull(i.Category), "name": i.Name, "internal_name": nil, "active": true,
		"all_sales_channels": true, "limit_sales_channels": []string{}, "description": nil, "default_price": i.Price,
		"free_price": false, "free_price_suggestion": nil, "tax_rate": "0.00", "tax_rule": nil,
		"admission": !i.NoAdmission, "personalized": !i.NoAdmission, "position": i.Position, "picture": nil,
		"available_from": nil, "available_from_mode": "hide", "available_until": nil, "available_until_mode": "hide",
		"require_voucher": i.RequireVoucher, "hide_without_voucher": false, "allow_cancel": true,
		"require_bundling": false, "min_per_order": nil, "max_per_order": nil, "checkin_attention": i.CheckinAttention,
		"checkin_text": textOrNull(i.CheckinText), "has_variations": len(variations) > 0, "variations": variations,
		"addons": addons, "bundles": []any{}, "program_times": []any{}, "original_price": nil,
		"require_approval": false, "generate_tickets": tickets, "show_quota_left": nil, "hidden_if_available": nil,
		"hidden_if_item_available": nil, "hidden_if_item_available_mode": "hide", "allow_waitinglist": true,
		"issue_giftcard": false, "meta_data": object{}, "require_membership": false,
		"require_membership_types": []any{}, "require_membership_hidden": false, "grant_membership_type": nil,
		"grant_membership_duration_like_event": true, "grant_membership_duration_days": 0,
		"grant_membership_duration_months": 0, "validity_mode": nil, "validity_fixed_from": nil,
		"validity_fixed_until": nil, "validity_dynamic_duration_minutes": nil, "validity_dynamic_duration_hours": nil,
		"validity_dynamic_duration_days": nil, "validity_dynamic_duration_months": nil,
		"validity_dynamic_start_choice": false, "validity_dynamic_start_choice_day_limit": nil, "media_policy": nil,
		"media_type": nil, "sales_channels": []string{"web"},
	}
}

func variationJSON(v *variation, position int) object {
	return object{
		"id": v.id, "value": v.Value, "active": true, "description": nil, "position": position,
		"default_price": v.Price, "price": v.Price, "original_price": nil, "free_price_suggestion": nil,
		"require_approval": false, "require_membership": false, "require_membership_types": []any{},
		"require_membership_hidden": false, "checkin_attention": v.CheckinAttention,
		"checkin_text": textOrNull(v.CheckinText), "available_from": nil, "available_from_mode": "hide",
		"available_until": nil, "available_until_mode": "hide", "all_sales_channels": true,
		"limit_sales_channels": []string{}, "hide_without_voucher": false, "meta_data": object{},
		"sales_channels": []string{"web"},
	}
}

func (c *call) categoryList() reply {
	if rep := c.unchanged("categories"); rep != nil {
		return *rep
	}
	if no := c.filters().lacks("ordering", "is_addon").done(); no != nil {
		return *no
	}
	rows := slices.SortedFunc(slices.Values(c.event.categories), func(a, b *category) int {
		return cmp.Or(a.Position-b.Position, a.id-b.id)
	})
	return c.dated("categories", page(c, rows, func(k *category) object {
		return object{
			"id": k.id, "name": k.Name, "internal_name": nil, "description": Text{"de": ""}, "position": k.Position,
			"is_addon": k.IsAddon, "cross_selling_mode": nil, "cross_selling_condition": nil,
			"cross_selling_match_products": []any{},
		}
	}))
}

func (c *call) questionList() reply {
	if rep := c.unchanged("questions"); rep != nil {
		return *rep
	}
	f := c.filters().lacks("ordering", "ask_during_checkin", "required", "type")
	identifier := f.text("identifier")
	if no := f.done(); no != nil {
		return *no
	}
	rows := slices.SortedFunc(slices.Values(c.event.questions), byPosition)
	if identifier != "" {
		rows = slices.DeleteFunc(rows, func(q *question) bool { return q.Identifier != identifier })
	}
	return c.dated("questions", page(c, rows, questionJSON))
}

func byPosition(a, b *question) int { return cmp.Or(a.Position-b.Position, a.id-b.id) }

func (c *call) questionDetail() reply {
	id, no := c.pathID("id")
	if no != nil {
		return *no
	}
	q := c.event.question(id)
	if q == nil {
		return noSuch("Question")
	}
	return jsonReply(http.StatusOK, questionJSON(q))
}

func questionJSON(q *question) object {
	options := []object{}
	for _, o := range q.options {
		options = append(options, object{
			"id": o.id, "identifier": o.Identifier, "answer": o.Answer, "position": o.Position,
		})
	}
	return object{
		"id": q.id, "question": q.Question.Question, "type": q.Type, "required": q.Required, "items": ids(q.Items),
		"options": options, "position": q.Position, "ask_during_checkin": q.AskDuringCheckin,
		"show_during_checkin": q.ShowDuringCheckin, "identifier": q.Identifier, "dependency_question": nil,
		"dependency_values": []any{}, "hidden": false, "dependency_value": nil, "print_on_invoice": false,
		"help_text": nil, "valid_number_min": nil, "valid_number_max": nil, "valid_date_min": nil,
		"valid_date_max": nil, "valid_datetime_min": nil, "valid_datetime_max": nil, "valid_string_length_max": nil,
		"valid_string_length_min": nil, "valid_file_portrait": false,
	}
}
