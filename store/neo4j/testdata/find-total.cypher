// $p0 = ["Āreport","Āreview"]
// $p1 = "7|"
// $p2 = "7}"
// $p3 = "7|"
// $p4 = "7}"
// $p5 = 21
RETURN COUNT {
  MATCH (n:Mandategraph)
  USING INDEX SEEK n:Mandategraph(sort_deadline_due, f_cancelledOn, f_due, f_due_latest, f_kind, f_metOn, f_succeededFrom, f_succeededTo, f_validFrom, f_validTo)
  WHERE n.sort_deadline_due > $p1 AND n.sort_deadline_due < $p2 AND n.f_cancelledOn IS NOT NULL AND n.f_due IS NOT NULL AND n.f_due_latest IS NOT NULL AND n.f_kind IS NOT NULL AND n.f_metOn IS NOT NULL AND n.f_succeededFrom IS NOT NULL AND n.f_succeededTo IS NOT NULL AND n.f_validFrom IS NOT NULL AND n.f_validTo IS NOT NULL AND n.f_kind IN $p0
  RETURN n
} AS total, COLLECT {
  MATCH (n:Mandategraph)
  USING INDEX SEEK n:Mandategraph(sort_deadline_due, f_cancelledOn, f_due, f_due_latest, f_kind, f_metOn, f_succeededFrom, f_succeededTo, f_validFrom, f_validTo)
  WHERE n.sort_deadline_due > $p3 AND n.sort_deadline_due < $p4 AND n.f_cancelledOn IS NOT NULL AND n.f_due IS NOT NULL AND n.f_due_latest IS NOT NULL AND n.f_kind IS NOT NULL AND n.f_metOn IS NOT NULL AND n.f_succeededFrom IS NOT NULL AND n.f_succeededTo IS NOT NULL AND n.f_validFrom IS NOT NULL AND n.f_validTo IS NOT NULL AND n.f_kind IN $p0
  WITH n ORDER BY n.sort_deadline_due LIMIT $p5
  RETURN [n.id, n.json]
} AS items
