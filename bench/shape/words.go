package shape

import (
	"strings"

	"mandategraph/un"
)

// known are the bodies that others look up to: the first are drawn most often.
var known = []struct {
	id, acronym, name string
	kind              un.BodyKind
}{
	{"general-assembly", "UNGA", "General Assembly", "PRINCIPAL_ORGAN"},
	{"ecosoc", "ECOSOC", "Economic and Social Council", "PRINCIPAL_ORGAN"},
	{"secretary-general", "", "Secretary-General of the United Nations", "OFFICE_HOLDER"},
	{"member-states", "", "Member States", "STAKEHOLDER_GROUP"},
	{"cstd", "CSTD", "Commission on Science and Technology for Development", "COMMISSION"},
	{"igf", "IGF", "Internet Governance Forum", "FORUM"},
	{"wsis", "WSIS", "World Summit on the Information Society", "CONFERENCE"},
	{"itu", "ITU", "International Telecommunication Union", "SPECIALIZED_AGENCY"},
	{"unesco", "UNESCO", "United Nations Educational, Scientific and Cultural Organization", "SPECIALIZED_AGENCY"},
	{"ungis", "UNGIS", "United Nations Group on the Information Society", "INTER_AGENCY_MECHANISM"},
}

// kinds are what the other bodies are.
var kinds = []struct {
	name string
	kind un.BodyKind
}{
	{"Working Group", "WORKING_GROUP"},
	{"Panel", "PANEL"},
	{"Forum", "FORUM"},
	{"Commission", "COMMISSION"},
	{"Advisory Group", "ADVISORY_GROUP"},
	{"Office", "OFFICE"},
	{"Conference", "CONFERENCE"},
	{"Partnership", "PARTNERSHIP"},
	{"Inter-agency Group", "INTER_AGENCY_MECHANISM"},
	{"Stakeholders", "STAKEHOLDER_GROUP"},
}

// words are those that resolutions are made of.
var words = strings.Fields(`access accountability affordable agencies agenda artificial assessment bridging broadband
	building bodies capacity capabilities cities civil commission communications community compact connectivity content
	cooperation council countries cultural cybersecurity data delivery developed developing development dialogue digital
	divide diversity economic education effective emerging enabling enhanced entities environment equality ethical
	evidence expertise facilitation financing framework freedom fundamental gender global goals governance governments
	growth health heritage human implementation inclusion inclusive indicators information infrastructure innovation
	institutions intelligence international internet investment knowledge languages learning literacy local measures
	mechanisms media monitoring multilateral multi-stakeholder national networks of open opportunities organizations
	outcomes participation partnerships people persons policies practices principles private progress protection public
	recommendations regional regulatory report resources review rights safety science sector security services skills
	social society stakeholders standards statistics strategies summit support sustainable systems technical technology
	the to tools training transfer transformation transparency trust universal values with women world youth`)
