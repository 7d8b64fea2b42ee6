package loader

import (
	"strconv"

	"mandategraph/un"
)

// stateSessions adds the sessions of a body.
func (b *builder) stateSessions(f *sessionsFile) {
	body := b.body(f.Body)
	if body == nil {
		body = &un.Body{Record: un.Record{ID: un.ID("body:" + b.key("body", f.at, word{}))}} // reported
	}
	for i := range f.Sessions {
		b.stateSession(body, &f.Sessions[i])
	}
}

func (b *builder) stateSession(body *un.Body, f *session) {
	source := b.source(f.at, f.proof, home{})
	own := fact{home{b.documents[f.Document.Text], f.Paragraph.Text}, []word{f.Evidence}}
	dates, sources := b.date("dates", f.Dates, own)
	if dates == nil && body.ID == un.GeneralAssembly && f.Ordinal > 0 {
		dates = un.AssemblyDates(f.Ordinal)
	}
	s := &un.Session{
		Record: un.Record{
			ID:       un.SessionID(body.ID, f.Ordinal),
			Sources:  unique(append([]un.Source{source}, sources...)),
			Validity: un.Always,
		},
		Name:    un.SessionName(body, f.Ordinal),
		Ordinal: f.Ordinal,
		Dates:   dates,
		Place:   f.Place.Text,
		URL:     b.url("url", f.URL),
	}
	if f.Ordinal > 0 && f.Dates != nil && dates.EDTF != "" {
		if err := un.CheckSession(body.ID, f.Ordinal, dates); err != nil {
			b.report(f.Dates.at, "%v", err)
		}
	}
	b.saysSession(f.at, s, f.Evidence)
	present := map[string]string{"dates": "", "place": s.Place, "url": s.URL}
	if f.Dates != nil {
		present["dates"] = s.Dates.EDTF
	}
	s.Changes = b.changes(f.Changes, home{}, present)
	if f.Ordinal == 0 {
		return // reported
	}
	b.add(f.at, s)
	key := body.ID.Name() + "-" + strconv.Itoa(f.Ordinal)
	if b.sessions[key] == nil {
		b.sessions[key] = s
		b.join(f.at, un.Edge{Relation: un.SessionOf, From: s.ID, To: body.ID, Sources: []un.Source{source}}, "", nil)
	}
}

// saysSession checks that evidence says which session it is.
func (b *builder) saysSession(where at, s *un.Session, evidence word) {
	if evidence.Text != "" && s.Ordinal > 0 && !saysOrdinal(evidence.Text, s.Ordinal) {
		b.report(where, "the evidence does not say that it is the %s session: %q", un.Ordinal(s.Ordinal), evidence)
	}
}
