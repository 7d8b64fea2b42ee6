// $p0 = ["igf"]
// $p1 = "forum"
// $p2 = "7|"
// $p3 = "7}"
// $p4 = 21
RETURN 0 AS total, COLLECT {
  MATCH (n:Mandategraph)
  USING INDEX SEEK n:Mandategraph(sort_body_name, f_established, f_established_latest, f_kind, f_standing, f_validFrom, f_validTo)
  WHERE n.sort_body_name > $p2 AND n.sort_body_name < $p3 AND n.f_established IS NOT NULL AND n.f_established_latest IS NOT NULL AND n.f_kind IS NOT NULL AND n.f_standing IS NOT NULL AND n.f_validFrom IS NOT NULL AND n.f_validTo IS NOT NULL AND CASE WHEN any(value IN n.f_name WHERE value IN $p0) THEN true WHEN any(value IN n.f_name WHERE value CONTAINS $p1) THEN true ELSE false END
  WITH n ORDER BY n.sort_body_name LIMIT $p4
  RETURN [n.id, n.json]
} AS items
