package un

import (
	"fmt"
	"slices"
	"strings"
)

// The enums of the schema. Each value is the schema's own name; files have it in lower case with hyphens.
type (
	BodyKind       string
	Standing       string
	LegalBasisRole string
	DocumentType   string
	MandateVerb    string
	MandateKind    string
	MandateStatus  string
	DeadlineKind   string
	DeadlineStatus string
	CycleKind      string
	Frequency      string
	Language       string
)

// The values that code speaks of.
const (
	Fact     Standing = "FACT"
	Foreseen Standing = "FORESEEN" // a text asks for it, and it is not there yet
	Proposed Standing = "PROPOSED"

	RequestedBy   LegalBasisRole = "REQUESTED_BY"
	EstablishedBy LegalBasisRole = "ESTABLISHED_BY"
	NotedBy       LegalBasisRole = "NOTED_BY"

	NotYet     MandateStatus = "NOT_YET"
	InForce    MandateStatus = "IN_FORCE"
	Ended      MandateStatus = "ENDED"
	Superseded MandateStatus = "SUPERSEDED"

	Upcoming           DeadlineStatus = "UPCOMING"
	DueSoon            DeadlineStatus = "DUE_SOON"
	Passed             DeadlineStatus = "PASSED"
	Met                DeadlineStatus = "MET"
	DeadlineSuperseded DeadlineStatus = "SUPERSEDED"
	Cancelled          DeadlineStatus = "CANCELLED"
	Undated            DeadlineStatus = "UNDATED"

	Annual   Frequency = "ANNUAL"
	Periodic Frequency = "PERIODIC"

	English Language = "EN"
)

// Enums has the values of each enum by its name in the schema.
var Enums = map[string][]string{
	"BodyKind": strings.Fields(`ORGANIZATION PRINCIPAL_ORGAN COMMISSION SPECIALIZED_AGENCY FUND_OR_PROGRAMME OFFICE OFFICE_HOLDER
		FORUM CONFERENCE PANEL ADVISORY_GROUP WORKING_GROUP INTER_AGENCY_MECHANISM PARTNERSHIP PROCESS STATE STAKEHOLDER_GROUP OTHER`),
	"Language":       strings.Fields(`AR EN ES FR RU ZH`),
	"LegalBasisRole": strings.Fields(`REQUESTED_BY ESTABLISHED_BY ENDORSED_BY RENEWED_BY CHANGED_BY NOTED_BY`),
	"Standing":       strings.Fields(`FACT FORESEEN PROPOSED`),
	"DocumentType":   strings.Fields(`RESOLUTION DECISION REPORT OUTCOME TREATY NOTE PAGE OTHER`),
	"MandateVerb": strings.Fields(`DECIDES RESOLVES ADOPTS ESTABLISHES REQUESTS CALLS_UPON CALLS_FOR INVITES ENCOURAGES URGES
		RECOMMENDS SHOULD`),
	"MandateKind":    strings.Fields(`ESTABLISH RENEW END REPORT REVIEW CONVENE COORDINATE SUPPORT IMPLEMENT STUDY FUND PARTICIPATE OTHER`),
	"MandateStatus":  strings.Fields(`NOT_YET IN_FORCE ENDED SUPERSEDED`),
	"DeadlineKind":   strings.Fields(`REPORT REVIEW MEETING PROPOSAL PROCEDURE MANDATE_EXPIRY TARGET OBSERVANCE`),
	"DeadlineStatus": strings.Fields(`UPCOMING DUE_SOON PASSED MET SUPERSEDED CANCELLED UNDATED`),
	"CycleKind":      strings.Fields(`REPORT REVIEW MEETING ROTATION OBSERVANCE`),
	"Frequency":      strings.Fields(`ANNUAL BIENNIAL TRIENNIAL QUADRENNIAL QUINQUENNIAL DECENNIAL PERIODIC`),
	"RelationKind":   relationNames(),
}

// ParseEnum reads a value as files have it, "specialized-agency", and gives the schema's, "SPECIALIZED_AGENCY". What the
// enum lacks is an error that names what is allowed.
func ParseEnum(enum, text string) (string, error) {
	value := strings.ToUpper(strings.ReplaceAll(text, "-", "_"))
	if text == strings.ToLower(text) && !strings.Contains(text, "_") && slices.Contains(Enums[enum], value) {
		return value, nil
	}
	allowed := strings.ToLower(strings.ReplaceAll(strings.Join(Enums[enum], ", "), "_", "-"))
	return "", fmt.Errorf("%q is no %s; allowed are %s", text, enum, allowed)
}
