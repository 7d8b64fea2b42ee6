// $p0 = "7|"
// $p1 = "7|12027-01-01/2027-12-31\u0000deadline:x"
// $p2 = 21
RETURN 0 AS total, COLLECT {
  MATCH (n:Mandategraph)
  USING INDEX SEEK n:Mandategraph(sort_deadline_due_desc, f_cancelledOn, f_due, f_due_latest, f_kind, f_metOn, f_succeededFrom, f_succeededTo, f_validFrom, f_validTo)
  WHERE n.sort_deadline_due_desc > $p0 AND n.sort_deadline_due_desc < $p1 AND n.f_cancelledOn IS NOT NULL AND n.f_due IS NOT NULL AND n.f_due_latest IS NOT NULL AND n.f_kind IS NOT NULL AND n.f_metOn IS NOT NULL AND n.f_succeededFrom IS NOT NULL AND n.f_succeededTo IS NOT NULL AND n.f_validFrom IS NOT NULL AND n.f_validTo IS NOT NULL
  WITH n ORDER BY n.sort_deadline_due_desc DESC LIMIT $p2
  RETURN [n.id, n.json]
} AS items
