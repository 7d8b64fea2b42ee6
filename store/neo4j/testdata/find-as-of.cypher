// $p0 = "Ā2024-06-30"
// $p1 = "7|"
// $p2 = "7}"
// $p3 = 21
RETURN 0 AS total, COLLECT {
  MATCH (n:Mandategraph)
  USING INDEX SEEK n:Mandategraph(sort_mandate_since, f_kind, f_since, f_since_latest, f_succeededFrom, f_succeededTo, f_until, f_until_latest, f_validFrom, f_validTo, f_verb)
  WHERE n.sort_mandate_since > $p1 AND n.sort_mandate_since < $p2 AND n.f_kind IS NOT NULL AND n.f_since IS NOT NULL AND n.f_since_latest IS NOT NULL AND n.f_succeededFrom IS NOT NULL AND n.f_succeededTo IS NOT NULL AND n.f_until IS NOT NULL AND n.f_until_latest IS NOT NULL AND n.f_validFrom IS NOT NULL AND n.f_validTo IS NOT NULL AND n.f_verb IS NOT NULL AND n.f_validFrom <= $p0 AND $p0 < n.f_validTo
  WITH n ORDER BY n.sort_mandate_since LIMIT $p3
  RETURN [n.id, n.json]
} AS items
